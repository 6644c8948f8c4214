"""The gate lets a model pass that is good enough and not worse than the champion, and refuses every other."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from databricks_utils.mlops import (
    ChampionBrokenError,
    GateRuleError,
    GateRules,
    Holdout,
    ModelReference,
    QualityGate,
)
from databricks_utils.mlops.gate.uplift import RankedScores, paired_uplift
from databricks_utils.mlops.metrics import measure

pytestmark = pytest.mark.unit
GENERATOR = np.random.default_rng(3)
TRUTH = GENERATOR.uniform(size=3000)
LABELS = (GENERATOR.uniform(size=3000) < TRUTH).astype(int)
HOLDOUT = Holdout(pd.DataFrame({"truth": TRUTH}), LABELS.tolist())
RULES = GateRules(minimum_roc_auc=0.7, minimum_brier_skill=0.2, maximum_calibration_gap=0.05)


class Model:
    """Knows the truth, blurred by noise."""

    def __init__(self, version, noise, break_with=None):
        self.reference = ModelReference("c.s.m", version)
        blur = np.random.default_rng(int(version)).normal(0, noise, 3000)
        self.values, self.break_with = np.clip(TRUTH + blur, 0, 1), break_with

    def score(self, frame):
        if isinstance(self.break_with, Exception):
            raise self.break_with
        return self.values if self.break_with is None else self.break_with


def evaluate(candidate, champion=None, rules=RULES):
    return QualityGate(rules).evaluate(candidate, champion, HOLDOUT)


def refused(decision):
    return [check.name for check in decision.checks if not check.passed]


def test_the_first_model_needs_to_reach_only_the_thresholds():
    decision = evaluate(Model("1", 0.05))
    assert decision.passed
    assert decision.champion is None


def test_a_better_and_an_equal_candidate_pass():
    assert evaluate(Model("2", 0.0), Model("1", 0.5)).passed
    assert evaluate(Model("1", 0.05), Model("1", 0.05)).passed


def test_a_candidate_below_the_champion_is_refused_even_if_it_reaches_the_thresholds():
    rules = GateRules(minimum_roc_auc=0.6, minimum_brier_skill=0.0, maximum_calibration_gap=1.0)
    assert refused(evaluate(Model("2", 0.3), Model("1", 0.0), rules)) == ["uplift over the champion"]


def test_a_model_no_better_than_chance_is_refused():
    assert "roc_auc" in refused(evaluate(Model("1", 20.0)))


def test_a_decision_holds_the_figures_of_the_champion_on_the_rows_of_the_thresholds():
    exam = Holdout(HOLDOUT.frame.copy(), [1 - label for label in HOLDOUT.labels])
    champion = Model("1", 0.1)
    decision = QualityGate(RULES).evaluate(Model("2", 2.0), champion, HOLDOUT, exam)
    expected = measure(np.array(exam.labels), champion.values).as_dict()
    assert decision.champion_metrics == decision.as_dict()["champion_metrics"] == expected
    assert f"the champion on the same rows: roc_auc {expected['roc_auc']:.4f}, brier" in str(decision)
    assert evaluate(Model("1", 0.05)).champion_metrics == {}


def test_a_decision_as_data_is_json_also_if_nothing_could_be_measured():
    decision = evaluate(Model("2", 0.0, break_with=RuntimeError("gone")))
    written = json.dumps(decision.as_dict(), allow_nan=False)
    assert json.loads(written)["checks"][0]["observed"] is None


def test_probabilities_that_are_too_low_are_refused():
    model = Model("1", 0.0)
    model.values = model.values * 0.2
    assert refused(evaluate(model)) == ["brier_skill", "calibration_gap"]


def test_probabilities_that_are_a_little_too_high_are_refused_by_their_calibration():
    model = Model("1", 0.0)
    model.values = np.clip(model.values + 0.1, 0, 1)
    assert refused(evaluate(model)) == ["calibration_gap"]


def test_a_constant_score_is_refused_even_if_its_mean_is_right():
    constant = Model("1", 0.0)
    constant.values = np.full(3000, LABELS.mean())
    decision = evaluate(constant)
    assert refused(decision) == ["roc_auc", "brier_skill"]
    skill = next(check for check in decision.checks if check.name == "brier_skill")
    assert skill.observed == pytest.approx(0)


def test_the_thresholds_are_measured_on_the_exam_and_the_uplift_on_the_holdout():
    other = np.random.default_rng(4).permutation(LABELS)
    exam = Holdout(HOLDOUT.frame.copy(), other.tolist())
    decision = QualityGate(RULES).evaluate(Model("2", 0.0), Model("1", 0.5), HOLDOUT, exam)
    assert refused(decision) == ["roc_auc", "brier_skill"]
    turned = QualityGate(RULES).evaluate(Model("2", 0.0), Model("1", 0.0), exam, HOLDOUT)
    assert refused(turned) == []
    assert "6,000 rows" in turned.checks[0].detail


@pytest.mark.parametrize(
    "broken",
    [
        RuntimeError("no such file"),
        np.zeros(5),
        np.full(3000, np.nan),
        np.full(3000, 1.5),
        np.zeros((3000, 2)),
    ],
)
def test_a_model_that_does_not_score_is_refused_and_not_an_error(broken):
    assert refused(evaluate(Model("1", 0.0, broken))) == ["loads and scores"]


def test_a_champion_that_does_not_score_is_an_error():
    with pytest.raises(RuntimeError, match="no such file"):
        evaluate(Model("2", 0.0), Model("1", 0.0, RuntimeError("no such file")))


def test_the_same_seed_gives_the_same_verdict():
    assert evaluate(Model("2", 0.1), Model("1", 0.12)) == evaluate(Model("2", 0.1), Model("1", 0.12))


def test_a_holdout_of_one_class_or_of_too_few_labels_is_refused():
    for labels in ([0] * 3000, LABELS.tolist()[:100]):
        with pytest.raises(GateRuleError, match="cannot be used to compare models"):
            QualityGate(RULES).evaluate(Model("1", 0.0), None, Holdout(HOLDOUT.frame, labels))


@pytest.mark.parametrize(
    "change",
    [
        {"minimum_roc_auc": 0.4},
        {"minimum_brier_skill": -0.1},
        {"minimum_brier_skill": 1.0},
        {"maximum_calibration_gap": 0},
        {"minimum_uplift": -2.0},
        {"confidence": 1.0},
    ],
)
def test_a_threshold_that_all_models_or_none_can_reach_is_refused(change):
    good = {"minimum_roc_auc": 0.7, "minimum_brier_skill": 0.1, "maximum_calibration_gap": 0.1}
    with pytest.raises(GateRuleError) as refusal:
        GateRules(**{**good, **change})
    assert refusal.value.fix.startswith(f"{next(iter(change))}: ")
    assert ";" not in refusal.value.fix


def test_the_weighted_auc_is_scikit_learns_with_ties_too():
    scores = np.round(TRUTH, 1)
    weights = np.random.default_rng(1).integers(0, 4, 3000).astype(float)
    expected = roc_auc_score(LABELS, scores, sample_weight=weights)
    assert RankedScores(LABELS, scores).auc(weights) == pytest.approx(expected, abs=1e-12)


def days_of_equal_outcomes(days, rows):
    """Return labels that are equal within a day, two models' scores, and the days: as many facts as days."""
    generator = np.random.default_rng(11)
    label = generator.integers(0, 2, days)
    first, second = (label + generator.normal(0, noise, days) for noise in (1.0, 1.2))
    repeated = [np.repeat(values, rows) for values in (label, first, second, np.arange(days).astype(str))]
    return repeated[0].astype(float), *repeated[1:]


def test_rows_of_a_group_count_as_one_fact():
    labels, first, second, day = days_of_equal_outcomes(40, 50)
    given = {"resamples": 400, "confidence": 0.9, "seed": 1}
    once = paired_uplift(labels[::50], first[::50], second[::50], **given)
    grouped = paired_uplift(labels, first, second, groups=day, **given)
    row_by_row = paired_uplift(labels, first, second, **given)
    width = grouped.upper - grouped.lower
    assert width == pytest.approx(once.upper - once.lower, rel=0.25)
    assert width > 4 * (row_by_row.upper - row_by_row.lower)
    assert grouped.estimate == row_by_row.estimate == pytest.approx(once.estimate)


def test_the_groups_of_the_holdout_can_turn_the_verdict():
    labels, first, second, day = days_of_equal_outcomes(40, 50)
    squeezed = [1 / (1 + np.exp(-2 * (scores - 0.5))) for scores in (first, second)]
    better, champion = Model("2", 0.0), Model("1", 0.0)
    better.values, champion.values = squeezed
    rules = GateRules(minimum_roc_auc=0.5, minimum_brier_skill=0.0, maximum_calibration_gap=1.0)
    frame = pd.DataFrame({"day": day})
    judged = [
        QualityGate(rules).evaluate(better, champion, Holdout(frame, labels.tolist(), groups))
        for groups in (None, day.tolist())
    ]
    assert judged[0].passed
    assert refused(judged[1]) == ["uplift over the champion"]


@pytest.mark.parametrize("groups", [["a", "b"] * 1500, [None, *"abcdefghijk"] * 250, [*"abcdefghijk"]])
def test_few_or_missing_groups_are_refused(groups):
    with pytest.raises(GateRuleError, match="the groups of the holdout") as refusal:
        QualityGate(RULES).evaluate(Model("1", 0.0), None, Holdout(HOLDOUT.frame, LABELS.tolist(), groups))
    assert "Columns.group" in refusal.value.fix


def test_the_interval_holds_the_estimate():
    uplift = paired_uplift(LABELS, TRUTH, np.round(TRUTH, 1), resamples=200, confidence=0.9, seed=1)
    assert uplift.lower <= uplift.estimate <= uplift.upper


NOT_A_PROBABILITY = "not one probability for each row"


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        (RuntimeError("no such column: hour"), "no such column: hour"),
        (np.full(3000, np.nan), NOT_A_PROBABILITY),
        (np.zeros(7), NOT_A_PROBABILITY),
    ],
)
def test_a_champion_that_cannot_score_is_an_error_with_the_way_back(broken, cause):
    with pytest.raises(ChampionBrokenError) as refusal:
        evaluate(Model("2", 0.0), Model("1", 0.1, break_with=broken))
    assert "rollback('c.s.m')" in refusal.value.fix
    assert "the next candidate is judged by the absolute thresholds alone" in refusal.value.fix
    assert cause in str(refusal.value.__cause__)
    assert "version 1 of c.s.m" in refusal.value.summary
