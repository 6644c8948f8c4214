"""Moments as microseconds since 1970: exact, and the same in Python and Spark whatever the session's time zone."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_micros(moment: datetime) -> int:
    """Return the microseconds since 1970, exactly; a moment without a zone is one of UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)


def as_moment(micros: int) -> datetime:
    """Return the moment so many microseconds after 1970 began, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)
