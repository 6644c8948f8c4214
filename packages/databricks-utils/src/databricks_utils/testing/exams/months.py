"""Show that a derived table may be made month by month: what changes in a month changes no row of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from databricks_utils.context import Context
    from databricks_utils.medallion import Derived


def assert_earlier_months_stand(
    context: Context, derived: Derived, tables: Mapping[str, DataFrame], month: date
) -> None:
    """Assert that a derived table's rows before a month need nothing of that month, and that those from it on can be made alone.

    Give rows on both sides of the month, as near to its first day as they can be: a night that has another date in another time zone,
    an event and what was known a minute before it.

    Args:
        context: The environment.
        derived: A table with `by_month`.
        tables: Name of each needed table → its rows.
        month: The first day of the month.

    Raises:
        AssertionError: A row before the month differs if the rows from it on are missing, or a row from it on differs if only the rows
            from it on are made; the message contains the row. Or the rows show nothing: none is before the month, or none from it
            on, or no other row is taken away.
    """
    from pyspark.sql import functions as F

    first, column = next(iter(derived.by_month.items()))
    earlier, later = F.col(column) < F.lit(month), F.col(column) >= F.lit(month)
    whole = derived.build(context, *(tables[name] for name in derived.needs))
    for side, rows in (("before", whole.where(earlier)), ("from", whole.where(later))):
        assert rows.head(1), (
            f"`{derived.name}`: no row is {side} {month}: give rows on both sides of the month"
        )

    def is_known(name: str) -> DataFrame:
        # Rows without a date belong to every month.
        return tables[name].where(F.coalesce(F.expr(derived.by_month[name]) < F.lit(month), F.lit(True)))  # noqa: FBT003 - a literal of Spark

    for name in derived.by_month:
        removed = tables[name].count() - is_known(name).count()
        assert removed, f"`{derived.name}`: no row of `{name}` belongs to {month} or later: give one"
    known = {name: is_known(name) if name in derived.by_month else rows for name, rows in tables.items()}
    before = derived.build(context, *(known[name] for name in derived.needs)).where(earlier)
    _compare(
        whole.where(earlier),
        before,
        f"`{derived.name}`: without the rows of {month:%Y-%m} an earlier row differs, so by_month is wrong",
    )
    alone = {**tables, first: tables[first].where(later)}
    made = derived.build(context, *(alone[name] for name in derived.needs))
    _compare(
        whole.where(later),
        made,
        f"`{derived.name}`: made from the rows of `{first}` from {month:%Y-%m} on alone, a row differs, so by_month cannot be used",
    )


def _compare(expected: DataFrame, found: DataFrame, what: str) -> None:
    differing = [
        f"{side}: {rows[0].asDict(recursive=True)}"
        for side, rows in (
            ("made of all rows", expected.exceptAll(found).head(1)),
            ("made so", found.exceptAll(expected).head(1)),
        )
        if rows
    ]
    assert not differing, "\n  ".join([what, *differing])
