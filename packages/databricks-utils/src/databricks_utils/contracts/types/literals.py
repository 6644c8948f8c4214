"""Values of a contract as SQL literals of a column's type; a text is never more than a text."""

import math
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from databricks_utils.contracts.types.spark_types import WHOLE, SparkType
from databricks_utils.quoting import literal

TEXTS = frozenset({"string", "varchar", "char"})
EXACT = WHOLE | {"decimal"}
FLOATING = frozenset({"float", "double"})
MOMENTS = frozenset({"date", "timestamp", "timestamp_ntz"})
_MOST_DIGITS = 38


class LiteralError(ValueError):
    """Raised when a value cannot be one of the column's type; the text says what it must be."""


def sql_literal(value: object, kind: SparkType, *, written: str | None = None) -> str:
    """Return a value as SQL, to be compared with a column of a type.

    Args:
        value: The value.
        kind: The column's type.
        written: A number as it stands in the contract, which may have more digits than the value.

    >>> sql_literal(0.5, SparkType("double")), sql_literal("2024-01-31", SparkType("date"))
    ('0.5', "DATE '2024-01-31'")

    Raises:
        LiteralError: It is not a value of this type, or the type has no literals.
    """
    if kind.name in TEXTS and isinstance(value, str):
        return literal(value)
    if kind.name in EXACT | FLOATING and isinstance(value, int | float) and not isinstance(value, bool):
        number = _number(value, written)
        return f"CAST({number} AS FLOAT)" if kind.name == "float" else number
    if kind.name == "boolean" and isinstance(value, bool):
        return "true" if value else "false"
    if kind.name in MOMENTS:
        return f"{kind.name.upper()} {literal(moment(value, kind).isoformat(*(() if kind.name == 'date' else (' ',))))}"
    raise LiteralError(f"`{value}` is no {kind.name}")


def moment(value: object, kind: SparkType) -> date | datetime:
    """Return the date or timestamp that a text means.

    Raises:
        LiteralError: It means none of this type.
    """
    text = str(value)
    try:
        if kind.name == "date":
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError:
        example = "2024-01-31" if kind.name == "date" else "2024-01-31T12:00:00Z"
        raise LiteralError(f"`{value}` is no {kind.name.replace('_ntz', '')} such as {example}") from None
    if kind.name == "timestamp_ntz" and found.tzinfo is not None:
        raise LiteralError(f"`{value}` has an offset, and the column has no time zone")
    return found


def _number(value: float, written: str | None) -> str:
    try:
        exact = Decimal(written if written is not None else repr(value))
    except InvalidOperation:  # written as 0x10
        exact = Decimal(repr(value))
    if not exact.is_finite():
        raise LiteralError(f"`{value}` is no number that a value can be compared with")
    _, digits, exponent = exact.as_tuple()
    assert isinstance(exponent, int)
    if max(len(digits), len(digits) + exponent, -exponent) <= _MOST_DIGITS:
        return format(exact, "f")
    if math.isinf(float(exact)):
        raise LiteralError("the number is too large")
    return f"{float(exact)!r}D"
