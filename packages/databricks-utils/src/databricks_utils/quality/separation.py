"""The valid and the quarantined side of judged rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from databricks_utils.quality.annotation import FAILURES, VALID, annotate
from databricks_utils.quality.errors import QuarantineShareError
from databricks_utils.quality.rules import Rule

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class Split(NamedTuple):
    """Both sides of one set of rows; together they are all of it, and no row is in both.

    Attributes:
        valid: The rows without a failed `error` rule, in the columns they came with.
        quarantined: The others, with `_failures`.
    """

    valid: "DataFrame"
    quarantined: "DataFrame"


def split(df: "DataFrame", rules: Sequence[Rule]) -> Split:
    """Divide rows into the valid and the quarantined.

    Both sides are evaluated when they are read. Where they are written, write `annotate(df, rules)` once, partitioned by
    `_valid`, and read the sides from that table: two writes could be torn apart by a crash.

    Args:
        df: Any grain.
        rules: What must hold.

    Raises:
        DuplicateRuleError: Two rules share a name.
    """
    from pyspark.sql import functions as F  # noqa: N812

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
    fix: str = "look at `_failures` in the quarantine; correct the source or the rule, or allow a greater share",
) -> None:
    """Stop where too many rows are invalid.

    Args:
        table: Whose rows they are; named in the error.
        rows: All rows that were judged.
        quarantined: The invalid among them.
        maximum: The greatest allowed share, 0 to 1.
        fix: What to do about it.

    Raises:
        QuarantineShareError: The share is greater.

    Example:
        >>> assert_quarantine_share(table="flights", rows=1000, quarantined=3, maximum=0.01)
    """
    if rows and quarantined / rows > maximum:
        raise QuarantineShareError(
            f"quality: {quarantined:,} of {rows:,} rows of {table} are invalid, {quarantined / rows:.1%}; "
            f"at most {maximum:.1%} may be",
            location=table,
            fix=fix,
        )
