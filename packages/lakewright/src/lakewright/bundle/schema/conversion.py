"""Single values as other types, where nothing is lost: `"2"` as a number, `1.5` as text."""

from collections.abc import Callable

from lakewright.bundle.model.tree import Plain

_TRUE = {"true", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
_FALSE = {"false", "n", "N", "no", "No", "NO", "off", "Off", "OFF"}


def _as_string(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format_number(value)
    return str(value)


def format_number(value: float) -> str:
    """Return a number as Go prints it without an exponent.

    Examples:
        >>> format_number(15.4), format_number(2.0)
        ('15.4', '2')
    """
    text = repr(value)
    return text.removesuffix(".0") if "e" not in text else f"{value:f}".rstrip("0").rstrip(".")


def _as_bool(value: Plain) -> bool | None:
    if isinstance(value, bool):
        return value
    return True if value in _TRUE else False if value in _FALSE else None


def _as_int(value: Plain) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    try:
        return int(value)
    except ValueError:
        return None


def _as_float(value: Plain) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(value)
    except ValueError:
        return None


CONVERSIONS: dict[str, Callable[[Plain], Plain]] = {
    "str": _as_string,
    "bool": _as_bool,
    "int": _as_int,
    "float": _as_float,
}
"""The functions that bring a value to a type; they return None where it cannot be done."""
