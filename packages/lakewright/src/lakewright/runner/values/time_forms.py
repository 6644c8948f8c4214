"""The forms in which a `{{…}}` reference gives a time."""

from __future__ import annotations

from datetime import UTC, datetime


def time_forms(moment: datetime) -> dict[str, str]:
    """The forms of a time by name, all of them in UTC."""
    utc = moment.astimezone(UTC)
    return {
        "iso_weekday": str(utc.isoweekday()),
        "is_weekday": str(utc.isoweekday() < 6).lower(),
        "iso_date": f"{utc:%Y-%m-%d}",
        "iso_datetime": f"{utc:%Y-%m-%dT%H:%M:%S}",
        "year": str(utc.year),
        "month": str(utc.month),
        "day": str(utc.day),
        "hour": str(utc.hour),
        "minute": str(utc.minute),
        "second": str(utc.second),
        "timestamp_ms": str(int(utc.timestamp() * 1000)),
    }
