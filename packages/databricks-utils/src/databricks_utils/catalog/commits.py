"""One commit to a Delta table; a commit that Delta refuses because of another one is an error with a fix."""

from collections.abc import Iterator
from contextlib import contextmanager

from databricks_utils.catalog.errors import ConcurrentWriteError
from databricks_utils.spark_failures import spark_failures

_CONFLICTS = (
    "DELTA_CONCURRENT_APPEND",
    "DELTA_CONCURRENT_DELETE_DELETE",
    "DELTA_CONCURRENT_DELETE_READ",
    "DELTA_CONCURRENT_WRITE",
    "DELTA_METADATA_CHANGED",
    "DELTA_PROTOCOL_CHANGED",
    "ConcurrentAppendException",
    "ConcurrentDeleteDeleteException",
    "ConcurrentDeleteReadException",
    "ConcurrentWriteException",
    "MetadataChangedException",
)


@contextmanager
def committing(table: str) -> Iterator[None]:
    """Commit to a table in the body of a `with`.

    Raises:
        ConcurrentWriteError: Delta refused the commit because of another one.

    Source: https://docs.databricks.com/aws/en/optimize/isolation-level (conflict exceptions).
    """
    try:
        yield
    except spark_failures() as error:
        if any(name in str(error) for name in _CONFLICTS):
            raise ConcurrentWriteError(table) from error
        raise
