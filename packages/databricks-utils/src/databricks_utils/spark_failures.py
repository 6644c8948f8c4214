"""What a Spark action can raise, on every kind of session."""


def spark_failures() -> tuple[type[Exception], ...]:
    """Return the exceptions of a failed Spark action, for `except`.

    PySpark has classes of its own for most failures. On a classic session, so on a cluster with a dedicated access mode, the others
    come as the Java exception that they are there: Delta's conflicts of two commits among them.
    """
    from pyspark.errors import PySparkException

    try:
        from py4j.protocol import Py4JJavaError
    except ImportError:  # Databricks Connect has no Java
        return (PySparkException,)
    return (PySparkException, Py4JJavaError)
