"""Compare the features that a project declares with those that a model version was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RETRAIN = "run the job `training`: `lakewright run training`, in a workspace `databricks bundle run training`"


@dataclass(frozen=True)
class FeatureChange:
    """The difference between the declared features and those of a model version.

    Attributes:
        model: The version, as text.
        added: Features that are declared now, and that the version was not trained on.
        removed: Features that the version was trained on, and that are no longer declared.
        retyped: Features in both, with another type.
    """

    model: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    retyped: tuple[str, ...]

    @classmethod
    def between(
        cls, model: str, trained_on: Mapping[str, str], declared: Mapping[str, str]
    ) -> FeatureChange | None:
        """Return the difference of features and their types; None if there is none.

        Args:
            model: The trained version, as text.
            trained_on: Feature → type of the version.
            declared: Feature → type in the project now.

        Example:
            >>> print(FeatureChange.between("version 2", {"seats": "double"}, {"hour": "double"}).summary)
            version 2 was trained on other features than the project declares now: added `hour`; removed `seats`
        """
        change = cls(
            model,
            tuple(name for name in declared if name not in trained_on),
            tuple(name for name in trained_on if name not in declared),
            tuple(name for name in declared if name in trained_on and declared[name] != trained_on[name]),
        )
        return change if change.added or change.removed or change.retyped else None

    @property
    def summary(self) -> str:
        """One line with the features that were added or removed, or changed their type."""
        parts = (("added", self.added), ("removed", self.removed), ("of another type", self.retyped))
        changes = "; ".join(f"{word} {', '.join(f'`{n}`' for n in names)}" for word, names in parts if names)
        return f"{self.model} was trained on other features than the project declares now: {changes}"

    def __str__(self) -> str:
        return f"{self.summary}\n  fix: {RETRAIN}"
