"""What changed between two states of a contract, for those who read the data and for those who write it."""

from databricks_utils.contracts.changes.change import Change
from databricks_utils.contracts.changes.comparison import (
    Comparison,
    Verdict,
    added,
    compare,
    removed,
    removed_unreadable,
    unreadable,
)
from databricks_utils.contracts.changes.effects import Effect, Level
from databricks_utils.contracts.changes.kinds import GROUPS, KINDS, Kind

__all__ = [
    "GROUPS",
    "KINDS",
    "Change",
    "Comparison",
    "Effect",
    "Kind",
    "Level",
    "Verdict",
    "added",
    "compare",
    "removed",
    "removed_unreadable",
    "unreadable",
]
