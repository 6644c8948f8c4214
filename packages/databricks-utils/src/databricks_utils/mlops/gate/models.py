"""What the gate compares: versions of a model that give scores, and the rows that they score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class ModelReference:
    """One version of a registered model."""

    name: str
    version: str


class Scorer(Protocol):
    """The interface of a model for the gate."""

    @property
    def reference(self) -> ModelReference:
        """The version's name and number."""

    def score(self, frame: "pd.DataFrame") -> "np.ndarray[Any, Any]":
        """Return the probability of the positive class, 0 to 1, one for each row."""


@dataclass(frozen=True)
class Holdout:
    """Rows that no model was trained on.

    Attributes:
        frame: One row for each event, with the features of both models.
        labels: 0 or 1, one for each row of `frame`.
        groups: The group of each row, e.g. its day, if the outcomes of a group have common causes; None if the outcomes of
            all rows are independent.
    """

    frame: "pd.DataFrame"
    labels: Sequence[int]
    groups: Sequence[str] | None = None
