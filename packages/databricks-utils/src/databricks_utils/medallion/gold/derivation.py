"""Make derived tables from silver and from each other, each in one commit: all rows, or those from the first changed month on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from databricks_utils.catalog.table_states import table_states
from databricks_utils.catalog.tables import replace_table
from databricks_utils.context import Context
from databricks_utils.medallion.declaring.declarations import Derived
from databricks_utils.medallion.declaring.order import levels
from databricks_utils.medallion.errors import DeclarationError
from databricks_utils.medallion.gold.guard import guarded, guarding
from databricks_utils.medallion.silver.judging import ORIGIN
from databricks_utils.spark_failures import spark_failures
from databricks_utils.window_digests import NO_WINDOW, window_digests
from databricks_utils.windowed_table import Digests, WindowedTable, first_window

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_MONTH = "month"
_AT_A_TIME = 8


@dataclass(frozen=True)
class DerivedTable:
    """A derived table, and what it was made from; the next transformation compares with it.

    Attributes:
        name: Its declared name.
        table: Its full name.
        is_new: Whether rows were made now.
        since: First day of the first month that was made now; None: all rows, or none.
        needed: Full name of a needed table → its state; empty without `by_month`, as the following ones.
        digests: Full name of a needed table → month → digest of its rows. A table without months has one entry.
        rows: The state of its own rows.
    """

    name: str
    table: str
    is_new: bool = True
    since: date | None = None
    needed: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, Digests] = field(default_factory=dict)
    rows: str = ""

    def again(self) -> DerivedTable:
        """Return the same table when no row was made."""
        return replace(self, is_new=False, since=None)


def derive(
    spark: SparkSession,
    context: Context,
    derived: Sequence[Derived],
    earlier: Sequence[DerivedTable] | None = None,
    *,
    check: Callable[[Sequence[Derived]], object],
) -> list[DerivedTable]:
    """Make derived tables; see `Medallion.derive`.

    Args:
        spark: A session that may read the needed tables and write the derived ones.
        context: The environment.
        derived: The tables.
        earlier: What an earlier transformation with the same code and configuration made. None: all rows are made, and nothing is
            kept to compare with.
        check: Checks tables that were made, before others are made of them.

    Returns:
        One item for each table, sorted by the full name.
    """
    names = {item.name: context.table(item.layer, item.name) for item in derived}
    known = {item.name: item for item in earlier or ()}

    def derivation(item: Derived) -> _Derivation:
        needed = {name: names.get(name) or context.table("silver", name) for name in item.needs}
        by_month = bool(item.by_month) and earlier is not None
        return _Derivation(spark, context, item, names[item.name], needed, by_month, known.get(item.name))

    made = list[DerivedTable]()
    for level in levels(derived):
        made += _make(spark, [derivation(item) for item in level])
        check(level)
    return sorted(made, key=lambda item: item.table)


def _make(spark: SparkSession, level: Sequence[_Derivation]) -> list[DerivedTable]:
    """Make tables that do not need each other; each needed table is looked at once."""
    with ThreadPoolExecutor(max_workers=_AT_A_TIME) as pool:
        # Before the rows: what a needed table gets meanwhile has changed for the next transformation.
        by_month = [each for each in level if each.by_month]
        states = table_states(spark, (table for each in by_month for table in each.needed.values()))
        changed = dict.fromkeys(dated for each in by_month for dated in each.changed(states))
        digests = dict(zip(changed, pool.map(lambda dated: _digests(spark, dated), changed), strict=True))
        return list(pool.map(lambda each: each.make(states, digests), level))


@dataclass(frozen=True)
class _Dated:
    """A needed table, and the SQL expression of its dates for a derived table; empty if it has none."""

    table: str
    earliest: str
    derived: str = field(compare=False)


def _digests(spark: SparkSession, dated: _Dated) -> Digests:
    """Return the digests of a needed table's months; where a row came from does not count."""
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions as F

    month = F.trunc(F.expr(dated.earliest), _MONTH) if dated.earliest else F.lit(NO_WINDOW)
    try:
        return window_digests(spark.table(dated.table).drop(*ORIGIN), month)
    except AnalysisException as error:
        raise DeclarationError(
            f"derived table `{dated.derived}`: by_month has `{dated.earliest}` for {dated.table}, which is no date of it",
            detail=str(error).splitlines()[0],
            fix="write a SQL expression of a date with the columns of that table",
        ) from error


@dataclass(frozen=True)
class _Derivation:
    """The work on one derived table.

    Attributes:
        spark: A session that may read the needed tables and write the derived one.
        context: The environment.
        item: The derived table.
        table: Its full name.
        needed: Name of a needed table → its full name.
        by_month: Whether what was made is kept, so that the next transformation makes only some months.
        earlier: What an earlier transformation made; None if there is none to compare with.
    """

    spark: SparkSession
    context: Context
    item: Derived
    table: str
    needed: Mapping[str, str]
    by_month: bool
    earlier: DerivedTable | None

    def changed(self, states: Mapping[str, str]) -> list[_Dated]:
        """Return the needed tables that were committed to since the earlier transformation; first, check the date column."""
        name = self._first[0]
        self._check(self.spark.table(self.needed[name]), f"`{name}`")
        earlier = self.earlier.needed if self.earlier else {}
        return [dated for dated in self._dated if earlier.get(dated.table) != states[dated.table]]

    def make(self, states: Mapping[str, str], found: Mapping[_Dated, Digests]) -> DerivedTable:
        """Make the months that have changed, or all rows.

        Args:
            states: Full name of a needed table → its state.
            found: Each of the tables that `changed` returned → its digests.
        """
        if not self.by_month:
            with self._guarding:
                replace_table(self._built(None), self.table)
            return DerivedTable(self.item.name, self.table)
        earlier, known = self.earlier, self.earlier.digests if self.earlier else {}
        digests = {each.table: found[each] if each in found else known[each.table] for each in self._dated}
        needed, since = {table: states[table] for table in digests}, None
        made = WindowedTable(self.spark, self.table, self._first[1], earlier.rows if earlier else "")
        if earlier and made.is_as_left():
            is_due, since = first_window(digests, known, rows_of=self.needed[self._first[0]])
            if not is_due:
                return replace(earlier.again(), needed=needed)
        since, rows = self._write(made, since)
        return DerivedTable(self.item.name, self.table, True, since, needed, digests, rows)  # noqa: FBT003 - a field

    @property
    def _dated(self) -> list[_Dated]:
        return [
            _Dated(table, self.item.by_month.get(name, ""), self.item.name)
            for name, table in self.needed.items()
        ]

    @property
    def _first(self) -> tuple[str, str]:
        """The needed table that gives the rows, and its date column, which the derived table has too."""
        return next(iter(self.item.by_month.items()))

    def _write(self, made: WindowedTable, since: date | None) -> tuple[date | None, str]:
        name, column = self._first
        try:
            with self._guarding:
                return made.write(self._built, since)
        except spark_failures() as error:
            if "REPLACE_WHERE_MISMATCH" not in str(error):
                raise
            raise DeclarationError(
                f"derived table `{self.item.name}`: a row that is made from {since:%Y-%m} or later has an earlier `{column}`, or none",
                location=self._location,
                fix=f"let each row keep `{column}` of the row of `{name}` that it is made from, or remove by_month",
            ) from error

    def _built(self, since: date | None) -> DataFrame:
        """The rows with what the contract promises of them."""
        built = self._made(since)
        kept, promises = guarded(built, self.item.rules), self.item.promises
        if promises:
            promises.check(built.schema, table=self.table, function=self.item.build)
            kept = kept.select(*promises.described(kept.columns))
            if promises.protection:
                promises.protection.set(self.spark, self.table, kept.schema, comment=promises.comment)
        return kept

    def _made(self, since: date | None) -> DataFrame:
        from pyspark.sql import functions as F

        needed = {name: self.spark.table(table) for name, table in self.needed.items()}
        if not self.item.by_month:
            return self.item.build(self.context, *needed.values())
        needed = {name: rows.drop(*ORIGIN) for name, rows in needed.items()}
        name, column = self._first
        if since is not None:
            needed[name] = needed[name].where(F.col(column) >= F.lit(since))
        built = self.item.build(self.context, *needed.values())
        self._check(built, "it")
        return built

    @property
    def _guarding(self) -> AbstractContextManager[None]:
        return guarding(
            self.table,
            self.item.rules,
            lambda: self._made(None),
            contract=self.item.promises.contract if self.item.promises else "",
            location=self._location,
        )

    def _check(self, rows: DataFrame, whose: str) -> None:
        name, column = self._first
        if (column, "date") not in rows.dtypes:
            raise DeclarationError(
                f"derived table `{self.item.name}`: by_month begins with `{column}`, which is no date column of {whose}",
                location=self._location,
                fix=f"let `build` keep a date column of `{name}`, and name it first; or remove by_month",
            )

    @property
    def _location(self) -> str:
        build = self.item.build
        return f"{getattr(build, '__module__', '')}.{getattr(build, '__qualname__', repr(build))}"
