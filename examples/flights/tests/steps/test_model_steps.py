"""Training, evaluation, scoring, monitoring and verification on a feature table whose outcomes are known."""

import json

import pandas as pd
import pytest
from databricks_utils.medallion import AccountingError
from databricks_utils.mlops import MissingModelError, ModelRegistry
from databricks_utils.testing import known_problem
from sklearn.metrics import roc_auc_score

from flights.evaluation import job as evaluation
from flights.monitoring import verification
from flights.settings import FlightsSettings
from flights.training.late_arrival import COLUMNS, late_arrival

pytestmark = pytest.mark.integration
ROWS = 300  # for each month


@pytest.fixture(scope="module")
def periods(steps):
    return steps.context.config.extra_as(FlightsSettings).periods


def known_features(periods):
    """Return the feature table: some flights on each day of all months, with outcomes that the features tell."""
    months = pd.date_range(periods.train.first, periods.score.last, freq="MS")
    features, labels = known_problem(COLUMNS, rows=ROWS * len(months))
    number = pd.Series(features.index)
    month = pd.Series(months.repeat(ROWS))
    day = month + pd.to_timedelta(number % 28, unit="D")
    keyed = features.assign(flight_date=day.dt.date, flight_number=number, origin="LGA", month=month.dt.date)
    return keyed.assign(predicted_at=day, late=labels.astype(float))


def deliver(steps, rows):
    table = steps.context.table("features", "flight_features")
    writer = steps.spark.createDataFrame(rows).write.mode("overwrite").option("overwriteSchema", "true")
    writer.saveAsTable(table)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Return the file that the steps write their reports to."""
    path = tmp_path_factory.mktemp("reports") / "reports.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKEWRIGHT_REPORT", str(path))
        yield path


@pytest.fixture(scope="module")
def monitored(delivered, periods, reports):
    """Train on noise first, which the gate refuses; then on outcomes that the features tell, and do all later steps."""
    rows = known_features(periods)
    deliver(delivered, rows.assign(late=rows["late"].sample(frac=1, random_state=1).to_numpy()))
    delivered.notebook("03_train_mlflow")
    with pytest.raises(MissingModelError, match="the gate refused every candidate"):
        delivered.task(evaluation.main)
    deliver(delivered, rows)
    delivered.notebook("03_train_mlflow")
    delivered.task(evaluation.main)
    delivered.notebook("04_batch_scoring")
    return rows, delivered.notebook("05_monitoring")


def test_a_model_of_noise_is_refused_and_a_good_one_becomes_champion(steps, monitored):
    champion = ModelRegistry().get(late_arrival(steps.context).model_in(steps.context), "champion")
    assert champion.verdict == "passed"
    assert set(champion.inputs) == set(COLUMNS.types)


def test_the_verdict_of_the_gate_is_reported(monitored, reports):
    models = [item for item in map(json.loads, reports.read_text().splitlines()) if item["kind"] == "model"]
    assert "passed" in [item["gate"]["verdict"] for item in models if item["gate"]]


def test_every_flight_of_the_months_to_score_has_one_useful_score_with_its_time(steps, monitored, periods):
    rows, _ = monitored
    wanted = rows[rows["month"] >= periods.score.first]
    scored = steps.table("gold", "predictions").toPandas().set_index("flight_number").sort_index()
    assert list(scored.index) == list(wanted["flight_number"])
    assert roc_auc_score(wanted["late"], scored["score"]) > 0.8
    assert (scored["predicted_at"].to_numpy() == wanted["predicted_at"].to_numpy()).all()


def test_every_scored_month_is_measured_and_a_healthy_model_needs_no_successor(steps, monitored):
    _, task_values = monitored
    assert task_values == {"retraining_due": False}
    measured = steps.table("ops", "profile_metrics").toPandas()
    assert list(measured["count"]) == list(measured["labelled"]) == [ROWS] * 6
    assert (measured["roc_auc_score"] > 0.8).all()


def test_the_results_are_verified_and_a_lost_record_is_noticed(steps, monitored):
    steps.task(verification.main)
    steps.spark.sql(f"DELETE FROM {steps.context.table('silver', 'airlines')}")
    with pytest.raises(AccountingError):
        steps.task(verification.main)


def test_a_pipeline_that_failed_is_not_verified(steps):
    with pytest.raises(verification.PipelineFailedError, match="ended with: failed"):
        steps.task(verification.main, pipeline="failed")
