"""The quality gate: a candidate passes if it reaches the thresholds and is not worse than the champion.

The comparison and the thresholds use different rows: rows that have chosen a model no longer measure it fairly.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from databricks_utils.mlops.errors import ChampionBrokenError, GateRuleError, MlopsError
from databricks_utils.mlops.gate.decision import GateCheck, GateDecision
from databricks_utils.mlops.gate.models import Holdout, Scorer
from databricks_utils.mlops.gate.rules import GateRules
from databricks_utils.mlops.gate.uplift import Uplift, paired_uplift
from databricks_utils.mlops.metrics import Metrics, measure

if TYPE_CHECKING:
    import numpy as np

_FEWEST_ROWS_OF_A_CLASS = 30
_FEWEST_GROUPS = 10  # an interval from fewer resampled groups says nothing
_WORKS = "loads and scores"


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
        checks = [works, *self._thresholds(measure(exam_labels, exam_scores))]
        if champion is None:
            return GateDecision(candidate.reference, None, tuple(checks))
        others = self._scores_of_champion(champion, holdout)
        checks.append(self._not_worse(labels, scores, others, holdout.groups))
        on_exam = others if examined is holdout else self._scores_of_champion(champion, examined)
        figures = measure(exam_labels, on_exam).as_dict()
        return GateDecision(candidate.reference, reference, tuple(checks), figures)

    def _labels(self, holdout: Holdout) -> "np.ndarray[Any, Any]":
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

    def _scores_of_champion(self, champion: Scorer, holdout: Holdout) -> "np.ndarray[Any, Any]":
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

    def _thresholds(self, found: Metrics) -> list[GateCheck]:
        rules, auc, skill, gap = self._rules, found.roc_auc, found.brier_skill, found.calibration_gap
        floor, least, widest = rules.minimum_roc_auc, rules.minimum_brier_skill, rules.maximum_calibration_gap
        return [
            GateCheck("roc_auc", auc >= floor, auc, floor, f"{auc:.4f}, at least {floor:.4f}"),
            GateCheck(
                "brier_skill",
                skill >= least,
                skill,
                least,
                f"{skill:.4f}, at least {least:.4f} (Brier score {found.brier:.4f}, a constant {found.brier_of_constant:.4f})",
            ),
            GateCheck(
                "calibration_gap",
                abs(gap) <= widest,
                gap,
                widest,
                f"{gap:+.4f}, at most {widest:.4f} either way (mean score {found.mean_score:.4f}, share of positives {found.share:.4f})",
            ),
        ]

    def _not_worse(
        self,
        labels: "np.ndarray[Any, Any]",
        scores: "np.ndarray[Any, Any]",
        others: "np.ndarray[Any, Any]",
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


def _scores(model: Scorer, holdout: Holdout) -> "np.ndarray[Any, Any]":
    """Return a model's scores, one for each row.

    Raises:
        ValueError: The scores are not one probability for each row.
    """
    import numpy as np

    scores = np.asarray(model.score(holdout.frame), dtype=float)
    if scores.shape != (len(holdout.frame),) or not bool(((scores >= 0) & (scores <= 1)).all()):
        raise ValueError("the scores are not one probability for each row")
    return scores
