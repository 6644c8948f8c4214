"""Report rows, tables, row accounting, models and notes of a task; each call writes one line of JSON.

In a local run `LAKEWRIGHT_REPORT` names a file; the run copies its lines to `summary.json` and prints them at the end. If
the variable is not set, as on Databricks, each report is one line of the log.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

REPORT_VARIABLE = "LAKEWRIGHT_REPORT"

_logger = logging.getLogger(__name__)


def report_rows(
    *,
    rows_in: int | None = None,
    rows_out: int | None = None,
    tables: Mapping[str, int | None] | Iterable[str] = (),
) -> None:
    """Report how many rows a task read and wrote.

    The counts of several calls in one task are added.

    Args:
        rows_in: Rows read by this step.
        rows_out: Rows written by this step.
        tables: Full names of the tables written, or a mapping from names to Delta versions (None if unknown).

    Example:
        >>> report_rows(rows_in=100, rows_out=98, tables={"local_analytics.flights_silver.flights": 3})
    """
    versions = tables if isinstance(tables, Mapping) else dict.fromkeys(tables)
    listed = [{"name": str(name), "version": version} for name, version in versions.items()]
    _report("rows", {"rows_in": _count(rows_in), "rows_out": _count(rows_out), "tables": listed})


def report_accounting(  # noqa: PLR0913 - one argument for each column of the accounting
    source: str,
    *,
    landed: int | None = None,
    bronze: int | None = None,
    silver: int | None = None,
    updated: int | None = None,
    quarantined: int | None = None,
    duplicates: int | None = None,
    superseded: int | None = None,
) -> None:
    """Report how many rows of one source each layer contains, cumulative over all runs.

    Later reports for the same source, from this or another task, add the counts that earlier reports did not contain.

    Args:
        source: Name of the source, e.g. `flights`.
        landed: Records parsed from the landing files (records, not lines).
        bronze: Rows in bronze.
        silver: Rows in silver.
        updated: Rows that replaced an older version of the same row.
        quarantined: Rows in quarantine.
        duplicates: Rows dropped as duplicates.
        superseded: Rows of deliveries that a later delivery of the same file has replaced.

    Example:
        >>> report_accounting("flights", landed=100, bronze=100, silver=97, quarantined=2, duplicates=1)
    """
    counts = {
        "landed": landed,
        "bronze": bronze,
        "silver": silver,
        "updated": updated,
        "quarantined": quarantined,
        "duplicates": duplicates,
        "superseded": superseded,
    }
    _report("accounting", {"source": source, **{name: _count(value) for name, value in counts.items()}})


def report_model(
    name: str,
    *,
    version: int | str | None = None,
    aliases: Iterable[str] = (),
    metrics: Mapping[str, float] | None = None,
    gate: Mapping[str, Any] | str | None = None,
) -> None:
    """Report the model that a task trained, evaluated or promoted; a run shows the last report.

    Args:
        name: Full name in the registry.
        version: Its version.
        aliases: Its current aliases, e.g. `champion`.
        metrics: Metrics by name.
        gate: The quality gate's decision: text, or a mapping with `passed` or `verdict`, and `reasons`.

    Example:
        >>> report_model("local_analytics.flights_models.delay", version=2, metrics={"roc_auc": 0.72}, gate="passed")
    """
    numbers = {str(key): float(value) for key, value in (metrics or {}).items()}
    _report(
        "model",
        {
            "name": name,
            "version": None if version is None else str(version),
            "aliases": list(aliases),
            "metrics": numbers,
            "gate": gate,
        },
    )


def report_note(text: str) -> None:
    """Report one line that a run shows beside the task, e.g. why it had nothing to do; an empty text is not reported.

    Example:
        >>> report_note("nothing delivered yet")
    """
    if text:
        _report("note", {"text": text})


def _count(value: int | None) -> int | None:
    return None if value is None else int(value)


def _report(kind: str, fields: Mapping[str, Any]) -> None:
    line = json.dumps({"kind": kind, **fields}, ensure_ascii=False, default=str)
    path = os.environ.get(REPORT_VARIABLE)
    if not path:
        _logger.info("%s", line)
        return
    # Each line is one write, so that lines of threads and child processes do not mix.
    with Path(path).open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
