"""The quality gate: a candidate passes if it reaches the thresholds and is not worse than the champion.

The comparison and the thresholds use different rows: rows that have chosen a model no longer measure it fairly.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from databricks_utils.mlops.errors import ChampionBrokenError, GateRuleError, MlopsError
from databricks_utils.mlops.ranking import RankedScores, Uplift, paired_uplift

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_FEWEST_ROWS_OF_A_CLASS = 30
_FEWEST_GROUPS = 10  # an interval from fewer resampled groups says nothing
_WORKS = "loads and scores"


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

    def score(self, frame: "pd.DataFrame") -> "np.ndarray":
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


@dataclass(frozen=True)
class GateRules:
    """The thresholds for a candidate.

    Attributes:
        minimum_roc_auc: Absolute floor, 0.5 to 1.
        minimum_brier_skill: Absolute floor of the Brier skill score, 0 to below 1. It is the share by which the model's
            Brier score (mean squared error of the probability) is below that of a constant: the share of positives.
        maximum_calibration_gap: Largest distance of the mean score from the share of positives, above 0 to 1.
        minimum_uplift: Minimum of the lower bound of the uplift in ROC AUC over the champion. 0: the candidate is better
            with the given confidence; a little below 0: it is not worse by more than that.
        confidence: Confidence of the two-sided interval of the uplift, 0 to 1.
        resamples: Number of bootstrap samples.
        seed: The same seed gives the same verdict.

    Raises:
        GateRuleError: A threshold is outside its range, so that every model or no model could pass.

    Source: Brier skill score: Wilks, Statistical Methods in the Atmospheric Sciences (2011), section 8.4.
    """

    minimum_roc_auc: float
    minimum_brier_skill: float
    maximum_calibration_gap: float
    minimum_uplift: float = 0.0
    confidence: float = 0.9
    resamples: int = 400
    seed: int = 0

    def __post_init__(self) -> None:
        in_range = {
            "minimum_roc_auc: 0.5 to 1": 0.5 <= self.minimum_roc_auc <= 1,
            "minimum_brier_skill: 0 to below 1": 0 <= self.minimum_brier_skill < 1,
            "maximum_calibration_gap: above 0 to 1": 0 < self.maximum_calibration_gap <= 1,
            "minimum_uplift: -1 to 1": -1 <= self.minimum_uplift <= 1,
            "confidence: between 0 and 1": 0 < self.confidence < 1,
        }
        if not all(in_range.values()):
            raise GateRuleError(
                "gate: a threshold is outside its range",
                detail=str(self),
                fix="; ".join(allowed for allowed, holds in in_range.items() if not holds),
            )


@dataclass(frozen=True)
class GateCheck:
    """One check of the gate.

    Attributes:
        name: Name of the check.
        passed: Whether it passed.
        observed: The measured value; NaN if it could not be measured.
        required: The required value.
        detail: The result as text.
    """

    name: str
    passed: bool
    observed: float
    required: float
    detail: str


@dataclass(frozen=True)
class GateDecision:
    """The verdict of the gate, which `ModelRegistry.promote` requires.

    Attributes:
        candidate: The version that was judged.
        champion: The version that it was compared with; None if there was no champion.
        checks: All checks with their results.
    """

    candidate: ModelReference
    champion: ModelReference | None
    checks: tuple[GateCheck, ...]

    @property
    def passed(self) -> bool:
        """True if there was at least one check, and all passed."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def verdict(self) -> str:
        """`passed` or `refused`."""
        return "passed" if self.passed else "refused"

    def as_dict(self) -> dict[str, Any]:
        """Return the decision as plain data, for a tag, a report or an artifact."""
        return {**asdict(self), "verdict": self.verdict}

    def __str__(self) -> str:
        """Return the verdict and the checks, one on each line."""
        against = f"champion version {self.champion.version}" if self.champion else "no champion"
        head = f"{self.candidate.name} version {self.candidate.version} against {against}: {self.verdict}"
        return "\n".join(
            [head, *(f"  {'ok ' if c.passed else 'NO '} {c.name}: {c.detail}" for c in self.checks)]
        )


class QualityGate:
    """Judges candidates by fixed rules; the same scores always give the same verdict.

    Args:
        rules: The thresholds.
    """

    def __init__(self, rules: GateRules) -> None:
        self._rules = rules

    def evaluate(
        self, candidate: Scorer, champion: Scorer | None, holdout: Holdout, exam: Holdout | None = None
    ) -> GateDecision:
        """Judge a candidate on rows that neither model has seen.

        A candidate that cannot score every row is refused. A champion that cannot score is an error, for then there is nothing
        to compare with.

        Args:
            candidate: The version to judge.
            champion: The version that it would replace; None if there is none.
            holdout: The rows for the comparison with the champion.
            exam: The rows for the absolute thresholds, which no model was chosen by; None if `holdout` serves for both.

        Raises:
            ChampionBrokenError: The champion does not return one probability for each row.
            GateRuleError: A holdout has too few rows of a class, or too few groups, to compare models.
        """
        examined = exam or holdout
        labels, exam_labels = self._labels(holdout), self._labels(examined)
        reference = champion.reference if champion else None
        try:
            scores = _scores(candidate, holdout)
            exam_scores = scores if examined is holdout else _scores(candidate, examined)
        except Exception as error:  # noqa: BLE001 - a model that fails in any way is refused
            detail = f"failed: {type(error).__name__}: {error}"
            broken = GateCheck(_WORKS, passed=False, observed=math.nan, required=1.0, detail=detail)
            return GateDecision(candidate.reference, reference, (broken,))
        rows = len(holdout.frame) + (0 if examined is holdout else len(examined.frame))
        works = GateCheck(_WORKS, passed=True, observed=1.0, required=1.0, detail=f"{rows:,} rows")
        checks = [works, *self._thresholds(exam_labels, exam_scores)]
        if champion is not None:
            others = self._scores_of_champion(champion, holdout)
            checks.append(self._not_worse(labels, scores, others, holdout.groups))
        return GateDecision(candidate.reference, reference, tuple(checks))

    def _labels(self, holdout: Holdout) -> "np.ndarray":
        import numpy as np

        labels = np.asarray(holdout.labels, dtype=float)
        positive = int((labels == 1).sum())
        if (
            len(labels) != len(holdout.frame)
            or min(positive, int((labels == 0).sum())) < _FEWEST_ROWS_OF_A_CLASS
        ):
            raise GateRuleError(
                "gate: the holdout cannot be used to compare models",
                detail=f"{len(holdout.frame):,} rows, {len(labels):,} labels, {positive:,} of them positive",
                fix=f"use at least {_FEWEST_ROWS_OF_A_CLASS} rows of each class, with one label for each row",
            )
        _check_groups(holdout)
        return labels

    def _scores_of_champion(self, champion: Scorer, holdout: Holdout) -> "np.ndarray":
        try:
            return _scores(champion, holdout)
        except Exception as error:
            name, version = champion.reference.name, champion.reference.version
            raise ChampionBrokenError(
                f"gate: the champion, version {version} of {name}, cannot score the holdout; no candidate can be compared",
                detail=f"{type(error).__name__}: {error}",
                location=name,
                fix=(isinstance(error, MlopsError) and error.fix)
                or "if its files cannot be read, fix that and evaluate again; if the model itself is broken, go back to the "
                f"version before it: ModelRegistry().rollback({name!r}).\nIf it replaced no version, a person must decide to "
                "start anew: without a champion the next candidate is judged by the absolute thresholds alone:\n"
                f"MlflowClient().delete_registered_model_alias({name!r}, 'champion')",
            ) from error

    def _thresholds(self, labels: "np.ndarray", scores: "np.ndarray") -> list[GateCheck]:
        import numpy as np

        auc = RankedScores(labels, scores).auc(np.ones(len(labels)))
        share = float(labels.mean())
        brier, constant = float(((scores - labels) ** 2).mean()), share * (1 - share)
        skill, gap = 1 - brier / constant, float(scores.mean()) - share
        floor, least, widest = (
            self._rules.minimum_roc_auc,
            self._rules.minimum_brier_skill,
            self._rules.maximum_calibration_gap,
        )
        return [
            GateCheck("roc_auc", auc >= floor, auc, floor, f"{auc:.4f}, at least {floor:.4f}"),
            GateCheck(
                "brier_skill",
                skill >= least,
                skill,
                least,
                f"{skill:.4f}, at least {least:.4f} (Brier score {brier:.4f}, a constant {constant:.4f})",
            ),
            GateCheck(
                "calibration_gap",
                abs(gap) <= widest,
                gap,
                widest,
                f"{gap:+.4f}, at most {widest:.4f} either way (mean score {scores.mean():.4f}, share of positives {share:.4f})",
            ),
        ]

    def _not_worse(
        self,
        labels: "np.ndarray",
        scores: "np.ndarray",
        others: "np.ndarray",
        groups: Sequence[str] | None,
    ) -> GateCheck:
        import numpy as np

        rules = self._rules
        uplift: Uplift = paired_uplift(
            labels,
            scores,
            others,
            groups=None if groups is None else np.asarray(groups),
            resamples=rules.resamples,
            confidence=rules.confidence,
            seed=rules.seed,
        )
        detail = (
            f"{uplift.estimate:+.4f}, {rules.confidence:.0%} interval {uplift.lower:+.4f} to {uplift.upper:+.4f}; "
            f"the lower bound must reach {rules.minimum_uplift:+.4f}"
        )
        return GateCheck(
            "uplift over the champion",
            uplift.lower >= rules.minimum_uplift,
            uplift.lower,
            rules.minimum_uplift,
            detail,
        )


def _check_groups(holdout: Holdout) -> None:
    if holdout.groups is None:
        return
    known = [group for group in holdout.groups if group is not None and group == group]  # noqa: PLR0124 - NaN
    count = len(set(known))
    if len(known) != len(holdout.frame) or count < _FEWEST_GROUPS:
        raise GateRuleError(
            "gate: the groups of the holdout cannot be used to compare models",
            detail=f"{len(holdout.frame):,} rows, {len(known):,} of them with a group, {count:,} groups",
            fix=f"use a column without NULL and with at least {_FEWEST_GROUPS} values as `Columns.group`, or a longer period",
        )


def _scores(model: Scorer, holdout: Holdout) -> "np.ndarray":
    """Return a model's scores, one for each row.

    Raises:
        ValueError: The scores are not one probability for each row.
    """
    import numpy as np

    scores = np.asarray(model.score(holdout.frame), dtype=float)
    if scores.shape != (len(holdout.frame),) or not bool(((scores >= 0) & (scores <= 1)).all()):
        raise ValueError("the scores are not one probability for each row")
    return scores
