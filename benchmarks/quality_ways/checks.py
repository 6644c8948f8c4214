"""The rules that every way checks, in a form of their own; each way writes them as its tool wants them.

NULL fails `required` and nothing else.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["required", "enum", "range", "length", "pattern"]
Bound = int | float | datetime.date

COUNTRIES = (
    *("AT", "BE", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "GB"),
    *("IE", "IT", "LU", "NL", "NO", "PL", "PT", "SE", "SI", "SK"),
)
STATES = ("open", "paid", "sent", "returned", "cancelled")
UNIQUE = ("order_id", "sku")
FOREIGN_KEY = "customer_id"


@dataclass(frozen=True)
class Check:
    """One rule about the values of one column.

    Attributes:
        name: Unique, lower case.
        kind: What it demands.
        column: Of what.
        allowed: The values of an `enum`.
        low: The smallest value of a `range`.
        high: The largest value of a `range`; the most characters of a `length`.
        pattern: The regular expression of a `pattern`; the same to Java, RE2 and Python.
    """

    name: str
    kind: Kind
    column: str
    allowed: tuple[str, ...] = ()
    low: Bound | None = None
    high: Bound | None = None
    pattern: str = ""

    @property
    def reason(self) -> str:
        """The text for a row that fails."""
        return f"{self.column} breaks {self.name}"

    def condition(self, *, fits: str = "{column} RLIKE {pattern}") -> str:
        """Return SQL that is true for a right value and NULL for NULL; for `required` never NULL.

        Args:
            fits: How the dialect writes that a text fits a regular expression.
        """
        column = self.column
        match self.kind:
            case "required":
                return f"{column} IS NOT NULL"
            case "enum":
                return f"{column} IN ({', '.join(map(literal, self.allowed))})"
            case "range":
                return f"{column} BETWEEN {literal(self.low)} AND {literal(self.high)}"
            case "length":
                return f"char_length({column}) <= {self.high}"
            case "pattern":
                return fits.format(column=column, pattern=literal(self.pattern))


def literal(value: object) -> str:
    """Return a value as SQL, for Spark and DuckDB; the texts here need no escapes."""
    if isinstance(value, datetime.date):
        return f"DATE '{value.isoformat()}'"
    return f"'{value}'" if isinstance(value, str) else str(value)


CORE = (
    Check("order_id_is_given", "required", "order_id"),
    Check("customer_id_is_given", "required", "customer_id"),
    Check("country_is_known", "enum", "country", allowed=COUNTRIES),
    Check("status_is_known", "enum", "status", allowed=STATES),
    Check("quantity_is_possible", "range", "quantity", low=1, high=1000),
    Check("price_is_possible", "range", "price", low=0.0, high=10000.0),
    Check("email_fits", "pattern", "email", pattern="^[^@ ]+@[^@ ]+[.][a-z]+$"),
    Check("sku_fits", "pattern", "sku", pattern="^[A-Z]{3}-[0-9]{6}$"),
    Check("note_is_short", "length", "note", high=40),
    Check(
        "ordered_on_is_possible",
        "range",
        "ordered_on",
        low=datetime.date(2015, 1, 1),
        high=datetime.date(2026, 12, 31),
    ),
)
# One rule alone is one that costs something.
_FIRST = "email_fits"


def checks_of(count: int) -> tuple[Check, ...]:
    """Return so many rules: the ten of `CORE`, one of them, or also wider variants of them that differ in a value.

    >>> [len(checks_of(count)) for count in (1, 10, 100)]
    [1, 10, 100]
    """
    if count < len(CORE):
        return tuple(sorted(CORE, key=lambda check: check.name != _FIRST))[:count]
    rounds = range(1, -(-count // len(CORE)))
    return (*CORE, *(_VARIANTS[check.kind](check, each) for each in rounds for check in CORE))[:count]


def _variant(check: Check, number: int) -> Check:
    return replace(check, name=f"{check.name}_{number}")


def _wider(check: Check, number: int) -> Check:
    days = datetime.timedelta(number) if isinstance(check.low, datetime.date) else number
    return replace(_variant(check, number), low=check.low - days)  # type: ignore[operator]  # a date


_VARIANTS: dict[Kind, Callable[[Check, int], Check]] = {
    "required": lambda check, number: replace(_variant(check, number), kind="range", low=-number, high=2**53),
    "enum": lambda check, number: replace(_variant(check, number), allowed=(*check.allowed, f"X{number}")),
    "range": _wider,
    "length": lambda check, number: replace(_variant(check, number), high=40 + number),
    "pattern": lambda check, number: replace(
        _variant(check, number), pattern=check.pattern.replace("$", f"( {number})?$")
    ),
}
