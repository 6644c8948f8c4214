"""The settings of an engine: the project's own, Spark's tuning, checks of the JVM's heap and options."""
