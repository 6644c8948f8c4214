"""Bounds of a measure: the least and the greatest number that pass."""

from __future__ import annotations

import math
from datetime import timedelta
from decimal import Decimal
from numbers import Integral, Real

from databricks_utils.quality.errors import RuleDeclarationError
from databricks_utils.quoting import quote_part

Bound = int | float | Decimal | timedelta | None
"""A number; a duration stands for its seconds; None: there is no bound on this side."""
_MOST_DIGITS = 38


def check_bounds(
    name: str, at_least: Bound, at_most: Bound, *, more_than: Bound = None, less_than: Bound = None
) -> None:
    """Check the bounds that a rule or check declares.

    Raises:
        RuleDeclarationError: There is no bound, one is no number, there are two on one side, or no number is in all of them.
    """
    given = {"at_least": at_least, "more_than": more_than, "at_most": at_most, "less_than": less_than}
    if all(bound is None for bound in given.values()):
        raise RuleDeclarationError(
            f"quality: `{name}` has no bounds", fix="give at_least=…, at_most=…, or both"
        )
    for one, other in (("at_least", "more_than"), ("at_most", "less_than")):
        if given[one] is not None and given[other] is not None:
            raise RuleDeclarationError(
                f"quality: `{name}` has {one} and {other}",
                fix=f"{one} includes its number; keep one of the two",
            )
    for word, bound in given.items():
        _check_number(name, word, bound)
    low, high = exact(_first(at_least, more_than)), exact(_first(at_most, less_than))
    is_strict = more_than is not None or less_than is not None
    if low is not None and high is not None and (low > high or (is_strict and low == high)):
        raise RuleDeclarationError(
            f"quality: `{name}`: no number is {words(at_least, at_most, more_than=more_than, less_than=less_than)}",
            fix="correct one of the two",
        )


def _check_number(name: str, word: str, bound: object) -> None:
    if bound is None:
        return
    if isinstance(bound, bool) or not isinstance(bound, Real | Decimal | timedelta):
        raise RuleDeclarationError(
            f"quality: `{name}`: {word} is {bound!r}, which is no number", fix=f"e.g. {word}=10"
        )
    number = exact(bound)  # type: ignore[arg-type]  # numbers of NumPy are no type of Bound, and work
    if number is None or number.is_nan():
        raise RuleDeclarationError(f"quality: `{name}`: {word} is NaN", fix=f"e.g. {word}=10")
    if number.is_finite() and math.isinf(float(number)):
        raise RuleDeclarationError(
            f"quality: `{name}`: {word} is farther from 0 than any number of Spark",
            fix=f"leave {word} out, or give a number that a DOUBLE can have",
        )


def number_of(bound: Bound) -> int | float | Decimal | None:
    """Return a bound as a number; a duration is its seconds.

    >>> number_of(timedelta(hours=1)), number_of(3)
    (Decimal('3600'), 3)
    """
    return None if bound is None else _number(bound)


def exact(bound: Bound) -> Decimal | None:
    """Return a bound as the number that is written: 0.3 is three tenths, not the nearest binary fraction.

    >>> exact(0.3) == exact(Decimal("0.30"))
    True
    """
    number = number_of(bound)
    return Decimal(repr(number)) if isinstance(number, float) else None if number is None else Decimal(number)


def is_within(  # noqa: PLR0913 - a number, and its four bounds
    value: float | Decimal | None,
    at_least: Bound,
    at_most: Bound,
    *,
    more_than: Bound = None,
    less_than: Bound = None,
    null_passes: bool,
) -> bool:
    """Return whether a measured number passes. NaN never does; without a value it depends on `null_passes`.

    A number is compared as SQL compares it with a bound that is written there: a DECIMAL with its digits, a DOUBLE with the nearest DOUBLE.

    >>> is_within(5, 1, None, null_passes=False), is_within(float("nan"), 1, None, null_passes=False)
    (True, False)
    >>> is_within(5, None, None, more_than=5, null_passes=False)
    False
    """
    if value is None:
        return null_passes
    if math.isnan(value):
        return False
    same = _float if isinstance(value, float) else exact
    low, high, above, below = map(same, (at_least, at_most, more_than, less_than))
    return (
        (low is None or value >= low)
        and (high is None or value <= high)
        and (above is None or value > above)
        and (below is None or value < below)
    )


def _float(bound: Bound) -> float | None:
    """Return a bound as the nearest DOUBLE."""
    number = number_of(bound)
    return None if number is None else float(number)


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


def words(at_least: Bound, at_most: Bound, *, more_than: Bound = None, less_than: Bound = None) -> str:
    """Return the bounds in words.

    >>> words(1, None), words(None, timedelta(hours=2)), words(0, 1), words(3, 3), words(None, 5, more_than=0)
    ('at least 1', 'at most 7200', 'from 0 to 1', 'exactly 3', 'more than 0 and at most 5')
    """
    low, high, above, below = map(number_of, (at_least, at_most, more_than, less_than))
    if low is not None and high is not None:
        return f"exactly {low}" if exact(low) == exact(high) else f"from {low} to {high}"
    found = (("at least", low), ("more than", above), ("at most", high), ("less than", below))
    return " and ".join(f"{word} {bound}" for word, bound in found if bound is not None)


def _first(one: Bound, other: Bound) -> Bound:
    return one if one is not None else other


def _number(bound: float | Decimal | timedelta) -> int | float | Decimal:
    if isinstance(bound, timedelta):
        seconds = Decimal(bound // timedelta(microseconds=1)) / 1_000_000
        return seconds.quantize(Decimal(1)) if seconds == seconds.to_integral_value() else seconds
    if isinstance(bound, Decimal):
        return bound
    number: object = bound  # also numbers of NumPy
    return int(number) if isinstance(number, Integral) else float(bound)


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
