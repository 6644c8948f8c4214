"""The guard refuses whatever is not on the allow-list, and says why."""

import pytest

from databricks_utils.features import FeatureSet, LeakageError

pytestmark = pytest.mark.unit
FEATURES = FeatureSet(
    known=("carrier", "hour"),
    features=("carrier", "hour"),
    label="late",
    known_later={"delay": "only afterwards"},
)


def test_features_pass_in_the_order_asked_for():
    assert FEATURES.check(iter(["hour", "carrier"])) == ("hour", "carrier")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("delay", "only afterwards"),
        ("late", "it is the label"),
        ("carier", "did you mean `carrier`"),
        ("zzz", "not on"),
    ],
)
def test_anything_else_is_refused_with_its_reason(name, reason):
    with pytest.raises(LeakageError, match=reason):
        FEATURES.check(["hour", name])


@pytest.mark.parametrize("where", ["known", "features"])
@pytest.mark.parametrize("name", ["delay", "late"])
def test_a_feature_set_that_contains_the_outcome_is_refused(where, name):
    lists = {"known": ("hour",), "features": ("hour",), where: ("hour", name)}
    with pytest.raises(LeakageError, match=name):
        FeatureSet(**lists, label="late", known_later={"delay": "only afterwards"})


def test_the_label_is_no_key():
    with pytest.raises(LeakageError, match="late"):
        FEATURES.project(None, keys=["late"])
