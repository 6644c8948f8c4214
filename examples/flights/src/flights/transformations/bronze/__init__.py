"""Bronze holds what was delivered, as text: `databricks_utils.medallion` makes it from `ingestion/sources.py`."""
