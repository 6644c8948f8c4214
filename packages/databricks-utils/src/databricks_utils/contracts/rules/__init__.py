"""The promises about single values and rows, as rules of `databricks_utils.quality`."""
