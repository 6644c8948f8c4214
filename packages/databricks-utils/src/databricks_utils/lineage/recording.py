"""Record what a step of Python read and wrote, next to the lineage of Spark's statements."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.lineage.errors import LineageError, LineageNotSentError
from databricks_utils.lineage.event import LineageEvent, Source
from databricks_utils.lineage.transports import FileTransport, HttpTransport, Transport
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LOG = logging.getLogger(__name__)
_PREFIX = "spark.lakewright.lineage."
_LAKEHOUSE = "spark.lakewright.lakehouse"
_FACTS = ("job", "task", "run_id", "attempt", "notebook")


def record(  # noqa: PLR0913 - the parts of an event
    spark: SparkSession,
    operation: str,
    *,
    inputs: Sequence[Source],
    output: str,
    columns: Mapping[str, Sequence[tuple[str, str]]],
    output_kind: str = "TABLE",
    started_at: datetime | None = None,
    strict: bool = False,
) -> None:
    """Record that a step of Python made a table, or a model, out of tables.

    On the local engine the events join those of its statements, in `.lakewright/lineage`, and are sent with them. Elsewhere they go to
    the server that `OPENLINEAGE_URL` names. Without either, nothing happens: Unity Catalog records what Spark reads and writes itself.

    Args:
        spark: The session; its settings name the job and the run.
        operation: What is done, such as `score`.
        inputs: What is read.
        output: Three-part name of the table that is written, or of the model.
        columns: Column of the output → columns of inputs, each as source and name.
        output_kind: `TABLE` or `MODEL`.
        started_at: When the step began; by default now.
        strict: Raise an error if the event does not arrive; by default the log has a warning, and the step goes on.

    Raises:
        LineageError: The event did not arrive, or the server's address is wrong; only if `strict`.
    """
    try:
        settings = _settings(spark)
        transport = _transport(settings)
        if transport is None:
            return
        now = datetime.now(UTC)
        event = LineageEvent(
            namespace=_namespace(settings),
            operation=operation,
            inputs=inputs,
            output=output,
            columns=columns,
            started_at=started_at or now,
            ended_at=now,
            facts={name: settings[_PREFIX + name] for name in _FACTS if settings.get(_PREFIX + name)},
            principal=settings.get("spark.lakewright.principal", ""),
            output_kind=output_kind,
        )
        for item in event.events():
            transport.send(item)
    except LineageError as error:
        if strict:
            raise
        _LOG.warning("lineage of %s was not recorded: %s", output, error.summary)
    except Exception as error:  # lineage must not end a step that has succeeded
        if strict:
            raise _unrecorded(output, error) from error
        _LOG.warning("lineage of %s was not recorded: %s", output, type(error).__name__)


def _unrecorded(output: str, error: Exception) -> LineageNotSentError:
    """Without the message of the error: it may hold a value."""
    return LineageNotSentError(
        f"lineage of {output} was not recorded: {type(error).__name__}",
        fix="call `record` without `strict`, so that the step goes on without it",
    )


def _settings(spark: SparkSession) -> dict[str, str]:
    """Return the settings of the session that name the engine, the run and the workspace."""
    names = [_LAKEHOUSE, "spark.lakewright.principal", "spark.databricks.workspaceUrl"]
    names += [_PREFIX + name for name in ("enabled", "namespace", *_FACTS)]
    found = {name: _setting(spark, name) for name in names}
    return {name: value for name, value in found.items() if value}


def _setting(spark: SparkSession, name: str) -> str | None:
    """Return a setting; None where it is not set, or where the compute does not let it be read."""
    try:
        value: str | None = spark.conf.get(name, None)
    except spark_failures():
        return None
    return value


def _transport(settings: Mapping[str, str]) -> Transport | None:
    """Return where events go: on the engine to its files, which are sent to the server later; elsewhere to the server itself."""
    lakehouse = settings.get(_LAKEHOUSE)
    if settings.get(f"{_PREFIX}enabled", "true").lower() != "false" and lakehouse:
        return FileTransport(Path(lakehouse).with_name("lineage"))
    return HttpTransport.of_environment()


def _namespace(settings: Mapping[str, str]) -> str:
    """Return the configured namespace; else that of the local project, or of the workspace."""
    named = settings.get(f"{_PREFIX}namespace")
    if named:
        return named
    lakehouse = settings.get(_LAKEHOUSE)
    if lakehouse:
        return f"lakewright://{Path(lakehouse).parent.parent.name}"
    return f"databricks://{settings.get('spark.databricks.workspaceUrl', 'workspace')}"
