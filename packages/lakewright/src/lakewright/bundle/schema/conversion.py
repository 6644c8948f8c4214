"""Single values as other types, where nothing is lost: `"2"` as a number, `1.5` as text."""

import math
import re
from collections.abc import Callable
from decimal import Decimal

from lakewright.bundle.model.tree import Plain

_TRUE = {"true", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
_WHOLE = re.compile(r"[-+]?[0-9]+")
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
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return int(value) if isinstance(value, int) or _WHOLE.fullmatch(value) else None


def _as_float(value: Plain) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(value) if value == value.strip() else None
    except ValueError:
        return None


CONVERSIONS: dict[str, Callable[[Plain], Plain]] = {
    "str": _as_string,
    "bool": _as_bool,
    "int": _as_int,
    "float": _as_float,
}
"""The functions that convert a value to a type; they return None if that is not possible."""
