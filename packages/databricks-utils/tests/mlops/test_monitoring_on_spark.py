"""Monitoring on Spark gives the figures of the plain computation in memory, and measures only windows that have changed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from databricks_utils.mlops import (
    MonitorBounds,
    SampleError,
    ScoreHistogram,
    measure_windows,
    monitor,
    monitoring,
)
from databricks_utils.mlops.dependencies import monitoring_step
from databricks_utils.mlops.inputs.sample import count_known, rows_with_outcome
from databricks_utils.mlops.measures.performance import judge_windows
from databricks_utils.mlops.measures.window_totals import total_windows
from databricks_utils.mlops.predictions.log import PredictionLog
from databricks_utils.mlops.runs.record import HISTOGRAM
from databricks_utils.mlops.runs.tracking import use_tracking

pytestmark = pytest.mark.integration
BOUNDS = MonitorBounds(minimum_roc_auc=0.6, maximum_calibration_gap=0.1)
BASELINES = {
    "1": ScoreHistogram.of(np.random.default_rng(8).beta(2, 5, 2000)),
    "2": ScoreHistogram.of([0.3] * 50),  # one edge
}
SCHEMA = "start date, model_version string, score double, label double"


def window(month, version, scores, labels):
    return [
        (date(2024, month, 1), version, score, label) for score, label in zip(scores, labels, strict=True)
    ]


def names(w):
    return (w.start, w.model_version, w.count, w.labelled, w.violations)


def numbers(w):
    return [w.mean_score, w.positive_share, w.roc_auc, w.brier, w.population_stability_index]


def test_the_figures_are_those_of_scikit_learn_on_the_same_rows(spark):
    generator = np.random.default_rng(7)
    truth = generator.beta(2, 5, 3000)
    labels = [float(value) for value in generator.uniform(size=3000) < truth]
    known = [label if place % 10 else None for place, label in enumerate(labels)]
    coarse = [round(float(score), 2) for score in truth]  # many equal scores
    edges = list(BASELINES["1"].edges)
    rows = [
        *window(1, "1", truth.tolist(), known),
        *window(2, "1", coarse, known),
        *window(2, "2", truth.tolist(), labels),
        *window(3, "1", [*edges, 0.0, 1.0], [1.0, 0.0] * 5 + [1.0]),  # each edge itself
        *window(4, "1", coarse[:90], [1.0] * 90),  # one outcome
        *window(5, "1", coarse[:90], [None] * 90),  # no outcome yet
        *window(6, "1", [None, float("nan"), *coarse[:90]], [1.0, 0.0, *labels[:90]]),  # no score
        *window(7, "1", [None, float("nan")], [1.0, 0.0]),
        *window(8, "1", coarse[:90], [float("nan"), *labels[1:90]]),
    ]
    plain = pd.DataFrame(rows, columns=["start", "model_version", "score", "label"])
    expected = measure_windows(plain, BASELINES, BOUNDS, drift_threshold=0.25)
    inner = {version: each.edges for version, each in BASELINES.items()}
    frame = spark.createDataFrame(rows, SCHEMA)
    totals = total_windows(frame, inner)
    found = judge_windows(totals, BASELINES, BOUNDS, drift_threshold=0.25)
    assert [names(each) for each in found] == [names(each) for each in expected]
    assert len(found) == 9
    one, other = (np.array([numbers(each) for each in windows]) for windows in (found, expected))
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)
    assert total_windows(frame.repartition(5), inner) == totals, "neither order nor partitions change a digit"
    assert total_windows(frame.where("false"), {}) == []


@pytest.fixture
def versions(context, declare):
    """Register two versions with the scores of their test windows, without a model."""
    use_tracking(context)
    client, name = MlflowClient(), declare().model_in(context)
    client.create_registered_model(name)
    for version, baseline in BASELINES.items():
        made = client.create_model_version(
            name, f"file:/none/{version}", tags={HISTOGRAM: baseline.to_json()}
        )
        assert str(made.version) == version


class NoRuns:
    """A register without finished runs: every window is measured."""

    def last(self, step):
        return None


@pytest.mark.usefixtures("versions")
def test_only_windows_with_new_predictions_or_outcomes_are_measured_and_the_result_is_that_of_all(
    spark, context, deliver, declare, deliveries
):
    problem = declare()
    problem = replace(problem, columns=replace(problem.columns, window_is_fixed=True))
    rows = deliveries()
    april, may = date(2024, 4, 1), date(2024, 5, 1)

    def predict(frame, version="1"):
        given = frame[["delivery", "month", "predicted_at"]].assign(
            score=(frame["weight"] / 10).to_numpy(), model_name="m", model_version=version
        )
        PredictionLog.opened(spark, context, problem).append(given, now=datetime(2024, 6, 1, tzinfo=UTC))

    def measured(expected):
        found = monitor(spark, context, problem)
        assert list(found.measured) == expected
        step = monitoring_step(spark, context, problem)
        everything = monitoring._monitor(spark, context, problem, NoRuns(), step)
        assert repr(found.windows) == repr(everything.windows), "each figure, to the last digit"
        assert found.advice == everything.advice
        assert spark.table(found.tables[0]).count() == len(found.windows)
        return found

    deliver(rows)
    predict(rows[rows["month"] == april])
    assert [w.start for w in measured([april]).windows] == [april]
    predict(rows[rows["month"] == may])
    assert [w.start for w in measured([may]).windows] == [april, may]
    known = rows.assign(late=rows["late"].where(rows["month"] != april, rows["late"].fillna(1.0)))
    deliver(known)  # the outcomes of April that were missing
    assert measured([april]).windows[0].labelled == 240
    predict(known[known["month"] == may].head(3), version="2")  # again, so not the first predictions
    assert len(measured([may]).windows) == 2
    deliver(known.assign(hour=1))  # a feature is neither a prediction nor an outcome
    measured([])
    strict = replace(problem, settings=problem.settings.model_copy(update={"monitor": BOUNDS}))
    assert monitor(spark, context, strict).measured == (april, may), "other bounds judge every window"


def test_a_sample_that_does_not_fit_into_memory_is_refused_with_the_size_that_does(
    spark, context, deliver, declare, deliveries
):
    deliver(deliveries())
    problem = declare()
    settings = problem.settings.model_copy(update={"sample_values": 600})
    features, columns, train = (
        spark.table(problem.features_in(context)),
        problem.columns,
        settings.periods.train,
    )
    (count,) = count_known(features, columns, [train])
    with pytest.raises(
        SampleError, match="216 rows with 3 features, 648 values; the limit is 600"
    ) as refusal:
        rows_with_outcome(columns, train, settings, count=count)
    assert "set `sample_rows` to 200 or less" in refusal.value.fix
    fewer = settings.model_copy(update={"sample_rows": 200})
    assert features.where(rows_with_outcome(columns, train, fewer, count=count)).count() <= 200 * 1.3
