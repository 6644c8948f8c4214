"""What each field of a Quartz expression may hold.

Source: https://www.quartz-scheduler.org/documentation/quartz-2.5.x/tutorials/crontrigger.html; ranges that wrap around (`22-2`) and the
refusal of steps beyond a field's range are those of Quartz' class `CronExpression`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field: the numbers it may hold, names for them, and forms that only it has."""

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()
    special: str = r"(?!)"

    @property
    def allowed(self) -> str:
        """Return the range as people write it: `1-12 or JAN-DEC`."""
        numbers = f"{self.lowest}-{self.highest}"
        return f"{numbers} or {self.names[0]}-{self.names[-1]}" if self.names else numbers

    def wrong_part(self, text: str) -> str | None:
        """Return the first part of the field, between commas, that Quartz refuses; None: it takes all."""
        return next((part for part in text.split(",") if not self._takes(part.upper())), None)

    def numbers(self, text: str) -> set[int]:
        """Return the numbers that a right field stands for; forms that only it has, such as `L`, stand for none."""
        found: set[int] = set()
        for part in text.upper().split(","):
            if not re.fullmatch(self.special, part):
                values, _, step = part.partition("/")
                first, _, last = values.partition("-")
                if step and first not in {"", "*"} and not last:  # from there on, as in `3/2`
                    last = str(self.highest)
                found |= set(self._range(first, last or first)[:: int(step or 1) or 1])
        return found

    def _range(self, first: str, last: str) -> list[int]:
        if first in {"", "*"}:
            return list(range(self.lowest, self.highest + 1))
        start, end = self._number(first), self._number(last)
        if end < start:  # from Friday to Monday
            return [*range(start, self.highest + 1), *range(self.lowest, end + 1)]
        return list(range(start, end + 1))

    def _number(self, value: str) -> int:
        return self.names.index(value) + self.lowest if value in self.names else int(value)

    def _takes(self, part: str) -> bool:
        if re.fullmatch(self.special, part):
            return True
        found = re.fullmatch(r"(\*|\w+(?:-\w+)?|)(?:/(\d+))?", part)
        if not found or not part:
            return False
        values, step = found.groups()
        if step and int(step) > self.highest:
            return False
        return values in {"", "*"} or all(self._holds(value) for value in values.split("-"))

    def _holds(self, value: str) -> bool:
        return value in self.names or (value.isdecimal() and self.lowest <= int(value) <= self.highest)


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAY = rf"(?:[1-7]|{'|'.join(_DAYS)})"
FIELDS = (
    Field("seconds", 0, 59),
    Field("minutes", 0, 59),
    Field("hours", 0, 23),
    Field("day of month", 1, 31, special=r"\?|L(?:-(?:[12]?\d|30))?W?|(?:[1-9]|[12]\d|3[01])W"),
    Field("month", 1, 12, names=_MONTHS),
    Field("day of week", 1, 7, names=_DAYS, special=rf"\?|L|{_DAY}L(?:-\d+)?|{_DAY}#[1-5]"),
    Field("year", 1970, 2199),
)


def is_complete(fields: list[str]) -> bool:
    """Whether an expression has six or seven fields, and `?` for exactly one of the two that say which day."""
    return len(fields) in {6, 7} and (fields[3] == "?") != (fields[5] == "?")


def wrong_parts(fields: list[str]) -> Iterator[tuple[Field, str]]:
    """Yield the first part that Quartz refuses of each field that has one."""
    for field, text in zip(FIELDS, fields, strict=False):
        if (part := field.wrong_part(text)) is not None:
            yield field, part
