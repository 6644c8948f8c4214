"""Columns by name or expression: what the rules over several rows compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.nearest import choose_from
from databricks_utils.quality.errors import MissingTableError, RuleDeclarationError
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from databricks_utils.quality.rules import Expression


@dataclass(frozen=True)
class Marks:
    """One row for each combination of values that says something about the rows that have it.

    Attributes:
        frame: The columns `keys`, which have each combination once, and those that say something.
        keys: Its key columns; they are dropped after the join.
        same: The conditions that join a row with its mark.
        broadcast: Whether `frame` goes to every executor, so that the rows are not shuffled.
    """

    frame: DataFrame
    keys: Sequence[str]
    same: Sequence[Column]
    broadcast: bool

    def joined_to(self, df: DataFrame) -> DataFrame:
        """Return the rows of `df` with what is said about them, NULL where nothing is; no row is lost or added."""
        from pyspark.sql import functions as F

        frame = F.broadcast(self.frame) if self.broadcast else self.frame
        return df.join(frame, list(self.same) or F.expr("true"), "left").drop(*self.keys)


def checked_columns(rule: str, columns: Sequence[Expression], what: str) -> tuple[Expression, ...]:
    """Return the columns of a rule as a tuple.

    Raises:
        RuleDeclarationError: They are one text, or there are none.
    """
    if isinstance(columns, str):
        raise RuleDeclarationError(f"quality: `{rule}`: {what} is text", fix=f'write {what}=("{columns}",)')
    found = tuple(columns)
    if not found:
        raise RuleDeclarationError(f"quality: `{rule}` names no {what}", fix=f'e.g. {what}=("order_id",)')
    return found


def column(item: Expression) -> Column:
    """Return a column by its exact name, in which a dot is a character like others; a Column stays as it is."""
    from pyspark.sql import functions as F

    return F.col(quote_part(item)) if isinstance(item, str) else item


def all_known(items: Sequence[Expression]) -> Expression:
    """Return the condition that no column is NULL."""
    from pyspark.sql import functions as F

    if all(isinstance(item, str) for item in items):
        return " AND ".join(f"{quote_part(str(item))} IS NOT NULL" for item in items)
    known = F.expr("true")
    for item in items:
        known = known & column(item).isNotNull()
    return known


def shown(items: Sequence[Expression]) -> Expression:
    """Return the value of some columns: one of them as it is, several as a struct."""
    from pyspark.sql import functions as F

    if all(isinstance(item, str) for item in items):
        names = ", ".join(quote_part(str(item)) for item in items)
        return names if len(items) == 1 else f"struct({names})"
    return column(items[0]) if len(items) == 1 else F.struct(*map(column, items))


def table_of(rule: str, name: str, tables: Mapping[str, DataFrame]) -> DataFrame:
    """Return the table that a rule names.

    Raises:
        MissingTableError: It was not given.
    """
    if name not in tables:
        raise MissingTableError(
            f"quality: `{rule}` needs the table `{name}`, which was not given",
            detail="given: " + (", ".join(f"`{each}`" for each in sorted(tables)) or "none"),
            fix=choose_from(name, tables) or f'pass tables={{"{name}": …}}',
        )
    return tables[name]
