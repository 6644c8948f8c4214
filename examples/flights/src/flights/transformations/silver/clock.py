"""Clock times: convert HHMM numbers of the sources to timestamps.

All expressions work in ANSI mode: an invalid value becomes NULL, and a rule reports it.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F


def clock_minutes(column: str) -> Column:
    """Return the minutes after midnight of an HHMM clock time (517, 2400), or NULL if it is invalid."""
    return F.expr(
        f"CASE WHEN {column} BETWEEN 0 AND 2400 AND {column} % 100 < 60 THEN int({column} DIV 100) * 60 + {column} % 100 END"
    )


def local_time(day: str, minutes: str, zone: str) -> Column:
    """Return the timestamp of a local time, given as minutes after midnight of a day in a time zone.

    `make_timestamp` gets the time zone, so the session's time zone has no effect.

    Args:
        day: Name of a date column.
        minutes: Name of an int column, 0 or more; 1440 and more are on the next day.
        zone: Name of a string column with an IANA time zone.
    """
    at = f"date_add({day}, CAST({minutes} DIV 1440 AS INT))"
    clock = f"({minutes} % 1440)"
    return F.expr(
        f"CASE WHEN {day} IS NOT NULL AND {minutes} IS NOT NULL AND {zone} IS NOT NULL THEN make_timestamp("
        f"year({at}), month({at}), day({at}), CAST({clock} DIV 60 AS INT), CAST({clock} % 60 AS INT), 0, {zone}) END"
    )
