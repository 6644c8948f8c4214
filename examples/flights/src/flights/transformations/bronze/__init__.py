"""Bronze holds the delivered records as text; `databricks_utils.medallion` builds it from `contracts/landing/`."""
