"""Moments as microseconds since 1970: exact, and the same in Python and Spark whatever the session's time zone."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_micros(moment: datetime) -> int:
    """Return the exact number of microseconds since 1970; a moment without a time zone is in UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)


def as_moment(micros: int) -> datetime:
    """Return the moment in UTC that is this number of microseconds after the beginning of 1970."""
    return _EPOCH + timedelta(microseconds=micros)
