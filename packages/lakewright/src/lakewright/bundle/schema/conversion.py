"""Single values as other types, where nothing is lost: `"2"` as a number, `1.5` as text."""

import math
import re
from collections.abc import Callable
from decimal import Decimal

from lakewright.bundle.model.tree import Plain

_TRUE = {"true", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_INT64 = range(-(2**63), 2**63)
_LONGEST_NUMBER = 400  # digits; no field takes more, and Python refuses to convert 4300
_FALSE = {"false", "n", "N", "no", "No", "NO", "off", "Off", "OFF"}


def _as_string(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format_number(value)
    return str(value)


def format_number(value: float) -> str:
    """Return a number as the value of a text field: without an exponent, as Go's `strconv.FormatFloat(…, 'f', -1, 64)`.

    Examples:
        >>> format_number(15.4), format_number(2.0), format_number(1.5e-07), format_number(float("-inf"))
        ('15.4', '2', '0.00000015', '-Inf')
    """
    if not math.isfinite(value):
        return _not_finite(value)
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_in_text(value: float) -> str:
    """Return a number as a part of a longer text: as Go's `fmt.Sprint`, so with an exponent from a million on.

    Examples:
        >>> number_in_text(15.4), number_in_text(1.5e-07), number_in_text(999999.0), number_in_text(1234567.0)
        ('15.4', '1.5e-07', '999999', '1.234567e+06')
    """
    exponent = Decimal(repr(value)).adjusted() if math.isfinite(value) and value else 0
    if -5 < exponent < 6:
        return format_number(value)
    digits = "".join(map(str, Decimal(repr(value)).normalize().as_tuple().digits))
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{'-' if value < 0 else ''}{mantissa}e{exponent:+03d}"


def _not_finite(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "+Inf" if value > 0 else "-Inf"


def _as_bool(value: Plain) -> bool | None:
    if isinstance(value, bool):
        return value
    return True if value in _TRUE else False if value in _FALSE else None


def _as_int(value: Plain) -> int | None:
    if isinstance(value, bool):
        return None
    number = _whole_number(value)
    return number if number is not None and number in _INT64 else None


def is_too_large(value: Plain) -> bool:
    """Return whether a value is a whole number that the 64 bits of a field do not hold.

    Examples:
        >>> is_too_large(1e19), is_too_large("9223372036854775808"), is_too_large("9223372036854775807"), is_too_large(1.5)
        (True, True, False, False)
    """
    number = None if isinstance(value, bool) else _whole_number(value)
    return number is not None and number not in _INT64


def _whole_number(value: float | str) -> int | None:
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and (len(value) > _LONGEST_NUMBER or not _WHOLE.fullmatch(value)):
        return None
    return int(value)


def _as_float(value: Plain) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if int(float(value)) == value else None
    if isinstance(value, float):
        return value
    return _float_in_text(value)


def _float_in_text(text: str) -> float | None:
    """Return the number in a text; as for Go, text does not hold `_`, and a number must not be too large."""
    try:
        number = float(text) if text == text.strip() and "_" not in text else None
    except ValueError:
        return None
    is_named = text.lstrip("+-").lower().startswith("inf")
    return None if number is not None and math.isinf(number) and not is_named else number


CONVERSIONS: dict[str, Callable[[Plain], Plain]] = {
    "str": _as_string,
    "bool": _as_bool,
    "int": _as_int,
    "float": _as_float,
}
"""The functions that convert a value to a type; they return None if that is not possible."""
