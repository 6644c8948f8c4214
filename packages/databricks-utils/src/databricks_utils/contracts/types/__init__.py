"""The types of columns: of Spark, of properties, and values of them as SQL."""
