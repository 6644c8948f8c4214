"""Split rows into valid and quarantined ones."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from databricks_utils.quality.annotation import FAILURES, VALID, AnyRule, annotate

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class Split(NamedTuple):
    """Valid and quarantined rows; every row is in exactly one of the two.

    Attributes:
        valid: The rows without a failed rule of severity `error` or `fail`, with their original columns.
        quarantined: The other rows, with `_failures`.
    """

    valid: "DataFrame"
    quarantined: "DataFrame"


def split(
    df: "DataFrame", rules: Sequence[AnyRule], *, tables: Mapping[str, "DataFrame"] | None = None
) -> Split:
    """Split rows into valid and quarantined ones.

    Both results are evaluated when they are read. To write them, write `annotate(df, rules)` once, partitioned by
    `_valid`, and read both from that table: between two writes a crash could occur.

    Args:
        df: Any grain.
        rules: The rules to check.
        tables: The tables that rules name.

    Raises:
        DuplicateRuleError: Two rules share a name.
    """
    from pyspark.sql import functions as F

    annotated = annotate(df, rules, tables=tables)
    return Split(
        valid=annotated.where(F.col(VALID)).drop(FAILURES, VALID),
        quarantined=annotated.where(~F.col(VALID)).drop(VALID),
    )
