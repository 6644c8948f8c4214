"""Make derived tables from silver and from each other, each in one commit: all rows, or those from the first changed month on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from databricks_utils.catalog.table_states import rows_state, table_states
from databricks_utils.catalog.tables import replace_table, replace_where
from databricks_utils.context import Context
from databricks_utils.medallion.declaring.declarations import Derived
from databricks_utils.medallion.declaring.order import levels
from databricks_utils.medallion.errors import DeclarationError
from databricks_utils.spark_failures import spark_failures
from databricks_utils.window_digests import NO_WINDOW, changed_windows, window_digests

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_MONTH = "month"
Digests = Mapping[str, str]


@dataclass(frozen=True)
class DerivedTable:
    """A derived table, and what it was made from; the next transformation compares with it.

    Attributes:
        name: Its declared name.
        table: Its full name.
        made: Which months were made now, as text: `all`, `none`, or the first one.
        needed: Full name of a needed table → its state; empty without `by_month`, as the following ones.
        digests: Full name of a needed table → month → digest of its rows. A table without months has one entry.
        rows: The state of its own rows.
    """

    name: str
    table: str
    made: str = "all"
    needed: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, Digests] = field(default_factory=dict)
    rows: str = ""


def derive(
    spark: SparkSession, context: Context, derived: Sequence[Derived], earlier: Sequence[DerivedTable] = ()
) -> list[DerivedTable]:
    """Make derived tables; see `Medallion.derive`.

    Args:
        spark: A session that may read the needed tables and write the derived ones.
        context: The environment.
        derived: The tables.
        earlier: What an earlier transformation with the same code and configuration made; without it all rows are made.

    Returns:
        One item for each table, sorted by the full name.
    """
    names = {item.name: context.table(item.layer, item.name) for item in derived}
    known = {item.name: item for item in earlier}

    def derivation(item: Derived) -> _Derivation:
        needed = {name: names.get(name) or context.table("silver", name) for name in item.needs}
        return _Derivation(spark, context, item, names[item.name], needed, known.get(item.name))

    made = [each for level in levels(derived) for each in _make(spark, [derivation(item) for item in level])]
    return sorted(made, key=lambda item: item.table)


def _make(spark: SparkSession, level: Sequence[_Derivation]) -> list[DerivedTable]:
    """Make tables that do not need each other; each needed table is looked at once."""
    with ThreadPoolExecutor(max_workers=len(level)) as pool:
        # Before the rows: what a needed table gets in between is changed for the next transformation.
        by_month = [each for each in level if each.item.by_month]
        states = table_states(spark, (table for each in by_month for table in each.needed.values()))
        moved = dict.fromkeys(pair for each in by_month for pair in each.moved(states))
        digests = dict(zip(moved, pool.map(lambda pair: _digests(spark, *pair), moved), strict=True))
        return list(pool.map(lambda each: each.make(states, digests), level))


def _digests(spark: SparkSession, table: str, earliest: str) -> Digests:
    from pyspark.sql import functions as F

    month = F.trunc(F.expr(earliest), _MONTH) if earliest else F.lit(NO_WINDOW)
    return window_digests(spark.table(table), month)


@dataclass(frozen=True)
class _Derivation:
    """The work on one derived table.

    Attributes:
        spark: A session that may read the needed tables and write the derived one.
        context: The environment.
        item: The derived table.
        table: Its full name.
        needed: Name of a needed table → its full name.
        then: What an earlier transformation made; None if there is none to compare with.
    """

    spark: SparkSession
    context: Context
    item: Derived
    table: str
    needed: Mapping[str, str]
    then: DerivedTable | None

    def moved(self, states: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the needed tables that were committed to since, each with the expression of its dates."""
        return [
            (table, self.item.by_month.get(name, ""))
            for name, table in self.needed.items()
            if self.then is None or self.then.needed.get(table) != states[table]
        ]

    def make(self, states: Mapping[str, str], looked_at: Mapping[tuple[str, str], Digests]) -> DerivedTable:
        """Make the months that have changed, or all rows.

        Args:
            states: Full name of a needed table → its state.
            looked_at: What `moved` returned → the digests of that table.
        """
        if not self.item.by_month:
            self._write(None)
            return DerivedTable(self.item.name, self.table)
        then, known = self.then, self.then.digests if self.then else {}
        pairs = {table: (table, self.item.by_month.get(name, "")) for name, table in self.needed.items()}
        digests = {
            table: looked_at[pair] if pair in looked_at else known[table] for table, pair in pairs.items()
        }
        needed, since = {table: states[table] for table in digests}, None
        if then and then.rows == rows_state(self.spark, self.table):
            changed = [
                month
                for table, now in digests.items()
                for month in changed_windows(now, known.get(table, {}))
            ]
            if not changed:
                return replace(then, made="none", needed=needed)
            since = self._since(min(changed), digests)
        self._write(since)
        made = f"from {since:%Y-%m} on" if since else "all"
        rows = rows_state(self.spark, self.table)
        return DerivedTable(self.item.name, self.table, made, needed, digests, rows)

    @property
    def _first(self) -> tuple[str, str]:
        """The needed table that gives the rows, and its date column, which the derived table has too."""
        return next(iter(self.item.by_month.items()))

    def _since(self, first: str, digests: Mapping[str, Digests]) -> date | None:
        """Return the first month to make; None if a change has no month, or if no earlier month stays."""
        months = digests[self.needed[self._first[0]]]
        stays = first != NO_WINDOW and NO_WINDOW not in months and any(month < first for month in months)
        return date.fromisoformat(first) if stays else None

    def _write(self, since: date | None) -> None:
        if since is None:
            replace_table(self._built(None), self.table)
            return
        column = self._first[1]
        try:
            replace_where(self._built(since), self.table, f"{column} >= DATE'{since}'")
        except spark_failures() as error:
            if "REPLACE_WHERE_MISMATCH" not in str(error):
                raise
            raise DeclarationError(
                f"derived table `{self.item.name}`: a row that is made from {since:%Y-%m} or later has an earlier `{column}`",
                location=f"{self.item.build.__module__}.{self.item.build.__qualname__}",
                fix=f"let each row keep `{column}` of the row of `{self._first[0]}` that it is made from, or remove by_month",
            ) from error

    def _built(self, since: date | None) -> DataFrame:
        from pyspark.sql import functions as F

        needed = {name: self.spark.table(table) for name, table in self.needed.items()}
        if since is not None:
            name, column = self._first
            needed[name] = needed[name].where(F.col(column) >= F.lit(since))
        return self.item.build(self.context, *needed.values())
