"""Make a feature table anew from the first changed window on; the rows of earlier windows stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from databricks_utils.steps import Step
from databricks_utils.steps.earlier import earlier_result
from databricks_utils.steps.step import Register
from databricks_utils.window_digests import window_digests
from databricks_utils.windowed_table import WindowedTable, first_window

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame


@dataclass(frozen=True)
class BuiltFeatures:
    """The result of `build_by_window`, which the next call needs: it belongs into the step's finished run.

    Attributes:
        rows: Number of rows of the table.
        made: Number of rows that were made now.
        since: First day of the first window that was made now; None: all windows, or none.
        digests: Window → digest of the rows that its features were made from.
        state: Identity and version of the table's rows.
    """

    rows: int
    made: int
    since: date | None
    digests: Mapping[str, str]
    state: str

    def __str__(self) -> str:
        if not self.made:
            return f"{self.rows:,} rows, as before: what they are made from has not changed"
        return f"{self.rows:,} rows, {self.made:,} of them made now{f', from {self.since} on' if self.since else ''}"


def build_by_window(  # noqa: PLR0913 - from what, into what, and how
    register: Register,
    step: Step,
    *,
    source: DataFrame,
    source_window: Column,
    table: str,
    window: str,
    build: Callable[[date | None], DataFrame],
) -> BuiltFeatures:
    """Make the rows of a table from the first window on in which the source has changed, in one commit.

    Sound only if the features of a window depend on source rows of that and of earlier windows, as those of a point-in-time join do:
    a late or corrected row then changes no earlier window, but possibly all later ones (a rate of all outcomes so far), which are made
    anew. All windows are made if the code, the configuration or the source's columns have changed, if another writer changed the
    table, or if there is no finished run to compare with. If no row of the source has changed, nothing is written.

    Args:
        register: The finished runs of steps.
        step: The step that calls this.
        source: What the features are made from; its session may write the table.
        source_window: The first day of the window of a source row, a date.
        table: The feature table's three-part name.
        window: Its date column with the first day of the window.
        build: Returns the features from a window on, given by its first day; None: all features.
    """
    then = earlier_result(register.last(step.name), step, BuiltFeatures)
    spark, known = source.sparkSession, then.digests if then else {}
    # Before the features: what the source gets meanwhile has changed for the next run.
    digests = window_digests(source, source_window)
    made, since = WindowedTable(spark, table, window, then.state if then else ""), None
    if then and made.is_as_left():
        is_due, since = first_window({table: digests}, {table: known}, rows_of=table)
        if not is_due:
            return replace(then, made=0, since=None)
    since, state = made.write(build, since)
    rows = spark.table(table)
    count = rows.count()
    new = count if since is None else rows.where(made.rows_from(since)).count()
    return BuiltFeatures(count, new, since, digests, state)
