"""A table that is made window by window: from which window on its rows must be made anew, and the commit that does it.

Features and derived tables use it. The rows of earlier windows stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from databricks_utils.catalog.history import new_mark
from databricks_utils.catalog.table_states import rows_state, state_after
from databricks_utils.catalog.tables import replace_table, replace_where
from databricks_utils.window_digests import NO_WINDOW, changed_windows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Digests = Mapping[str, str]


@dataclass(frozen=True)
class WindowedTable:
    """A table, and its rows as the last finished run left them.

    Attributes:
        spark: A session that may write it.
        name: Its three-part name.
        column: Its date column; a window begins at one of its values.
        state: The state of its rows that the last finished run left; empty if there was none.
    """

    spark: SparkSession
    name: str
    column: str
    state: str = ""

    def is_as_left(self) -> bool:
        """Return whether no other writer has changed the rows since."""
        return bool(self.state) and self.state == rows_state(self.spark, self.name)

    def rows_from(self, since: date) -> str:
        """Return the SQL condition of the rows from a window on."""
        return f"{self.column} >= DATE'{since.isoformat()}'"

    def write(self, build: Callable[[date | None], DataFrame], since: date | None) -> tuple[date | None, str]:
        """Replace the rows from a window on, or all rows, in one commit.

        All rows are replaced if the columns that `build` returns are not those of the table.

        Args:
            build: Returns the rows from a window on; None: all rows.
            since: First day of the first window; None: all.

        Returns:
            The first day of the first window that was written, None for all; and the state of the table's rows. The state is
            empty if another writer changed rows while this one worked: then the next run makes all of them.
        """
        rows = build(since)
        if since is not None and _shape(rows) != _shape(self.spark.table(self.name)):
            since, rows = None, build(None)
        if since is None:
            replace_table(rows, self.name)
            return None, rows_state(self.spark, self.name)
        mark = new_mark(0)
        replace_where(rows, self.name, self.rows_from(since), mark=mark)
        return since, state_after(self.spark, self.name, mark, before=self.state)


def first_window(
    now: Mapping[str, Digests], then: Mapping[str, Digests], *, rows_of: str
) -> tuple[bool, date | None]:
    """Return whether a table must be written, and the first day of the first window to make; None: all windows.

    Args:
        now: Name of each table that it is made from → window → digest.
        then: The same when it was made last.
        rows_of: The name of the table that gives its rows.
    """
    changed = [window for name, found in now.items() for window in changed_windows(found, then.get(name, {}))]
    if not changed:
        return False, None
    first, windows = min(changed), now[rows_of]
    # A row without a window may depend on every other one. And if no window stays, the table's schema may change.
    stays = NO_WINDOW not in (first, *windows) and any(window < first for window in windows)
    return True, date.fromisoformat(first) if stays else None


def _shape(rows: DataFrame) -> set[tuple[str, str]]:
    return set(rows.dtypes)
