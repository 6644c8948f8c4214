"""The standard's operators (`mustBe`, `mustBeGreaterThan`, …) as bounds of a measured number."""

import math
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

_BOUNDS = {
    "mustBe": ("at_least", "at_most"),
    "mustBeGreaterThan": ("more_than",),
    "mustBeGreaterOrEqualTo": ("at_least",),
    "mustBeLessThan": ("less_than",),
    "mustBeLessOrEqualTo": ("at_most",),
}
_BETWEEN = ("at_least", "at_most")
_LOWS = ("at_least", "more_than")
_OTHERS = ("mustNotBe", "mustNotBeBetween")


class Bounds(TypedDict, total=False):
    """The bounds of a check, as its arguments."""

    at_least: float
    at_most: float
    more_than: float
    less_than: float


def bounds_of(given: "DataQuality") -> Bounds | None:
    """Return the bounds that the operators of a check mean; None if they mean none, or others than bounds.

    Several operators count together. `mustBeBetween` includes its ends; see `tolerance_of`.

    Args:
        given: The check.

    Example:
        >>> from open_data_contract_standard.model import DataQuality
        >>> bounds_of(DataQuality(mustBeGreaterThan=0, mustBeLessOrEqualTo=9))
        {'more_than': 0, 'at_most': 9}
    """
    if any(getattr(given, name) is not None for name in _OTHERS):
        return None
    found = list[tuple[str, object]]()
    for operator, sides in _BOUNDS.items():
        if (bound := getattr(given, operator)) is not None:
            found += [(side, bound) for side in sides]
    found += zip(_BETWEEN, given.mustBeBetween or [], strict=False)
    numbers = [(side, _number(bound)) for side, bound in found]
    if not numbers or any(number is None for _, number in numbers):
        return None
    # The narrowest of each side; of two equal ones the one without its number.
    lows = [(number, side) for side, number in numbers if side in _LOWS and number is not None]
    highs = [(-number, side) for side, number in numbers if side not in _LOWS and number is not None]
    bounds = {side: number for number, side in lows and [max(lows)]}
    bounds |= {side: -number for number, side in highs and [max(highs)]}
    return cast("Bounds", bounds)


def _number(bound: object) -> float | None:
    """A number as in the file; `true` and `false`, for a query with a truth value, are 1 and 0."""
    if isinstance(bound, bool):
        return int(bound)
    return bound if isinstance(bound, int | float) and math.isfinite(bound) else None
