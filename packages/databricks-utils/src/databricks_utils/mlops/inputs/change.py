"""Compare the features that a project declares with those that a model version was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RETRAIN = "run the job `training`: `lakewright run training`, in a workspace `databricks bundle run training`"


@dataclass(frozen=True)
class FeatureChange:
    """How the declared features differ from those of a model version.

    Attributes:
        model: The version, in words.
        added: Declared now; the version does not know them.
        removed: The version was trained on them; no longer declared.
        retyped: In both, as another type.
    """

    model: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    retyped: tuple[str, ...]

    @classmethod
    def between(
        cls, model: str, trained_on: Mapping[str, str], declared: Mapping[str, str]
    ) -> FeatureChange | None:
        """Compare features and their types; None if they are the same.

        Args:
            model: The version that was trained, in words.
            trained_on: Feature → type, of the version.
            declared: Feature → type, of the project as it is now.

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
        """One line: which features were added, removed, or changed their type."""
        parts = (("added", self.added), ("removed", self.removed), ("of another type", self.retyped))
        said = "; ".join(f"{word} {', '.join(f'`{n}`' for n in names)}" for word, names in parts if names)
        return f"{self.model} was trained on other features than the project declares now: {said}"

    def __str__(self) -> str:
        return f"{self.summary}\n  fix: {RETRAIN}"
