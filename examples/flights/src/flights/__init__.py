"""Will this flight be late? What is particular to the project flights; the general parts come from `databricks_utils`.

The folders follow the data: ingestion, transformations (bronze, silver, gold), features, training, evaluation, scoring,
monitoring.
"""

__version__ = "0.1.0"
