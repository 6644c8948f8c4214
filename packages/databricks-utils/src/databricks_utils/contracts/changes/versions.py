"""Semantic versions: which one the changes of a contract demand.

Source: semver.org 2.0.0 for the form and the order. Below 1.0.0 it allows everything; here, as in Cargo and in npm's `^`, the second number
counts as the first: a breaking change of 0.3.1 demands 0.4.0, any other change 0.3.2.
"""

import re
from dataclasses import dataclass

from databricks_utils.contracts.changes.effects import Level

_FORM = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?",
    re.ASCII,
)
_LONGEST = 100  # characters; Python reads no longer numbers than 4,300 digits


@dataclass(frozen=True)
class Version:
    """A semantic version; what stands behind a `+` does not count."""

    numbers: tuple[int, int, int]
    before: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers)) + (f"-{'.'.join(self.before)}" if self.before else "")

    @property
    def order(self) -> tuple[object, ...]:
        """What orders versions: one with a word behind a `-` comes before the one without."""
        parts = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in self.before)
        return (self.numbers, not self.before, parts)

    def raised(self, level: Level) -> "Version":
        """Return the least version that is higher by a level.

        Args:
            level: The level.
        """
        major, minor, patch = self.numbers
        if self.before and _level_of(self.numbers).rank <= _effective(level, self).rank:
            return Version(self.numbers)
        return {
            Level.MAJOR: Version((major + 1, 0, 0)),
            Level.MINOR: Version((major, minor + 1, 0)),
            Level.PATCH: Version((major, minor, patch + 1)),
            Level.NONE: self,
        }[_effective(level, self)]

    def admits(self, new: "Version", level: Level) -> bool:
        """Return whether a new version is high enough after this one.

        Args:
            new: The new version.
            level: The level that the changes demand.
        """
        if new.order <= self.order:
            return level is Level.NONE and new.order == self.order
        needed = _effective(level, self)
        if needed.rank >= Level.PATCH.rank:
            return True
        if self.before and _level_of(self.numbers).rank <= needed.rank and new.numbers == self.numbers:
            return True  # 2.0.0-rc.1 to 2.0.0: the release to come is a new major version already
        count = 1 if needed is Level.MAJOR else 2
        return new.numbers[:count] > self.numbers[:count]


def parsed(text: str) -> Version | None:
    """Return the version that a text means; None if it is no semantic version.

    >>> str(parsed("1.20.3")), parsed("1.2"), parsed("v1.2.3")
    ('1.20.3', None, None)
    """
    found = _FORM.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        return None
    major, minor, patch = (int(part) for part in found.groups()[:3])
    return Version((major, minor, patch), tuple(found[4].split(".")) if found[4] else ())


def _effective(level: Level, version: Version) -> Level:
    """The level by the numbers of a version: below 1.0.0 they are shifted by one place."""
    if version.numbers[0] > 0 or level is Level.NONE:
        return level
    return Level.MINOR if level is Level.MAJOR else Level.PATCH


def _level_of(numbers: tuple[int, int, int]) -> Level:
    """The level by which a version is higher than the one before it."""
    return Level.PATCH if numbers[2] else Level.MINOR if numbers[1] else Level.MAJOR
