"""The settings of every environment: thresholds that refuse something, and sample data only where it belongs."""

from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from databricks_utils.config import ConfigError, ConfigLoader
from databricks_utils.mlops import GateRules, QualityGate, WindowPerformance, advise
from databricks_utils.quality import QuarantineShareError, assert_quarantine_share
from databricks_utils.testing import assert_gate_can_tell, assert_monitoring_notices

from flights.settings import FlightsSettings

pytestmark = [pytest.mark.contract, pytest.mark.unit]
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ("local", "lab", "dev", "staging", "prod")
CONFIGS = {environment: ConfigLoader.load(environment, ROOT / "config") for environment in ENVIRONMENTS}
SETTINGS = {environment: config.extra_as(FlightsSettings) for environment, config in CONFIGS.items()}


@pytest.mark.parametrize("gate", {settings.gate for settings in SETTINGS.values()})
def test_the_gate_passes_a_good_model_and_refuses_bad_ones(gate):
    assert_gate_can_tell(QualityGate(GateRules(**gate.model_dump())).evaluate)


@pytest.mark.parametrize(
    ("bounds", "drift"),
    {(SETTINGS[each].monitor, CONFIGS[each].monitoring.drift_threshold) for each in ENVIRONMENTS},
)
def test_monitoring_notices_each_kind_of_decay(bounds, drift):
    assert_monitoring_notices(bounds, drift_threshold=drift)


def window(month, *violations):
    return WindowPerformance(date(2013, month, 1), "1", 100, 100, 0.2, 0.2, 0.7, 0.1, 0.0, violations)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_new_model_is_due_after_two_bad_months_not_after_one(environment):
    monitoring = CONFIGS[environment].monitoring
    advice = partial(advise, latest=monitoring.windows, violations=monitoring.violations)
    good = [window(month) for month in (1, 2, 3)]
    assert not advice([*good, window(4), window(5, "roc_auc")]).due
    assert advice([*good, window(4, "roc_auc"), window(5, "roc_auc")]).due


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_delivery_with_one_invalid_record_in_ten_stops_the_pipeline(environment):
    maximum = CONFIGS[environment].quality.max_quarantined_share
    with pytest.raises(QuarantineShareError):
        assert_quarantine_share(table="flights", rows=100, quarantined=10, maximum=maximum)
    assert_quarantine_share(table="flights", rows=1000, quarantined=1, maximum=maximum)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_sample_data_reaches_only_the_environments_of_developers(environment):
    assert bool(SETTINGS[environment].sample_drops) == (environment in {"local", "dev"})


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_prediction_is_made_an_hour_before_departure_for_a_delay_of_more_than_a_quarter(environment):
    settings = SETTINGS[environment]
    assert (settings.lead_minutes, settings.late_after_minutes) == (60, 15)


def test_the_landing_volume_is_that_of_the_bundle():
    (volume,) = yaml.safe_load((ROOT / "resources" / "files.volume.yml").read_text())["resources"]["volumes"].values()
    assert {config.storage.landing_volume for config in CONFIGS.values()} == {volume["name"]}
    assert volume["schema_name"] == "${resources.schemas.landing.name}"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_earlier_versions_of_tables_stay_for_at_least_a_week(environment):
    assert CONFIGS[environment].maintenance.retention_hours >= 168
    with pytest.raises(ConfigError, match="Delta needs at least 168 hours"):
        ConfigLoader.load(environment, ROOT / "config", overrides={"maintenance.retention_hours": 167})


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_month_lies_between_two_periods(environment):
    periods = SETTINGS[environment].periods
    for earlier, later in pairwise((periods.train, periods.validate_, periods.test, periods.score)):
        assert later.first == periods.grain.end_of(earlier.last)


@pytest.mark.parametrize("environment", [each for each in ENVIRONMENTS if each != "local"])
def test_a_model_learns_from_at_least_three_months(environment):
    train = SETTINGS[environment].periods.train
    assert (train.last.year - train.first.year) * 12 + train.last.month - train.first.month >= 2


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_model_that_is_better_by_chance_does_not_replace_the_champion(environment):
    gate = SETTINGS[environment].gate
    assert gate.minimum_uplift >= 0
    assert gate.confidence >= 0.8
