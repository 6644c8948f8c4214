"""What an engine is started with: the project's choices, Spark's tuning, checks of the JVM's heap and options."""
