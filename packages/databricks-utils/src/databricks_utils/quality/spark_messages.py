"""What Spark says about SQL that it refuses."""


def message_of(error: Exception) -> str:
    r"""Return Spark's message without the plan and the stack behind it.

    >>> message_of(ValueError("[NO] There is no column `x`;\n'Project ['x]"))
    '[NO] There is no column `x`'
    """
    return str(error).split("\n\n", 1)[0].split(";\n", 1)[0].strip()


def sql_refusals() -> tuple[type[Exception], ...]:
    """Return the exceptions by which Spark refuses an expression, before it runs or for one of its values."""
    from pyspark import errors

    return (
        errors.AnalysisException,
        errors.ParseException,
        errors.ArithmeticException,
        errors.ArrayIndexOutOfBoundsException,
        errors.DateTimeException,
        errors.NumberFormatException,
        errors.SparkRuntimeException,
    )
