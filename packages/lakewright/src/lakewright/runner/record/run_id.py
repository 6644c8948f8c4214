"""A run's id: the second of its start, and a number if other runs started in the same second.

It is the name of the run's folder, `run_id` in its record, and the start of the numbers of its tasks.
"""

from __future__ import annotations

from datetime import datetime

_FORM = "%Y%m%dT%H%M%S"
_ROOM = 10_000  # numbers for the task runs of all runs that start in the same second


def run_id(moment: datetime, *, again: int = 1) -> str:
    """Return the id of the first, second, … run that starts in a second.

    Args:
        moment: The start, in UTC.
        again: 1 for the first run of this second.

    Examples:
        >>> run_id(datetime(2026, 1, 2, 3, 4, 5)), run_id(datetime(2026, 1, 2, 3, 4, 5), again=2)
        ('20260102T030405', '20260102T030405-2')
    """
    first = f"{moment:{_FORM}}"
    return first if again == 1 else f"{first}-{again}"


def first_number(run_id: str) -> int:
    """Return the number of a run, from which the numbers of its tasks count on; no other run has it.

    Examples:
        >>> first_number("20260102T030405"), first_number("20260102T030405-2")
        (202601020304050000, 202601020304050100)
    """
    moment, _, again = run_id.replace("T", "").partition("-")
    return int(moment) * _ROOM + (int(again or 1) - 1) * 100
