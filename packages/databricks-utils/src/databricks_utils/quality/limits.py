"""A limit: how many rows of a delivery may fail a rule; with more, no row of the delivery is accepted."""

from dataclasses import dataclass

from databricks_utils.quality.errors import RuleLimitError


@dataclass(frozen=True)
class Limit:
    """The most rows that may fail a rule, as a number or as a percentage of the rows that are judged together.

    Attributes:
        rows: Number of rows, 0 or more.
        percent: Percentage, 0 to 100; it is not rounded: 5 percent of 10 rows allow none.
        reached: Whether the percentage itself is already too much.

    Raises:
        RuleLimitError: Neither or both are given, or one is out of range.

    Example:
        >>> Limit(percent=5).exceeded_by(1, of=10), Limit(percent=5).exceeded_by(5, of=100), str(Limit(rows=10))
        (True, False, '10 rows')
    """

    rows: int | None = None
    percent: float | None = None
    reached: bool = False

    def __post_init__(self) -> None:
        one = (self.rows is None) != (self.percent is None)
        if not one or (self.rows or 0) < 0 or not 0 <= (self.percent or 0) <= 100:
            raise RuleLimitError(
                f"quality: {self!r} is no limit",
                fix="give rows (0 or more) or percent (0 to 100), e.g. Limit(percent=5)",
            )

    def exceeded_by(self, failed: int, *, of: int) -> bool:
        """Return whether more rows fail than may.

        Args:
            failed: Rows that fail.
            of: Rows that were judged.
        """
        if self.rows is not None:
            return failed > self.rows
        most = (self.percent or 0) * of / 100
        return failed > most or (self.reached and failed == most and of > 0)

    def __str__(self) -> str:
        """Return the limit in words."""
        if self.rows is not None:
            return f"{self.rows:,} rows"
        return f"{'less than ' if self.reached else ''}{self.percent:g} percent"
