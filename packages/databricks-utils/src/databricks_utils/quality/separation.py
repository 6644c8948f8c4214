"""Split rows into valid and quarantined ones, and limit the share of the quarantined."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from databricks_utils.quality.annotation import FAILURES, VALID, annotate
from databricks_utils.quality.errors import QuarantineShareError
from databricks_utils.quality.rules import Rule

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class Split(NamedTuple):
    """Valid and quarantined rows; every row is in exactly one of the two.

    Attributes:
        valid: The rows without a failed `error` rule, with their original columns.
        quarantined: The other rows, with `_failures`.
    """

    valid: "DataFrame"
    quarantined: "DataFrame"


def split(df: "DataFrame", rules: Sequence[Rule]) -> Split:
    """Split rows into valid and quarantined ones.

    Both results are evaluated when they are read. To write them, write `annotate(df, rules)` once, partitioned by
    `_valid`, and read both from that table: between two writes a crash could occur.

    Args:
        df: Any grain.
        rules: The rules to check.

    Raises:
        DuplicateRuleError: Two rules share a name.
    """
    from pyspark.sql import functions as F

    annotated = annotate(df, rules)
    return Split(
        valid=annotated.where(F.col(VALID)).drop(FAILURES, VALID),
        quarantined=annotated.where(~F.col(VALID)).drop(VALID),
    )


def assert_quarantine_share(
    *,
    table: str,
    rows: int,
    quarantined: int,
    maximum: float,
    fix: str = "look at `_failures` in the quarantine; correct the source or the rule, or allow a larger share",
) -> None:
    """Raise if too many rows are invalid.

    Args:
        table: The table of the rows, for the error.
        rows: Number of rows that were checked.
        quarantined: Number of invalid rows among them.
        maximum: The largest allowed share, 0 to 1.
        fix: The fix, for the error.

    Raises:
        QuarantineShareError: The share is larger.

    Example:
        >>> assert_quarantine_share(table="flights", rows=1000, quarantined=3, maximum=0.01)
    """
    if rows and quarantined / rows > maximum:
        raise QuarantineShareError(
            f"quality: {quarantined:,} of {rows:,} rows of {table} are invalid, {quarantined / rows:.1%}; "
            f"the limit is {maximum:.1%}",
            location=table,
            fix=fix,
        )
