"""The Databricks CLI: where it is, whether it fits, and its runs, wherever its answer is needed."""
