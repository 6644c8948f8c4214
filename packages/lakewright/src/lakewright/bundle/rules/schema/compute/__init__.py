"""Schema: clusters and SQL warehouses."""
