"""Bounds of a measure: the least and the greatest number that pass."""

from __future__ import annotations

import math
from datetime import timedelta
from decimal import Decimal

from databricks_utils.quality.errors import RuleDeclarationError
from databricks_utils.quoting import quote_part

Bound = int | float | Decimal | timedelta | None
"""A number; a duration stands for its seconds; None: there is no bound on this side."""
_MOST_DIGITS = 38


def check_bounds(name: str, at_least: Bound, at_most: Bound) -> None:
    """Check the bounds that a rule or check declares.

    Raises:
        RuleDeclarationError: There is no bound, one is no number, or no number is in both.
    """
    if at_least is None and at_most is None:
        raise RuleDeclarationError(
            f"quality: `{name}` has no bounds", fix="give at_least=…, at_most=…, or both"
        )
    for word, bound in (("at_least", at_least), ("at_most", at_most)):
        if isinstance(bound, bool) or not isinstance(bound, int | float | Decimal | timedelta | None):
            raise RuleDeclarationError(
                f"quality: `{name}`: {word} is {bound!r}, which is no number", fix=f"e.g. {word}=10"
            )
        if bound is not None and math.isnan(_number(bound)):
            raise RuleDeclarationError(f"quality: `{name}`: {word} is NaN", fix=f"e.g. {word}=10")
    low, high = number_of(at_least), number_of(at_most)
    if low is not None and high is not None and low > high:
        raise RuleDeclarationError(
            f"quality: `{name}`: no number is at least {low} and at most {high}", fix="correct one of the two"
        )


def number_of(bound: Bound) -> int | float | Decimal | None:
    """Return a bound as a number; a duration is its seconds.

    >>> number_of(timedelta(hours=1)), number_of(3)
    (Decimal('3600'), 3)
    """
    return None if bound is None else _number(bound)


def is_within(value: float | Decimal | None, at_least: Bound, at_most: Bound, *, null_passes: bool) -> bool:
    """Return whether a measured number passes. NaN never does; without a value it depends on `null_passes`.

    >>> is_within(5, 1, None, null_passes=False), is_within(float("nan"), 1, None, null_passes=False)
    (True, False)
    """
    if value is None:
        return null_passes
    if math.isnan(value):
        return False
    low, high = number_of(at_least), number_of(at_most)
    return (low is None or value >= low) and (high is None or value <= high)


def in_bounds(column: str, at_least: Bound, at_most: Bound, *, null_passes: bool) -> str:
    """Return the same as SQL: true or false for the value of a column, never NULL.

    >>> print(in_bounds("n", 1, 0.5e1, null_passes=False))
    coalesce(`n` >= 1 AND `n` <= 5.0 AND NOT isnan(CAST(`n` AS DOUBLE)), false)
    """
    name = quote_part(column)
    conditions = [
        f"{name} {sign} {_literal(bound)}"
        for sign, bound in ((">=", number_of(at_least)), ("<=", number_of(at_most)))
        if bound is not None
    ]
    conditions.append(f"NOT isnan(CAST({name} AS DOUBLE))")
    return f"coalesce({' AND '.join(conditions)}, {'true' if null_passes else 'false'})"


def words(at_least: Bound, at_most: Bound) -> str:
    """Return the bounds in words.

    >>> words(1, None), words(None, timedelta(hours=2)), words(0, 1)
    ('at least 1', 'at most 7200', 'from 0 to 1')
    """
    low, high = number_of(at_least), number_of(at_most)
    if low is not None and high is not None:
        return f"from {low} to {high}"
    return f"at least {low}" if low is not None else f"at most {high}"


def _number(bound: float | Decimal | timedelta) -> int | float | Decimal:
    if isinstance(bound, timedelta):
        seconds = Decimal(bound // timedelta(microseconds=1)) / 1_000_000
        return seconds.quantize(Decimal(1)) if seconds == seconds.to_integral_value() else seconds
    return bound


def _literal(number: float | Decimal) -> str:
    """Return a number as SQL, with all its digits; as DOUBLE where a DECIMAL has too few."""
    if math.isinf(float(number)):
        return f"double('{'-' if number < 0 else ''}Infinity')"
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    _, digits, exponent = exact.as_tuple()
    assert isinstance(exponent, int)
    if max(len(digits), len(digits) + exponent, -exponent) <= _MOST_DIGITS:
        return format(exact, "f")
    return f"{float(exact)!r}D"
