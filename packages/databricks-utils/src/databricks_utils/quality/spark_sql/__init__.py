"""SQL of people and Spark: what it may say, and what Spark says about it."""
