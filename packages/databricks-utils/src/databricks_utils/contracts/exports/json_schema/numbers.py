"""Which numbers and values of a contract JSON has, and those that read it keep."""

import math
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

_EXACT_DIGITS = 15  # that every double holds


def is_exact(number: object, written: str | None) -> bool:
    """Return whether JSON gets the number that the contract has, with all of its digits.

    Args:
        number: The number, as it was read.
        written: The same as it stands in the contract, which may have more digits; None: it is not known.

    >>> is_exact(0.5, "0.50"), is_exact(1.0, "1.0000000000000000001"), is_exact(2**70, None), is_exact(math.inf, ".inf")
    (True, False, True, False)
    """
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        return False
    try:
        same = written is None or Decimal(written) == Decimal(repr(number))
    except InvalidOperation:  # written as 0x10
        same = True
    digits = repr(number).replace(".", "").lstrip("-0").partition("e")[0]
    return same and (isinstance(number, int) or len(digits) <= _EXACT_DIGITS)


def is_json(value: object) -> bool:
    """Return whether JSON has a value: it has no infinite number, and none that is not a number.

    >>> is_json({"a": [1, None]}), is_json([math.nan])
    (True, False)
    """
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and is_json(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(is_json, value))
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int)
