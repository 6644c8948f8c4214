"""Bronze holds the delivered records as text; `databricks_utils.medallion` builds it from `ingestion/sources.py`."""
