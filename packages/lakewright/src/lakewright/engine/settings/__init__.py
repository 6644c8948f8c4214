"""The settings of an engine: the project's own, and Spark's tuning."""
