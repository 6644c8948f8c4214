"""Values of a contract as SQL literals of a column's type; a text is never more than a text."""

from datetime import date, datetime
from decimal import Decimal

from databricks_utils.contracts.spark_types import SparkType
from databricks_utils.quoting import literal

_TEXTS = {"string", "varchar", "char"}
_NUMBERS = {"tinyint", "smallint", "int", "bigint", "decimal", "float", "double"}
_MOST_DIGITS = 38


class LiteralError(ValueError):
    """Raised when a value cannot be one of the column's type; the text says what it must be."""


def sql_literal(value: object, kind: SparkType) -> str:
    """Return a value as SQL, to be compared with a column of a type.

    >>> sql_literal(0.5, SparkType("double")), sql_literal("2024-01-31", SparkType("date"))
    ('0.5', "DATE '2024-01-31'")

    Raises:
        LiteralError: It is not a value of this type, or the type has no literals.
    """
    if kind.name in _TEXTS and isinstance(value, str):
        return literal(value)
    if kind.name in _NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    if kind.name == "boolean" and isinstance(value, bool):
        return "true" if value else "false"
    if kind.name == "date":
        return f"DATE {literal(_date(value))}"
    if kind.name in {"timestamp", "timestamp_ntz"}:
        return f"{kind.name.upper()} {literal(_timestamp(value))}"
    raise LiteralError(f"`{value}` is no {kind.name}")


def _number(value: float) -> str:
    exact = Decimal(repr(value))
    if not exact.is_finite():
        raise LiteralError(f"`{value}` is no number that a value can be compared with")
    _, digits, exponent = exact.as_tuple()
    assert isinstance(exponent, int)
    if max(len(digits), len(digits) + exponent, -exponent) > _MOST_DIGITS:
        return f"{value!r}D" if isinstance(value, float) else f"{float(value)!r}D"
    return format(exact, "f")


def _date(value: object) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise LiteralError(f"`{value}` is no date such as 2024-01-31") from None


def _timestamp(value: object) -> str:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        raise LiteralError(f"`{value}` is no timestamp such as 2024-01-31T12:00:00Z") from None
    return str(value)
