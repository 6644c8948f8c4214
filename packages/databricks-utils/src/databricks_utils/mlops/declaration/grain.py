"""The length of a window of time, and the first day of each window.

No other module depends on the length of a window. The feature table holds the first day of each row's window in a date
column (`Columns.window`); in Spark, `F.trunc(day, "month")` and `F.trunc(day, "week")` return the same days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

_DECEMBER = 12


class Grain(StrEnum):
    """The length of a window.

    Example:
        >>> Grain.MONTH.end_of(date(2013, 12, 1))
        datetime.date(2014, 1, 1)
        >>> Grain.WEEK.start_of(date(2013, 1, 2)).isoformat()
        '2012-12-31'
    """

    MONTH = "month"
    WEEK = "week"
    DAY = "day"

    def start_of(self, day: date) -> date:
        """Return the first day of the window that contains a day; weeks start on Monday."""
        if self is Grain.MONTH:
            return day.replace(day=1)
        if self is Grain.WEEK:
            return day - timedelta(days=day.weekday())
        return day

    def end_of(self, start: date) -> date:
        """Return the first day after the window that starts on `start`."""
        if self is Grain.MONTH:
            return date(start.year + start.month // _DECEMBER, start.month % _DECEMBER + 1, 1)
        return start + timedelta(days=7 if self is Grain.WEEK else 1)

    def windows(self, first: date, last: date) -> Iterator[date]:
        """Yield the first day of each window from one window to another, both included."""
        start = first
        while start <= last:
            yield start
            start = self.end_of(start)

    def label(self, start: date) -> str:
        """Return a window's name for people, e.g. `2013-07`."""
        return f"{start:%Y-%m}" if self is Grain.MONTH else start.isoformat()

    @property
    def granularity(self) -> str:
        """The window's length as Databricks data profiling writes it, e.g. `1 month`."""
        return f"1 {self}"
