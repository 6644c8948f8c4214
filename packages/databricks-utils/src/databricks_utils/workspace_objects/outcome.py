"""What became of an object of a workspace."""

from enum import StrEnum


class Outcome(StrEnum):
    """What a call did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    NOTHING_TO_STAND_ON = "not made: what it stands on does not exist yet"
