"""References: the values of some columns occur in another table, as a foreign key's do."""

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
    from pyspark.sql import Column, DataFrame

    from databricks_utils.quality.rules import Expression


@dataclass(frozen=True)
class Reference:
    """A row fails if no row of another table has its values.

    Attributes:
        name: Lower-case identifier, unique among the rules of a table.
        columns: The columns, by exact name or as Columns. A row with NULL in one of them passes, as a foreign key of SQL does
            (MATCH SIMPLE).
        to: The name of the other table.
        to_columns: Its columns, in the same order; by default those of the same names.
        reason: The text that a failing row gets, for people.
        severity: What a failing row means.
        limit: The most failing rows that a delivery may have.
        masked: Show `***` instead of the values.
        broadcast: Send the other table's values to every executor, also if Spark cannot know that they are few.

    Raises:
        RuleNameError: The name is not a lower-case identifier.
        RuleDeclarationError: There are no columns, or not as many on both sides.

    Example:
        >>> Reference("carrier_is_known", ("carrier",), "airlines", "there is no such airline").to_columns
        ('carrier',)
    """

    kind: ClassVar[str] = "reference"

    name: str
    columns: tuple[Expression, ...]
    to: str
    reason: str
    severity: Severity = Severity.ERROR
    limit: Limit | None = None
    to_columns: tuple[Expression, ...] = field(default=(), kw_only=True)
    masked: bool = field(default=False, kw_only=True)
    broadcast: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        complete_declaration(self)
        set_once = object.__setattr__
        set_once(self, "columns", checked_columns(self.name, self.columns, "columns"))
        set_once(
            self, "to_columns", checked_columns(self.name, self.to_columns or self.columns, "to_columns")
        )
        if len(self.columns) != len(self.to_columns):
            raise RuleDeclarationError(
                f"quality: `{self.name}` compares {len(self.columns)} columns with {len(self.to_columns)} of `{self.to}`",
                fix="name as many to_columns as columns, in the same order",
            )

    def check_types(self, df: DataFrame, tables: Mapping[str, DataFrame]) -> None:
        """Check that the columns have types that can be compared with those of the other table without changing a value.

        Raises:
            RuleRefusedError: They have not.
        """
        other = table_of(self.name, self.to, tables)
        check_comparable(self.name, df, self.columns, other, self.to_columns)

    def marks(self, df: DataFrame, flag: str, tables: Mapping[str, DataFrame]) -> Marks:
        """Return the values of the other table, each once, with a column `flag` that is true.

        Args:
            df: Not used.
            flag: The column's name; those of other columns begin with it.
            tables: Holds the other table.
        """
        from pyspark.sql import functions as F

        del df
        keys = [f"{flag}_{place}" for place in range(len(self.columns))]
        other = table_of(self.name, self.to, tables).where(all_known(self.to_columns))
        chosen = [column(item).alias(key) for item, key in zip(self.to_columns, keys, strict=True)]
        known = other.select(*chosen).distinct().withColumn(flag, F.expr("true"))
        same = [
            same_value(column(item), F.col(key), rule=self.name)
            for item, key in zip(self.columns, keys, strict=True)
        ]
        return Marks(known, keys, same, self.broadcast)

    def condition(self, flag: str) -> Condition:
        """Return the condition for a row that is joined to its marks."""
        known, value = all_known(self.columns), shown(self.columns)
        holds = f"{flag} OR NOT ({known})" if isinstance(known, str) else _flagged(flag) | ~known
        return Condition(holds, self.name, self.severity, self.reason, value, self.masked)


def _flagged(flag: str) -> Column:
    from pyspark.sql import functions as F

    return F.col(flag)
