"""Drift of new scores against those on the test windows: the population stability index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class ScoreHistogram:
    """A model's scores of its test rows, in bins with about the same number of rows.

    Attributes:
        edges: Inner edges, ascending; one fewer than bins.
        counts: Number of rows in each bin.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]

    @classmethod
    def of(cls, scores: Sequence[float] | np.ndarray[Any, Any], *, bins: int = 10) -> ScoreHistogram:
        """Return the histogram of scores, with bins between their quantiles; equal edges are merged.

        Example:
            >>> ScoreHistogram.of([0.1, 0.2, 0.3, 0.4], bins=2).counts
            (2, 2)
        """
        import numpy as np

        values = np.asarray(scores, dtype=float)
        edges = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1]))
        return cls(tuple(float(edge) for edge in edges), _counts(values, edges))

    def population_stability_index(self, scores: Sequence[float] | np.ndarray[Any, Any]) -> float:
        """Return the index of new scores against these; see `index_of`."""
        import numpy as np

        return self.index_of(_counts(np.asarray(scores, dtype=float), np.asarray(self.edges)))

    def index_of(self, counts: Sequence[int]) -> float:
        """Return the population stability index of new scores against these; below 0.1 is stable, 0.25 and above is a shift.

        Half a row is added to every bin, so that an empty bin does not give an infinite index.

        Source: Siddiqi, Credit Risk Scorecards (2006), for the index and its bounds; additive smoothing after Jeffreys.

        Args:
            counts: Number of new scores in each of the bins. A score on an edge is in the bin below it, NaN in the last one.
        """
        import numpy as np

        new = np.asarray(counts, dtype=float) + 0.5
        old = np.asarray(self.counts, dtype=float) + 0.5
        p, q = new / new.sum(), old / old.sum()
        return float(((p - q) * np.log(p / q)).sum())

    def to_json(self) -> str:
        """Return the histogram as text, short enough for a tag of a model version."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ScoreHistogram:
        """Return the histogram from the text of `to_json`."""
        data = json.loads(text)
        return cls(tuple(data["edges"]), tuple(data["counts"]))


def _counts(values: np.ndarray[Any, Any], edges: np.ndarray[Any, Any]) -> tuple[int, ...]:
    import numpy as np

    found = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    return tuple(int(count) for count in found)
