"""Lineage of steps that leave Spark: an event for what Python reads and writes, to a file or to a server of OpenLineage.

The local engine records the lineage of its own statements. Where a step takes rows into Python and brings others back, such as the
scoring of a model, Spark sees two statements without a connection: `record` adds what connects them.
"""

from databricks_utils.lineage.errors import LineageError, LineageNotSentError, LineageSettingError
from databricks_utils.lineage.event import LineageEvent, Source
from databricks_utils.lineage.recording import record
from databricks_utils.lineage.transports import FileTransport, HttpTransport

__all__ = [
    "FileTransport",
    "HttpTransport",
    "LineageError",
    "LineageEvent",
    "LineageNotSentError",
    "LineageSettingError",
    "Source",
    "record",
]
