"""Will this flight be late? The code of the project flights; general code is in `databricks_utils`.

The folders follow the data: ingestion, transformations (bronze, silver, gold), features, training, evaluation, scoring,
monitoring.
"""

__version__ = "0.1.0"
