"""Show that a quality gate can tell models apart: it passes a known good model, and refuses each kind of bad one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from databricks_utils.mlops import GateDecision, Holdout, ModelReference, Scorer

    Judge = Callable[[Scorer, Scorer | None, Holdout], GateDecision]

_ROWS = 1200
_GROUPS = 40  # the gate draws whole groups, e.g. days
_SPREAD = 4.0  # of the true log odds: a model that knows them has a ROC AUC of about 0.96


@dataclass(frozen=True)
class _Known:
    """A model that returns given scores."""

    name: str
    scores: np.ndarray[Any, Any]

    @property
    def reference(self) -> ModelReference:
        from databricks_utils.mlops import ModelReference

        return ModelReference(self.name, "1")

    def score(self, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the scores, whatever the rows contain."""
        del frame
        return self.scores


def assert_gate_can_tell(judge: Judge) -> None:
    """Assert that a gate passes a good model and refuses bad ones, each by the check that is for it.

    The good model knows the true probability of each of 1,200 rows; half of them are positive. Each bad one must be refused by the
    check that is for it: a constant by `roc_auc`, scores close to a constant by `brier_skill`, reversed scores by `roc_auc`, a
    mean score that is 0.25 too low or too high by `calibration_gap`, a worse model than the champion by
    `uplift over the champion`, and a score that is no probability by `loads and scores`. So a threshold that refuses nothing is
    found, and so is one that refuses everything.

    Args:
        judge: The gate: it gets the candidate, the champion or None, and the rows; e.g. `QualityGate(rules).evaluate`.

    Raises:
        AssertionError: The gate refuses the good model, or a check passes the bad one that it is for.

    Example:
        >>> from databricks_utils.mlops import GateRules, QualityGate
        >>> rules = GateRules(minimum_roc_auc=0.65, minimum_brier_skill=0.05, maximum_calibration_gap=0.05)
        >>> assert_gate_can_tell(QualityGate(rules).evaluate)
    """
    import numpy as np

    generator = np.random.default_rng(1)
    odds = generator.normal(0, _SPREAD, _ROWS)
    truth = 1 / (1 + np.exp(-odds))
    labels = (generator.uniform(size=_ROWS) < truth).astype(int)
    rows = _rows(labels)
    good = _Known("good", truth)
    worse = _Known("worse", 1 / (1 + np.exp(-odds - generator.normal(0, 2 * _SPREAD, _ROWS))))
    for champion in (None, worse):
        decision = judge(good, champion, rows)
        assert decision.passed, f"the gate refuses a model that knows the true probabilities:\n{decision}"
    bad: dict[str, tuple[np.ndarray[Any, Any], _Known | None, str]] = {
        "a constant": (np.full(_ROWS, labels.mean()), None, "roc_auc"),
        "scores close to a constant": (0.5 + (truth - 0.5) / 100, None, "brier_skill"),
        "reversed scores": (1 - truth, None, "roc_auc"),
        "scores that are too low": (truth / 2, None, "calibration_gap"),
        "scores that are too high": (truth / 2 + 0.5, None, "calibration_gap"),
        "a worse model than the champion": (worse.scores, good, "uplift over the champion"),
        "scores that are no probabilities": (np.full(_ROWS, np.nan), None, "loads and scores"),
    }
    for what, (scores, champion, name) in bad.items():
        decision = judge(_Known(what, scores), champion, rows)
        refused_by = {check.name for check in decision.checks if not check.passed}
        assert not decision.passed, f"the gate passes {what}:\n{decision}"
        assert name in refused_by, f"`{name}` does not refuse {what}:\n{decision}"


def _rows(labels: np.ndarray[Any, Any]) -> Holdout:
    import pandas as pd

    from databricks_utils.mlops import Holdout

    groups = [str(row % _GROUPS) for row in range(_ROWS)]
    return Holdout(pd.DataFrame({"row": range(_ROWS)}), labels.tolist(), groups)
