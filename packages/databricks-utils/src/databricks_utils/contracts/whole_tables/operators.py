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
    found: dict[str, object] = {}
    for operator, sides in _BOUNDS.items():
        if (bound := getattr(given, operator)) is not None:
            found |= dict.fromkeys(sides, bound)
    if given.mustBeBetween is not None:
        found |= dict(zip(_BETWEEN, given.mustBeBetween, strict=True))
    numbers = {side: _number(bound) for side, bound in found.items()}
    if not numbers or None in numbers.values():
        return None
    return cast("Bounds", numbers)


def _number(bound: object) -> float | None:
    """A number as in the file; `true` and `false`, for a query with a truth value, are 1 and 0."""
    if isinstance(bound, bool):
        return int(bound)
    return bound if isinstance(bound, int | float) and math.isfinite(bound) else None
