"""What the tasks do with the library's answers, without Spark; `tests/steps` runs them on real tables."""

import json
from datetime import date
from unittest.mock import call, create_autospec

import databricks_utils.mlops
import pytest
from databricks_utils.config import SparkSessionFactory
from databricks_utils.medallion import Account, AccountingError, Ingested, Medallion, Refined, Transformed
from databricks_utils.mlops import (
    Advice,
    Evaluation,
    GateCheck,
    GateDecision,
    MissingModelError,
    ModelReference,
    ModelRegistry,
    MonitorBounds,
    Monitoring,
    RegisteredModel,
    WindowPerformance,
)
from job_steps import Steps

import flights.medallion
from flights.evaluation import job as evaluation
from flights.medallion import open_medallion
from flights.monitoring import verification
from flights.settings import FlightsSettings
from flights.training import roll_back_model
from flights.training.late_arrival import late_arrival

pytestmark = pytest.mark.unit


@pytest.fixture
def tasks(lakehouse_project, monkeypatch):
    """Return the tasks, without Spark."""
    monkeypatch.setattr(SparkSessionFactory, "create", lambda *_: None)
    return Steps(None, lakehouse_project / "config", "")


@pytest.fixture
def medallion(monkeypatch):
    """Return the medallion that the tasks get: it records the calls of its methods."""
    double = create_autospec(Medallion, instance=True)
    for module in (flights.medallion, verification):
        monkeypatch.setattr(module, "open_medallion", lambda *_: double)
    return double


def test_the_medallion_has_every_declared_table(tasks):
    medallion = open_medallion(tasks.spark, tasks.context)
    assert {entity.name for entity in medallion.entities} == {"flights", "weather", "planes", "airlines", "airports"}
    assert {table.name for table in medallion.derived} == {"flights_enriched", "delays_by_carrier_route_day"}


def test_the_samples_are_delivered_and_then_every_source_is_loaded(tasks, medallion):
    medallion.ingest.return_value = [Ingested("flights", 1, 2, 0, (), "flights_raw", "nothing delivered yet")]
    tasks.notebook("01_ingest_bronze")
    samples = tasks.context.root / tasks.context.config.extra_as(FlightsSettings).sample_drops
    assert medallion.method_calls == [call.deliver(samples), call.ingest()]


def account(*, bronze):
    return Account("flights", landed=3, bronze=bronze, silver=3, updated=0, quarantined=0, duplicates=0)


def test_the_transformation_gets_its_parameters_and_fails_if_a_record_was_lost(tasks, medallion):
    refined = Refined("flights", 3, 0, 3, 0, (), 0, "flights")
    parameters = {"mode": "rebuild", "accept_quarantined": "planes", "since": "2013-02-01"}
    medallion.transform.return_value = Transformed((refined,), (), (account(bronze=3),))
    tasks.notebook("02_transform_silver_gold", **parameters)
    assert medallion.method_calls == [call.transform(**parameters)]
    medallion.transform.return_value = Transformed((refined,), (), (account(bronze=3), account(bronze=2)))
    with pytest.raises(AccountingError):
        tasks.notebook("02_transform_silver_gold", **parameters)


def test_the_verification_fails_if_a_record_was_lost(tasks, medallion):
    medallion.account.return_value = [account(bronze=2)]
    with pytest.raises(AccountingError):
        tasks.task(verification.main)


def test_an_evaluation_without_a_champion_fails(tasks, monkeypatch):
    def refuse(*_):
        raise MissingModelError("the gate refused every candidate")

    monkeypatch.setattr(evaluation, "evaluate", refuse)
    with pytest.raises(MissingModelError):
        tasks.task(evaluation.main)


def test_the_verdict_of_the_gate_is_reported(tasks, monkeypatch, tmp_path):
    candidate, check = ModelReference("late", "2"), GateCheck("roc_auc", True, 0.7, 0.6, "0.7 of 0.6")
    decision = GateDecision(candidate, None, (check,))
    judged = Evaluation((decision,), RegisteredModel(candidate, "abc", {}))
    monkeypatch.setattr(evaluation, "evaluate", lambda *_: judged)
    monkeypatch.setenv("LAKEWRIGHT_REPORT", str(tmp_path / "reports.jsonl"))
    tasks.task(evaluation.main)
    (report,) = map(json.loads, (tmp_path / "reports.jsonl").read_text().splitlines())
    assert (report["kind"], report["version"], report["gate"]["verdict"]) == ("model", "2", "passed")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_rollback_without_a_reason_fails(tasks, monkeypatch, reason):
    monkeypatch.setattr(roll_back_model, "ModelRegistry", None)
    with pytest.raises(roll_back_model.NoReasonError) as refused:
        tasks.task(roll_back_model.main, reason=reason)
    assert "lakewright run roll_back_model --param reason=" in str(refused.value.fix)


def test_a_rollback_keeps_its_reason(tasks, monkeypatch, capsys):
    registry = create_autospec(ModelRegistry, instance=True)
    registry.rollback.return_value = RegisteredModel(ModelReference("late", "1"), "abc", {})
    monkeypatch.setattr(roll_back_model, "ModelRegistry", lambda: registry)
    tasks.task(roll_back_model.main, reason="too many false alarms")
    name = late_arrival(tasks.context).model_in(tasks.context)
    assert registry.method_calls == [call.rollback(name, reason="too many false alarms")]
    assert "too many false alarms" in capsys.readouterr().out


@pytest.mark.parametrize("due", [True, False])
def test_the_job_learns_whether_a_new_model_is_due(tasks, monkeypatch, due):
    month = WindowPerformance(date(2013, 7, 1), "1", 100, 100, 0.2, 0.2, 0.7, 0.1, 0.0, ())
    bounds = MonitorBounds(minimum_roc_auc=0.6, maximum_calibration_gap=0.1)
    measured = Monitoring((month,), Advice(due, ""), (), bounds)
    monkeypatch.setattr(databricks_utils.mlops, "monitor", lambda *_: measured)
    assert tasks.notebook("05_monitoring") == {"retraining_due": due}
