"""Schedules of GitHub and Azure DevOps: cron expressions of five fields. GitLab keeps its schedules outside of the files.

Source: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule and
https://learn.microsoft.com/azure/devops/pipelines/process/scheduled-triggers#cron-syntax
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lakewright.pipelines.reading import Mapping, as_list
from lakewright.pipelines.weakness import Weakness

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
_LONGEST = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[1-9]\d*))?")


@dataclass(frozen=True)
class _Field:
    """One field: the numbers it may hold, and names for them, of which three letters are enough."""

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()

    def numbers(self, text: str) -> set[int] | None:
        """Return the numbers that a field stands for; None: it cannot be read."""
        found: set[int] = set()
        for part in text.split(","):
            parts = _PART.fullmatch(part)
            if parts is None:
                return None
            first = self._number(parts["first"]) if parts["first"] else self.lowest
            last = self._number(parts["last"]) if parts["last"] else first
            if first is None or last is None:
                return None
            if not parts["last"] and (parts["step"] or not parts["first"]):
                last = self.highest
            # A range that ends before it begins is read in more than one way: it may be any number.
            full = range(self.lowest, self.highest + 1)
            found |= set(range(first, last + 1, int(parts["step"] or 1)) if first <= last else full)
        return found

    def _number(self, text: str) -> int | None:
        if text.isdecimal():
            return int(text) if self.lowest <= int(text) <= self.highest else None
        known = [
            number for number, name in enumerate(self.names, self.lowest) if name.startswith(text.lower())
        ]
        return known[0] if known and len(text) >= 3 else None


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, tuple(_MONTHS)),
    _Field("day of week", 0, 7, tuple(_WEEKDAYS)),  # some take 7 as Sunday
)


def check_schedules(file: str, schedules: object) -> Iterator[Weakness]:
    """Yield the schedules of a pipeline that start nothing.

    Args:
        file: The pipeline's path from the project's folder.
        schedules: The list of its schedules, each with `cron`.
    """
    for item in as_list(schedules):
        cron = item.get("cron") if isinstance(item, Mapping) else None
        if isinstance(cron, str) and not cron.startswith("@") and "$" not in cron:
            for summary, fix in _wrong(cron):
                yield Weakness(file, item.line_of("cron"), "schedule-never-comes", summary, fix)


def _wrong(cron: str) -> Iterator[tuple[str, str]]:
    texts = cron.split()
    if len(texts) != len(_FIELDS):
        yield (
            f"`{cron}` has {len(texts)} fields, and a schedule of a pipeline has 5: nothing starts it",
            'write minute, hour, day of month, month, day of week: `cron: "0 3 * * *"`',
        )
        return
    read = [field.numbers(text) for field, text in zip(_FIELDS, texts, strict=True)]
    for field, text, numbers in zip(_FIELDS, texts, read, strict=True):
        if numbers is None:
            names = " or the first three letters of its name" if field.names else ""
            yield (
                f"`{text}` is no {field.name} of a schedule: nothing starts it",
                f"write {field.lowest}-{field.highest}{names}, or `*` for all",
            )
    days, months = read[2], read[3]
    # With a day of the week, some start on both, some on days that are both.
    if days and months and texts[4] == "*" and min(days) > max(_LONGEST.get(month, 31) for month in months):
        yield (
            f"no month of `{cron}` has such a day: the schedule never comes",
            "write a day that the months have",
        )
