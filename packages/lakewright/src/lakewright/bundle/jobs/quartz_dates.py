"""Whether a day ever comes that a Quartz expression names.

Source: the class `CronExpression` of Quartz 2.x: the day of the month and the day of the week never both count, since one of them is `?`.
"""

import re
from calendar import monthrange
from datetime import date

from lakewright.bundle.jobs.quartz import FIELDS

_DAYS, _MONTHS, _WEEKDAYS, _YEARS = FIELDS[3:]
# Within so many years each month begins on each weekday, with and without a 29 February.
_ALL_CALENDARS = 40


def comes(fields: list[str], today: date) -> bool:
    """Return whether a right expression names a day from today on.

    Forms whose day Quartz may move into another month (`31W`) are taken to come.

    Args:
        fields: The six or seven fields.
        today: The first day that counts.
    """
    months = sorted(_MONTHS.numbers(fields[4]))
    years = _YEARS.numbers(fields[6]) if len(fields) == 7 else range(today.year, today.year + _ALL_CALENDARS)
    return any(
        date(year, month, day) >= today
        for year in sorted(years)
        if year >= today.year
        for month in months
        for day in _days(fields, year, month)
    )


def _days(fields: list[str], year: int, month: int) -> set[int]:
    first, last = monthrange(year, month)
    if fields[3] != "?":
        found = {day for day in _DAYS.numbers(fields[3]) if day <= last}
        for part in fields[3].upper().split(","):
            if part.endswith("W"):
                found |= set(range(1, last + 1))
            elif part.startswith("L"):
                found |= {last - int(part[2:] or 0)} & set(range(1, last + 1))
        return found
    found = set()
    for part in fields[5].upper().split(","):
        weekday, _, nth = re.sub(r"(?<=.)L(-\d+)?$", "", part).partition(
            "#"
        )  # the last Friday comes in each month
        numbers = _WEEKDAYS.numbers(weekday.replace("L", "SAT"))
        # Quartz counts from Sunday, 1; Python from Monday, 0.
        on = [day for day in range(1, last + 1) if (first + day) % 7 + 1 in numbers]
        found |= set(on[int(nth) - 1 : int(nth)] if nth else on)
    return found
