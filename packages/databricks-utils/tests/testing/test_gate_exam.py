"""A gate that cannot tell a good model from a bad one is found."""

import numpy as np
import pytest

from databricks_utils.mlops import GateCheck, GateDecision, GateRules, QualityGate
from databricks_utils.testing import assert_gate_can_tell

pytestmark = pytest.mark.unit


def gate(**changes):
    rules = {"minimum_roc_auc": 0.65, "minimum_brier_skill": 0.05, "maximum_calibration_gap": 0.05}
    return QualityGate(GateRules(**{**rules, "resamples": 100, **changes})).evaluate


def decided(candidate, *, passed):
    check = GateCheck("roc_auc", passed=passed, observed=0.5, required=0.5, detail="")
    return GateDecision(candidate.reference, None, (check,))


def test_a_gate_whose_checks_all_refuse_something_is_left_alone():
    assert_gate_can_tell(gate())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"minimum_roc_auc": 0.5}, "`roc_auc` does not refuse a constant"),
        ({"minimum_brier_skill": 0.0}, "the gate passes scores close to a constant"),
        ({"maximum_calibration_gap": 0.5}, "the gate passes scores that are too low"),
        ({"minimum_uplift": -1.0}, "`uplift over the champion` does not refuse a worse model"),
        ({"minimum_roc_auc": 1.0}, "the gate refuses a model that knows the true probabilities"),
        ({"minimum_uplift": 0.9}, "the gate refuses a model that knows the true probabilities"),
    ],
)
def test_a_threshold_that_refuses_nothing_or_everything_is_found(changes, message):
    with pytest.raises(AssertionError, match=message):
        assert_gate_can_tell(gate(**changes))


def test_a_gate_that_always_passes_is_found():
    with pytest.raises(AssertionError, match="the gate passes a constant"):
        assert_gate_can_tell(lambda candidate, *_: decided(candidate, passed=True))


def test_a_gate_that_is_upside_down_is_found():
    def upside_down(candidate, champion, rows):
        return decided(candidate, passed=not gate()(candidate, champion, rows).passed)

    with pytest.raises(AssertionError, match="the gate refuses a model that knows the true probabilities"):
        assert_gate_can_tell(upside_down)


def test_a_gate_that_forgets_the_champion_is_found():
    with pytest.raises(AssertionError, match="`uplift over the champion` does not refuse a worse model"):
        assert_gate_can_tell(lambda candidate, _, rows: gate()(candidate, None, rows))


def test_a_gate_that_takes_any_score_is_found():
    class Trusting:
        def __init__(self, model):
            self.reference, self.model = model.reference, model

        def score(self, frame):
            return np.nan_to_num(self.model.score(frame), nan=0.5)

    with pytest.raises(AssertionError, match="`loads and scores` does not refuse"):
        assert_gate_can_tell(lambda candidate, champion, rows: gate()(Trusting(candidate), champion, rows))
