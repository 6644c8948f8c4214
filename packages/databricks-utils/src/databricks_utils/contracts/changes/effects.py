"""What a change does to the two parties of a contract, and which number of the version it raises."""

from collections.abc import Iterable
from enum import StrEnum


class Effect(StrEnum):
    """What a change does to one party.

    A consumer reads the data and relies on what the contract promises. A producer writes the data and has to keep the promises.
    """

    BREAKING = "breaking"
    RISKY = "risky"
    SAFE = "safe"

    @property
    def rank(self) -> int:
        """Its place, the worst first."""
        return list(Effect).index(self)


class Level(StrEnum):
    """The number of a semantic version that a change raises."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    NONE = "none"

    @property
    def rank(self) -> int:
        """Its place, the highest first."""
        return list(Level).index(self)


def worst(effects: Iterable[Effect]) -> Effect:
    """Return the worst of some effects; safe if there are none.

    >>> worst([Effect.SAFE, Effect.BREAKING]).value
    'breaking'
    """
    return min(effects, key=lambda effect: effect.rank, default=Effect.SAFE)


def highest(levels: Iterable[Level]) -> Level:
    """Return the highest of some levels; `none` if there are none.

    >>> highest([Level.PATCH, Level.MINOR]).value
    'minor'
    """
    return min(levels, key=lambda level: level.rank, default=Level.NONE)
