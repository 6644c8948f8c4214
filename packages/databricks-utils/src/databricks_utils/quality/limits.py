"""A limit: how many failing rows of a delivery a rule accepts."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from databricks_utils.quality.errors import RuleDeclarationError

_ALL = 100


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The most rows of a delivery that may fail a rule; with more of them the delivery is not accepted.

    Attributes:
        rows: A number of rows, from 0 on.
        percent: A share of the rows that were checked, 0 to 100; it is compared exactly, without rounding.
        reached: Whether the share itself is too many, as in "less than 5 percent".
        only_warns: Whether a delivery with more of them is accepted all the same, and the outcome is `warned`.

    Raises:
        RuleDeclarationError: Not exactly one of the two is given, or it is out of its range.

    Example:
        >>> Limit(percent=5).is_exceeded(failed=50, checked=1000), Limit(percent=5).is_exceeded(failed=51, checked=1000)
        (False, True)
        >>> Limit(rows=0).is_exceeded(failed=1, checked=1_000_000)
        True
    """

    rows: int | None = None
    percent: float | None = None
    reached: bool = False
    only_warns: bool = False

    def __post_init__(self) -> None:
        if (self.rows is None) == (self.percent is None):
            raise RuleDeclarationError(
                "quality: a limit has either `rows` or `percent`",
                fix="e.g. Limit(rows=10) or Limit(percent=5)",
            )
        if self.rows is not None and (not _is_number(self.rows, int) or self.rows < 0):
            raise RuleDeclarationError(
                f"quality: a limit of {self.rows!r} rows is not possible",
                fix="give a whole number from 0 on, e.g. Limit(rows=10)",
            )
        if self.percent is not None and (
            not _is_number(self.percent, int | float) or not 0 <= self.percent <= _ALL
        ):
            raise RuleDeclarationError(
                f"quality: a limit of {self.percent!r} percent is not possible",
                fix="give a number from 0 to 100, e.g. Limit(percent=0.5) for one row in two hundred",
            )

    def is_exceeded(self, *, failed: int, checked: int) -> bool:
        """Return whether more rows failed than the limit allows; never if no row was checked.

        Args:
            failed: Number of rows that failed the rule.
            checked: Number of rows that were checked.
        """
        if self.rows is not None:
            return failed > self.rows
        most = Fraction(str(self.percent)) * checked
        return failed * _ALL > most or (self.reached and checked > 0 and failed * _ALL == most)

    def __str__(self) -> str:
        """Return the limit in words.

        >>> str(Limit(rows=1)), str(Limit(percent=0.5))
        ('1 row', '0.5 %')
        """
        if self.rows is not None:
            return f"{self.rows:,} row{'' if self.rows == 1 else 's'}"
        return f"{'less than ' if self.reached else ''}{percent_words(self.percent or 0)} %"


def percent_words(percent: float) -> str:
    """Return a share in percent with all its digits, and without an exponent.

    >>> percent_words(5.0), percent_words(99.99999), percent_words(1e-7)
    ('5', '99.99999', '0.0000001')
    """
    text = format(Decimal(repr(float(percent))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_number(value: object, kinds: object) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)  # type: ignore[arg-type]  # a type or a union of types


NONE = Limit(rows=0)
"""What severity `fail` means: one failing row is too many."""
