"""How the raw strings are read: `NA` and blanks are missing, clock times are HHMM numbers of a place.

Everything is safe under ANSI mode: what cannot be read becomes NULL, and a rule says so.
"""

from collections.abc import Iterable

from databricks_utils.quality import Rule
from pyspark.sql import Column
from pyspark.sql import functions as F


def text(column: str) -> Column:
    """Return the text of a raw column, NULL where it is missing (`NA` or blank)."""
    return F.expr(f"nullif(nullif(trim({column}), ''), 'NA')")


def whole(column: str) -> Column:
    """Return the whole number in a raw column as int, NULL where it is missing or none."""
    return F.expr(f"try_cast(nullif(trim({column}), 'NA') AS INT)")


def decimal(column: str) -> Column:
    """Return the number in a raw column as double, NULL where it is missing or none."""
    return F.expr(f"try_cast(nullif(trim({column}), 'NA') AS DOUBLE)")


def clock_minutes(column: str) -> Column:
    """Return the minutes after midnight of an HHMM clock time (`517`, `2400`), NULL where it is none."""
    number = f"try_cast(nullif(trim({column}), 'NA') AS INT)"
    return F.expr(
        f"CASE WHEN {number} BETWEEN 0 AND 2400 AND {number} % 100 < 60 "
        f"THEN ({number} DIV 100) * 60 + {number} % 100 END"
    )


def local_time(day: str, minutes: str, zone: str) -> Column:
    """Return the instant at which a place's clock shows so many minutes after midnight of a day.

    `make_timestamp` is given the zone, so the session's own time zone does not matter.

    Args:
        day: Name of a date column.
        minutes: Name of an int column, 0 or more; 1440 and more are the following day.
        zone: Name of a string column with an IANA time zone.
    """
    at = f"date_add({day}, CAST({minutes} DIV 1440 AS INT))"
    clock = f"({minutes} % 1440)"
    return F.expr(
        f"CASE WHEN {day} IS NOT NULL AND {minutes} IS NOT NULL AND {zone} IS NOT NULL THEN make_timestamp("
        f"year({at}), month({at}), day({at}), CAST({clock} DIV 60 AS INT), CAST({clock} % 60 AS INT), 0, {zone}) END"
    )


def number_rules(columns: Iterable[str]) -> tuple[Rule, ...]:
    """Return one rule a raw column: it is missing, or a number."""
    return tuple(
        Rule(
            f"{column}_is_a_number",
            f"coalesce(trim({column}), '') IN ('', 'NA') OR try_cast(trim({column}) AS DOUBLE) IS NOT NULL",
            f"{column} is neither NA nor a number",
        )
        for column in columns
    )


COMPLETE = Rule(
    "record_is_complete", "_corrupt_record IS NULL", "the line has not as many fields as the header of its file"
)
