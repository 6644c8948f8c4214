"""Numbers, dates and times of a contract, so that two of them can be compared exactly."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)


def number(text: str) -> Decimal | None:
    """Return the number that a text means; None if it means none.

    >>> number("0.10"), number(".inf")
    (Decimal('0.10'), None)
    """
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def moment(text: str) -> Decimal | None:
    """Return the microseconds since 1970 of a date, with or without a time; None if the text means none.

    A time without an offset is taken as one of UTC.

    >>> moment("1970-01-02")
    Decimal('86400000000')
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    known = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return Decimal((known - _ORIGIN) // timedelta(microseconds=1))
