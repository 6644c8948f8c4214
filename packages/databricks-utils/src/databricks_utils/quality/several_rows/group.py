"""Groups: an aggregate over the rows of each group is in its bounds, else all rows of the group fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Union

from databricks_utils.quality.bounds import Bound, check_bounds, in_bounds
from databricks_utils.quality.failure_columns import Condition
from databricks_utils.quality.limits import Limit
from databricks_utils.quality.rules import Severity, complete_declaration
from databricks_utils.quality.several_rows.columns import Marks, checked_columns, column
from databricks_utils.quality.spark_sql.reading_only import check_reads_only

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from databricks_utils.quality.rules import Expression


@dataclass(frozen=True)
class Group:
    """All rows of a group fail if an aggregate over them is out of its bounds: a whole delivery, not some of its rows.

    Attributes:
        name: Lower-case identifier, unique among the rules of a table.
        by: The columns whose values make a group, such as `_source_file`; NULL is a value like others. Empty: all rows are one group.
        measure: SQL text or Column of the aggregate, a number: `count(*)`, `avg(amount)`, `count_if(x IS NULL) / count(*)`.
        reason: The text that a failing row gets, for people.
        severity: What a failing row means.
        limit: The most failing rows that a delivery may have.
        at_least: The least allowed value.
        at_most: The greatest allowed value.
        null_passes: Whether a measure without a value passes, such as the average of nothing. NaN never does.

    Raises:
        RuleNameError: The name is not a lower-case identifier.
        RuleDeclarationError: There is no bound, no number is in the bounds, or the SQL can do more than read.

    Example:
        >>> Group("file_is_whole", ("_source_file",), "count(*)", "the file has few rows", at_least=1000).kind
        'group'
    """

    kind: ClassVar[str] = "group"

    name: str
    by: tuple[Expression, ...]
    measure: Union[str, Column]  # noqa: UP007 - `|` is not possible with a class that is imported for types only
    reason: str
    severity: Severity = Severity.ERROR
    limit: Limit | None = None
    at_least: Bound = field(default=None, kw_only=True)
    at_most: Bound = field(default=None, kw_only=True)
    null_passes: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        complete_declaration(self)
        object.__setattr__(self, "by", checked_columns(self.name, self.by, "by", required=False))
        check_reads_only(self.measure, rule=self.name)
        check_bounds(self.name, self.at_least, self.at_most)

    def condition(self, flag: str) -> Condition:
        """Return the condition for a row that is joined to the marks of its group."""
        value = f"{flag}_value"
        return Condition(f"NOT coalesce({flag}, false)", self.name, self.severity, self.reason, value)


def group_marks(df: DataFrame, groups: Sequence[tuple[Group, str]]) -> Marks:
    """Return one row for each group in which a rule fails: whether it does, and its measure.

    Args:
        df: The rows, which are aggregated once for all rules.
        groups: Rules that group by the same columns, and the name of each one's flag.
    """
    from pyspark.sql import functions as F

    (first, prefix), *_ = groups
    keys = [f"{prefix}_{place}" for place in range(len(first.by))]
    measures = {
        f"{flag}_value": F.expr(rule.measure) if isinstance(rule.measure, str) else rule.measure
        for rule, flag in groups
    }
    flags = {
        flag: F.expr(
            f"NOT {in_bounds(f'{flag}_value', rule.at_least, rule.at_most, null_passes=rule.null_passes)}"
        )
        for rule, flag in groups
    }
    by = [column(item).alias(key) for item, key in zip(first.by, keys, strict=True)]
    measured = df.groupBy(*by).agg(*(measure.alias(name) for name, measure in measures.items()))
    failing = measured.withColumns(flags).where(F.expr(" OR ".join(flags)))
    same = [column(item).eqNullSafe(F.col(key)) for item, key in zip(first.by, keys, strict=True)]
    return Marks(failing, keys, same, broadcast=True)
