"""What a project declares is checked when it is declared."""

import json
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from databricks_utils.catalog import CatalogHelper
from databricks_utils.config import ConfigError, ConfigLoader
from databricks_utils.context import Context
from databricks_utils.mlops import (
    Columns,
    DeclarationError,
    Grain,
    ModelSettings,
    Period,
    Periods,
    RescoreError,
)
from databricks_utils.mlops.predictions.rescoring import chosen_periods
from databricks_utils.testing import example_config_folder

pytestmark = pytest.mark.unit

PERIODS = {
    "train": {"first": "2013-01-01", "last": "2013-04-01"},
    "validate": {"first": "2013-05-01", "last": "2013-05-01"},
    "test": {"first": "2013-06-01", "last": "2013-06-01"},
    "score": {"first": "2013-07-01", "last": "2013-12-01"},
}
GATE = {"minimum_roc_auc": 0.65, "minimum_brier_skill": 0.05, "maximum_calibration_gap": 0.05}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"score": {"first": "2013-06-01", "last": "2013-07-01"}},
            "`score` starts on 2013-06-01, but `test` ends",
        ),
        (
            {"validate": {"first": "2013-04-01", "last": "2013-05-01"}},
            "`validate` starts on 2013-04-01, but `train`",
        ),
        (
            {"validate": PERIODS["test"], "test": PERIODS["validate"]},
            "`test` starts on 2013-05-01, but `validate`",
        ),
        ({"train": {"first": "2013-01-02", "last": "2013-02-01"}}, "first day of a month, e.g. 2013-01-01"),
        ({"train": {"first": "2013-02-01", "last": "2013-01-01"}}, "comes after"),
        ({"grain": "week"}, "first day of a week, e.g. 2012-12-31"),
        ({"grain": "year"}, "month"),
        ({"tain": PERIODS["train"]}, "tain"),
    ],
)
def test_periods_that_make_no_sense_are_refused(change, problem):
    assert Periods.model_validate(PERIODS).score.last == date(2013, 12, 1)
    with pytest.raises(ValidationError, match=problem):
        Periods.model_validate({**PERIODS, **change})


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("gate", {"minimum_roc_auc": 0.4}),
        ("gate", {"minimum_brier_skill": 1.0}),
        ("gate", {"maximum_calibration_gap": 0}),
        ("gate", {"confidence": 1.0}),
        ("gate", {"resamples": 5}),
        ("monitor", {"maximum_calibration_gap": 0}),
        ("monitor", {"minimum_roc_auc": 1.5}),
    ],
)
def test_a_bound_that_all_models_or_none_can_reach_is_refused(section, change):
    good = {
        "periods": PERIODS,
        "gate": GATE,
        "monitor": {"minimum_roc_auc": 0.66, "maximum_calibration_gap": 0.05},
    }
    ModelSettings.model_validate(good)
    with pytest.raises(ValidationError, match=next(iter(change))):
        ModelSettings.model_validate({**good, section: {**good[section], **change}})


def test_a_wrong_period_in_a_configuration_is_reported_with_its_file(tmp_path):
    (tmp_path / "config").mkdir()
    lines = ["project: flights", "catalog: {name: local_analytics, schema: flights}", "extra:"]
    lines += [f"  gate: {json.dumps(GATE)}"]
    lines += ["  monitor: {minimum_roc_auc: 0.66, maximum_calibration_gap: 0.05}", "  periods:"]
    lines += ["    train: {first: 2013-01-02, last: 2013-04-01}"]
    lines += [
        f"    {name}: {{first: {PERIODS[name]['first']}, last: {PERIODS[name]['last']}}}"
        for name in ("validate", "test", "score")
    ]
    (tmp_path / "config" / "local.yaml").write_text("\n".join(lines))
    config = ConfigLoader.load("local", tmp_path / "config")
    with pytest.raises(ConfigError, match=r"(?s)local\.yaml.*first day of a month"):
        config.extra_as(ModelSettings)


@pytest.mark.parametrize("grain", Grain)
def test_windows_follow_each_other_without_gap(grain):
    day, start = date(2023, 12, 15), grain.start_of(date(2023, 12, 15))
    for _ in range(40):
        assert grain.start_of(day) == start
        day += timedelta(days=1)
        if grain.start_of(day) != start:
            assert grain.end_of(start) == day
            start = day
    assert grain.granularity == f"1 {grain.value}"


def test_windows_to_score_again_are_named_as_they_are_shown():
    periods = Periods.model_validate(PERIODS)
    november = Period(first=date(2013, 11, 1), last=date(2013, 11, 1))
    assert chosen_periods("", periods) == ()
    assert chosen_periods("all", periods) == (periods.score,)
    assert chosen_periods("2013-11, 2013-11-01", periods) == (november, november)
    assert [window.month for window in Grain.MONTH.windows(date(2013, 7, 1), date(2013, 9, 1))] == [7, 8, 9]
    for wrong in ("2013-06", "2013-11-02", "November", "all,2013-11"):
        with pytest.raises(RescoreError, match="is no window") as refusal:
            chosen_periods(wrong, periods)
        assert "from 2013-07 to 2013-12" in refusal.value.fix


def test_a_window_has_a_short_name():
    assert [grain.label(date(2013, 7, 1)) for grain in Grain] == ["2013-07", "2013-07-01", "2013-07-01"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"categories": ("seats",)}, "`seats` is named twice"),
        ({"numbers": ("seats", "late")}, "`late` is both the label and a feature"),
        ({"numbers": ()}, "at least one key and one feature"),
        ({"keys": ()}, "at least one key and one feature"),
    ],
)
def test_columns_that_contradict_themselves_are_refused(change, problem):
    good = {"keys": ("id",), "window": "month", "label": "late", "numbers": ("seats",)}
    Columns(**good)
    with pytest.raises(DeclarationError, match=problem):
        Columns(**{**good, **change})


def test_a_declaration_finds_its_tables_and_its_model(declare):
    config = ConfigLoader.load("dev", example_config_folder())
    context, problem = Context(config, CatalogHelper(config)), declare()
    assert problem.features_in(context) == "dev_analytics.flights_features.deliveries"
    assert problem.predictions_in(context) == "dev_analytics.flights_gold.predictions"
    assert problem.latest_predictions_in(context) == "dev_analytics.flights_gold.latest_predictions"
    assert problem.model_in(context) == f"dev_analytics.flights_models.{config.mlflow.model_name}"
