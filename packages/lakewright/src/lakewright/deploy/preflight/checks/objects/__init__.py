"""What must exist, and what must not: metastore, catalogs, names, folders, quotas, secrets."""
