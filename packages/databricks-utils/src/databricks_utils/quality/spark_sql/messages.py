"""What Spark says about SQL that it refuses."""

from __future__ import annotations

import re

_CLASS = re.compile(r"\[([A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\]")

_OF_FILES = frozenset({"FAILED_READ_FILE", "PATH_NOT_FOUND"})
_OF_SESSIONS = frozenset({"INVALID_HANDLE", "OPERATION_CANCELED"})
_LOST = frozenset({"UNAVAILABLE", "CANCELLED", "DEADLINE_EXCEEDED", "UNAUTHENTICATED"})


def message_of(error: Exception) -> str:
    r"""Return what Spark says, without the plan and the stack behind it, and without values of rows.

    A message about an expression, before it runs, is shown: it has names of columns and types; so is one about a
    file. Of another error at run time only the class is shown, because its message has the value that Spark could not convert or compute.

    >>> message_of(ValueError("[CAST_INVALID_INPUT] The value 'ann@example.com' of the type \"STRING\" cannot be cast"))
    '[CAST_INVALID_INPUT]; the message is not shown, because it may contain a value of a row'
    """
    from pyspark.errors import AnalysisException, ParseException, PySparkException

    if isinstance(error, AnalysisException | ParseException):
        return str(error).split("\n\n", 1)[0].split(";\n", 1)[0].strip()
    known = error.getCondition() if isinstance(error, PySparkException) else None
    if known is None and (found := _CLASS.search(str(error))) is not None:
        known = found[1]
    if known is not None and known.partition(".")[0] in _OF_FILES:
        return str(error).strip().partition("\n")[0]
    shown = f"[{known}]" if known else type(error).__name__
    return f"{shown}; the message is not shown, because it may contain a value of a row"


def is_refusal(error: Exception) -> bool:
    """Return whether Spark refuses an expression, before it runs or for one of its values; not that the session or the engine is gone.

    Args:
        error: One of `spark_failures()`.
    """
    from pyspark.errors import PySparkException

    if not isinstance(error, PySparkException):
        return True  # the JVM of a classic session has answered
    known = (error.getCondition() or "").partition(".")[0]
    status = getattr(error, "getGrpcStatusCode", lambda: None)()
    return known not in _OF_SESSIONS and getattr(status, "name", "") not in _LOST
