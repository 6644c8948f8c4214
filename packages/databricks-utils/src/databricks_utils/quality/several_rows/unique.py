"""Uniqueness: no two rows, or no two things that rows describe, have the same values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from databricks_utils.quality.errors import RuleDeclarationError
from databricks_utils.quality.failure_columns import Condition
from databricks_utils.quality.limits import Limit
from databricks_utils.quality.rules import Severity, complete_declaration
from databricks_utils.quality.several_rows.columns import (
    Marks,
    all_known,
    checked_columns,
    column,
    shown,
    table_of,
)
from databricks_utils.quality.several_rows.comparison import check_comparable, same_value

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from databricks_utils.quality.rules import Expression


@dataclass(frozen=True)
class Unique:
    """Rows that share the values of some columns fail, all of them.

    Attributes:
        name: Lower-case identifier, unique among the rules of a table.
        columns: The columns, by exact name or as Columns. A row with NULL in one of them passes.
        reason: The text that a failing row gets, for people.
        severity: What a failing row means.
        limit: The most failing rows that a delivery may have.
        same: Rows with equal values here, NULLs included, describe one thing and may share the values of `columns`: two versions of a
            customer may have one e-mail address, two customers may not. Empty: each row is a thing of its own.
        existing: The name of a table whose rows count too, such as today's silver. They are compared with, and not judged.
        masked: Show `***` instead of the values.
        broadcast: Send the values that occur several times to every executor, so that the rows are not shuffled. Turn it off where
            tens of millions of values may repeat.

    Raises:
        RuleNameError: The name is not a lower-case identifier.
        RuleDeclarationError: There are no columns, or `existing` without `same`: nothing tells a row from its own earlier version.

    Example:
        >>> Unique("email_is_unique", ("email",), "two customers have this address", same=("customer",)).kind
        'unique'
    """

    kind: ClassVar[str] = "unique"

    name: str
    columns: tuple[Expression, ...]
    reason: str
    severity: Severity = Severity.ERROR
    limit: Limit | None = None
    same: tuple[Expression, ...] = field(default=(), kw_only=True)
    existing: str | None = field(default=None, kw_only=True)
    masked: bool = field(default=False, kw_only=True)
    broadcast: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        complete_declaration(self)
        object.__setattr__(self, "columns", checked_columns(self.name, self.columns, "columns"))
        object.__setattr__(self, "same", checked_columns(self.name, self.same, "same", required=False))
        if self.existing is not None and not self.same:
            raise RuleDeclarationError(
                f"quality: `{self.name}` compares with `{self.existing}`, and has no `same`: a row and its earlier version would fail",
                fix='name the columns that tell things apart, e.g. same=("customer",)',
            )

    def check_types(self, df: DataFrame, tables: Mapping[str, DataFrame]) -> None:
        """Check that the columns have types that can be compared with those of `existing` without changing a value.

        Raises:
            RuleRefusedError: They have not.
        """
        if self.existing is not None:
            items = (*self.columns, *self.same)
            check_comparable(self.name, df, items, table_of(self.name, self.existing, tables), items)

    def marks(self, df: DataFrame, flag: str, tables: Mapping[str, DataFrame]) -> Marks:
        """Return the values of `columns` that several things have, each once, with a column `flag` that is true.

        Args:
            df: The rows.
            flag: The column's name; those of other columns begin with it.
            tables: Holds `existing`, if the rule names one.
        """
        from pyspark.sql import functions as F

        keys = self._names(flag, self.columns)
        same = [column(item) == F.col(key) for item, key in zip(self.columns, keys, strict=True)]
        frame = self._repeated(df, flag, tables).withColumn(flag, F.expr("true"))
        return Marks(frame, keys, same, self.broadcast)

    def condition(self, flag: str) -> Condition:
        """Return the condition for a row that is joined to its marks."""
        holds, value = f"{flag} IS NULL", shown(self.columns)
        return Condition(holds, self.name, self.severity, self.reason, value, self.masked)

    def _repeated(self, df: DataFrame, flag: str, tables: Mapping[str, DataFrame]) -> DataFrame:
        from pyspark.sql import functions as F

        keys, things = self._names(flag, self.columns), self._names(f"{flag}_same", self.same)
        found = self._values(df, flag)
        if self.existing is not None:
            others = self._values(table_of(self.name, self.existing, tables), flag)
            # Only rows that share their values with a new one matter: the others of a large table are not shuffled.
            new = found.select(*(F.col(key).alias(f"{key}_new") for key in keys))
            pairs = [same_value(F.col(f"{key}_new"), F.col(key), rule=self.name) for key in keys]
            found = found.unionAll(others.join(new, pairs, "left_semi"))
        if things:
            found = found.select(*keys, *things).distinct()
        return found.groupBy(*keys).agg(F.count("*").alias(flag)).where(F.col(flag) > 1).select(*keys)

    def _values(self, rows: DataFrame, flag: str) -> DataFrame:
        chosen = (
            (self.columns, self._names(flag, self.columns)),
            (self.same, self._names(f"{flag}_same", self.same)),
        )
        return rows.where(all_known(self.columns)).select(
            *(
                column(item).alias(name)
                for items, names in chosen
                for item, name in zip(items, names, strict=True)
            )
        )

    @staticmethod
    def _names(flag: str, items: tuple[Expression, ...]) -> list[str]:
        return [f"{flag}_{place}" for place in range(len(items))]
