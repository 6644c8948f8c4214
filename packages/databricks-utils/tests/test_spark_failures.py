"""What a Spark action raises on each kind of session, and what becomes of Delta's conflicts there."""

import sys
from collections.abc import Callable

import pytest
from pyspark.errors import PySparkException

from databricks_utils.catalog.commits import committing
from databricks_utils.catalog.errors import ConcurrentWriteError
from databricks_utils.spark_failures import spark_failures

pytestmark = pytest.mark.unit

CONFLICT = "[DELTA_CONCURRENT_APPEND] ConcurrentAppendException: Files were added to the root of the table"


def of_connect(text: str) -> Exception:
    """An error as a client of Spark Connect raises it."""
    return PySparkException(text)


def of_classic(text: str) -> Exception:
    """A Java exception that PySpark has no class for, as a classic session raises it."""
    from py4j.protocol import Py4JJavaError

    class JavaError(Py4JJavaError):
        def __init__(self) -> None:
            Exception.__init__(self, text)

        def __str__(self) -> str:
            return text

    return JavaError()


@pytest.mark.parametrize("made", [of_connect, of_classic])
def test_a_conflict_of_two_commits_is_one_error_on_every_session(made: Callable[[str], Exception]) -> None:
    with (
        pytest.raises(ConcurrentWriteError, match=r"main\.silver\.flights"),
        committing("main.silver.flights"),
    ):
        raise made(CONFLICT)


@pytest.mark.parametrize("made", [of_connect, of_classic])
def test_any_other_failure_stays_what_it_is(made: Callable[[str], Exception]) -> None:
    failure = made("the disk is full")
    with pytest.raises(type(failure), match="the disk is full"), committing("main.silver.flights"):
        raise failure


def test_without_java_there_are_no_errors_of_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py4j.protocol", None)
    assert spark_failures() == (PySparkException,)
