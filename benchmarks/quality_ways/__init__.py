"""Ways to check orders with the same rules: ours, by hand in Spark, other tools, DuckDB. `quality_split.py` measures them."""
