"""From a feature table to monitored predictions, on real Delta and a real MLflow store."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from mlflow import MlflowClient

from databricks_utils.catalog import ConcurrentWriteError
from databricks_utils.catalog.history import table_version
from databricks_utils.mlops import (
    ChampionBrokenError,
    MissingFeaturesError,
    MissingHistogramError,
    MissingModelError,
    ModelRegistry,
    RescoreError,
    SampleError,
    VerificationError,
    evaluate,
    monitor,
    score,
    train,
    verify,
)
from databricks_utils.mlops.inputs import feature_table
from databricks_utils.mlops.monitoring import read_baselines
from databricks_utils.mlops.predictions.log import PredictionLog

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.fixture
def hops(monkeypatch):
    """The steps in Python whose lineage was recorded: operation and output."""
    found = []
    monkeypatch.setattr(
        "databricks_utils.mlops.runs.lineage.record",
        lambda _, operation, **event: found.append((operation, event["output"])),
    )
    return found


def test_the_whole_walk_and_the_same_walk_again(  # noqa: PLR0917 - its fixtures
    spark, context, deliver, declare, deliveries, hops
):
    from pyspark.errors import PySparkException
    from pyspark.sql import functions as F

    problem = declare(score_rows=300)
    deliver(deliveries())
    trained = train(spark, context, problem)
    assert [(c.algorithm, c.alias, c.is_new) for c in trained.candidates] == [
        ("logistic", "baseline", True),
        ("forest", "challenger", True),
    ]
    table = problem.features_in(context)
    run = MlflowClient().get_run(trained.candidates[0].model.run_id).data
    assert (
        run.tags.items() >= {"dataset_version": f"{table}@v0", "git_sha": "unknown", "env": "local"}.items()
    )
    assert (
        run.params.items()
        >= {
            "algorithm": "logistic",
            "train_rows": "216",
            "validation_rows": "216",
            "test_rows": "216",
        }.items()
    )
    assert run.metrics["validation_roc_auc"] == pytest.approx(trained.candidates[0].metrics["roc_auc"])
    assert list(trained.table()["alias"]) == ["baseline", "challenger"]
    assert [report["aliases"] for report in trained.reports()] == [["baseline"], ["challenger"]]
    model = problem.model_in(context)
    assert hops == [("train", model)]

    with pytest.raises(MissingModelError, match="champion"):
        score(spark, context, problem)
    looked_up = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            feature_table, "table_version", lambda *given: looked_up.append(given) or table_version(*given)
        )
        judged = evaluate(spark, context, problem)
    assert len(looked_up) == 1, "validation and test are rows of the same version"
    assert [decision.passed for decision in judged.decisions] == [True, True]
    assert judged.decisions[1].champion_metrics["roc_auc"] == judged.reports()[0]["metrics"]["roc_auc"]
    assert judged.champion.reference.version == "2"
    assert judged.reports()[-1]["aliases"] == ["challenger", "champion"]
    standing = evaluate(spark, context, problem)
    assert standing.decisions == ()
    assert "is already the champion" in str(standing)
    assert hops == [("train", model), ("evaluate", model)], "nothing was judged the second time"
    assert standing.reports()[0]["gate"] == "passed"
    assert standing.reports()[0]["metrics"] == pytest.approx(judged.reports()[-1]["metrics"])

    end_of_may = datetime(2024, 5, 31, tzinfo=UTC)
    assert score(spark, context, problem, now=end_of_may).count == 480
    assert spark.table(problem.predictions_in(context)).select("scored_at").distinct().count() == 2
    log, now = problem.predictions_in(context), datetime(2024, 6, 1, tzinfo=UTC)
    with pytest.raises(PySparkException, match="append"):
        spark.sql(f"DELETE FROM {log} WHERE delivery = 1199").collect()
    spark.sql(f"ALTER TABLE {log} UNSET TBLPROPERTIES ('delta.appendOnly')")
    spark.sql(f"DELETE FROM {log} WHERE delivery = 1199").collect()
    with pytest.raises(VerificationError, match="do not fit") as refusal:
        verify(spark, context, problem)
    assert refusal.value.detail == (
        "2024-05: 240 rows; 1 without a prediction, 0 with the same prediction twice"
    )
    scored = score(spark, context, problem, now=now)
    assert scored.rows == {date(2024, 5, 1): 1}
    assert [window.count for window in scored.windows] == [240, 240]
    assert list(scored.table()["scored_now"]) == [False, True]
    idle = score(spark, context, problem)
    assert (idle.rows, idle.windows) == ({}, scored.windows)
    assert str(idle).startswith("nothing to score: nothing has changed since")
    predictions = spark.table(log)
    assert predictions.dtypes[:3] == [("delivery", "int"), ("month", "date"), ("predicted_at", "timestamp")]
    assert predictions.where("scored_at = TIMESTAMP'2024-06-01T00:00:00Z'").count() == 1

    with pytest.raises(VerificationError, match="the predictions were not monitored"):
        verify(spark, context, problem)
    for unchanged in (False, True, False):
        monitored = monitor(spark, context, problem)
        assert bool(monitored.unchanged) == unchanged
        assert [(w.start.month, w.count, w.labelled) for w in monitored.windows] == [
            (4, 240, 216),
            (5, 240, 216),
        ]
        for name in monitored.tables:
            assert spark.table(name).count() == 2
        if unchanged:  # what another writer does to a table is repaired
            spark.sql(f"DELETE FROM {monitored.tables[1]}").collect()
    assert hops[2:] == [("monitor", name) for name in monitored.tables] * 2
    row = spark.table(monitored.tables[0]).orderBy("window").first()
    assert (row["granularity"], row["window"]["end"]) == ("1 month", datetime(2024, 5, 1))  # noqa: DTZ001 - as Spark returns it
    assert row["model_id"] == f"{model}/2"
    assert row["roc_auc_score"] == pytest.approx(monitored.windows[0].roc_auc)
    assert verify(spark, context, problem).scored == 480

    again = train(spark, context, problem)
    assert [(c.alias, c.is_new, c.model.reference.version) for c in again.candidates] == [
        ("challenger", False, "2")
    ]
    assert "nothing has changed since" in str(again)
    assert len(hops) == 6
    may = spark.table(table).where("month = DATE'2024-05-01'")
    june = may.withColumns({"delivery": F.expr("delivery + 9000"), "month": F.lit(date(2024, 6, 1))})
    june.write.mode("append").saveAsTable(table)
    repeated = train(spark, context, problem)
    assert (repeated.candidates, repeated.unchanged) == (
        again.candidates,
        "the rows to learn from have not changed",
    )
    spark.sql(f"UPDATE {table} SET weight = weight + 1 WHERE month = DATE'2024-03-01' AND hour = 3").collect()
    repeated = train(spark, context, problem)
    assert [candidate.is_new for candidate in repeated.candidates] == [False]
    assert "nothing was registered" in str(repeated)
    ModelRegistry().rollback(problem.model_in(context))
    train(spark, context, problem)
    refused = evaluate(spark, context, problem)
    assert "version 2 against champion version 1: refused\n  NO  not rolled back" in str(refused)
    assert refused.champion.reference.version == "1"
    still = evaluate(spark, context, problem)
    assert (still.decisions, still.champion) == (refused.decisions, refused.champion)
    assert str(still).startswith("nothing has changed since")
    for month, judged_again in (("2024-05-01", False), ("2024-03-01", True)):
        update = f"UPDATE {table} SET weight = weight + 1 WHERE month = DATE'{month}' AND hour = 4"
        spark.sql(update).collect()
        later = evaluate(spark, context, problem)
        assert (later.unchanged == "the rows to judge by have not changed") == (not judged_again)
        assert later.decisions == refused.decisions
    for figure in (again.figure(), scored.figure(), monitored.figure()):
        assert figure.axes

    late_row_and_rescoring(spark, context, deliver, declare, deliveries())


def late_row_and_rescoring(spark, context, deliver, declare, frame):
    """Version 2 has predicted all rows, and was rolled back: version 1 is the champion now."""
    wider = declare(carried=("predicted_at", "depot"))
    log, latest = wider.predictions_in(context), wider.latest_predictions_in(context)
    before = {(row["delivery"], row["score"]) for row in spark.table(log).collect()}

    # A row is withdrawn, a late one arrives, and a new column is carried: one prediction more, and every other as it was.
    late = frame.iloc[[-300]].assign(delivery=5000)
    rebuilt = pd.concat([frame.iloc[:-1], late]).assign(depot="north")
    deliver(rebuilt)
    scored = score(spark, context, wider)
    assert (scored.rows, scored.again) == ({date(2024, 4, 1): 1}, 0)
    assert list(scored.table()["scored_now"]) == [True, False, False]
    after = {(row["delivery"], row["score"], row["depot"]) for row in spark.table(log).collect()}
    assert {(delivery, score) for delivery, score, depot in after if depot is None} == before
    assert [delivery for delivery, _, depot in after if depot] == [5000]
    assert verify(spark, context, wider).scored == 480
    measured = monitor(spark, context, wider)
    assert [(w.start.month, w.model_version, w.count) for w in measured.windows] == [
        *((4, "1", 1), (4, "2", 240)),
        (5, "2", 240),
    ]

    # The champion scores a month again: new rows, which a reader of the latest predictions gets; monitoring stays as it was.
    with pytest.raises(RescoreError, match="`2024-12` is no window") as refusal:
        score(spark, context, wider, rescore="2024-12")
    assert "from 2024-04 to 2024-05" in refusal.value.fix
    overtaken = PredictionLog.opened(spark, context, wider)
    scored = score(spark, context, wider, rescore="2024-05")
    assert (scored.rows, scored.again, scored.model_version) == ({date(2024, 5, 1): 239}, 239, "1")
    assert "239 of them had a prediction before, which stays in the log" in str(scored)
    assert score(spark, context, wider, rescore="2024-05").count == 0
    assert spark.table(log).count() == 480 + 1 + 239
    versions = spark.table(latest).groupBy("month", "model_version").count().orderBy("month", "model_version")
    assert [(row[0].month, *row[1:]) for row in versions.collect()] == [
        *((4, "1", 1), (4, "2", 240)),
        *((5, "1", 239), (5, "2", 1)),  # the row that was withdrawn
    ]
    assert str(monitor(spark, context, wider).windows) == str(
        measured.windows
    )  # as text: NaN is not equal to NaN
    # As after a kill: a statement of the killed run that ends after the next run has scored adds nothing.
    with pytest.raises(ConcurrentWriteError):
        overtaken.append(spark.table(log).limit(1).toPandas().drop(columns="scored_at"), now=None)
    assert spark.table(log).count() == 480 + 1 + 239

    # A feature table that keeps the last month alone: the log stays as it is.
    deliver(rebuilt[rebuilt["month"] == date(2024, 5, 1)])
    assert score(spark, context, wider).count == 0
    assert verify(spark, context, wider).scored == 239

    # A corrected record changes the features of a row that has a prediction: a new one only on request.
    last = rebuilt[rebuilt["month"] == date(2024, 5, 1)].copy()
    last.loc[last.index[0], "weight"] += 5
    deliver(last)
    assert score(spark, context, wider).count == 0
    corrected = score(spark, context, wider, rescore="all")
    assert (corrected.rows, corrected.again) == ({date(2024, 5, 1): 1}, 1)
    assert score(spark, context, wider, rescore="all").count == 0


@pytest.mark.drawn(2)
def test_a_changed_feature_set_is_reported_and_retraining_gets_out_of_it(
    spark, context, deliver, declare, deliveries
):
    frame = deliveries()
    deliver(frame)
    old = declare()
    train(spark, context, old)
    evaluate(spark, context, old)

    # Declared otherwise, the table as it was: the champion goes on with its own features.
    fewer = declare(numbers=("weight",))
    scored = score(spark, context, fewer)
    assert scored.change.removed == ("hour",)
    assert scored.count == 480
    assert "removed `hour`" in str(scored)
    assert "lakewright run training" in str(scored)

    # The table without the column: the champion cannot score any more.
    deliver(frame.drop(columns="hour").assign(distance=1.0))
    other = declare(numbers=("weight", "distance"))
    with pytest.raises(MissingFeaturesError, match="the champion needs `hour`") as refusal:
        score(spark, context, other, rescore="all")
    assert "added `distance`; removed `hour`" in refusal.value.detail
    assert "lakewright run training" in refusal.value.fix

    # A challenger with the declared features that the gate refused: training again would not help.
    strict = declare(numbers=("weight", "distance"), gate={"minimum_uplift": 0.9})
    train(spark, context, strict)
    assert not evaluate(spark, context, strict).decisions[0].passed
    with pytest.raises(MissingFeaturesError) as refusal:
        score(spark, context, strict, rescore="all")
    assert "version 3, has the declared features, but the gate refused it" in refusal.value.fix

    # Retrained, both are judged on the same rows, the champion with the features it knows.
    trained = train(spark, context, other)
    assert "added `distance`; removed `hour`" in str(trained)
    assert [c.is_new for c in trained.candidates] == [False]
    judged = evaluate(spark, context, other)
    assert [(d.passed, d.champion.version) for d in judged.decisions] == [(True, "2")]
    scored = score(spark, context, other, rescore="all")
    assert (scored.change, scored.again) == (None, 480)
    assert {window.model_version for window in scored.windows} == {"3"}

    # A feature that changes no score still is another model.
    plain = train(spark, context, declare(numbers=("weight",)))
    assert [c.is_new for c in plain.candidates] == [True]


@pytest.mark.drawn(2)
def test_a_champion_whose_features_are_nowhere_any_more_stops_the_evaluation(
    spark, context, deliver, declare, deliveries
):
    deliver(deliveries())
    train(spark, context, declare())
    evaluate(spark, context, declare())
    moved = deliveries(first_id=50_000).drop(columns="hour")
    deliver(moved)
    other = declare(numbers=("weight",))
    train(spark, context, other)
    with pytest.raises(ChampionBrokenError) as refusal:
        evaluate(spark, context, other)
    assert "removed `hour`" in refusal.value.detail
    way_out = "add `hour` to the feature table again, and remove it only after a model without it is champion"
    assert refusal.value.fix == way_out
    # The same after the table was made anew, so that its old versions are gone.
    spark.sql(f"DROP TABLE {other.features_in(context)}")
    deliver(moved)
    with pytest.raises(ChampionBrokenError) as refusal:
        evaluate(spark, context, other)
    assert "the champion needs `hour`, which the feature table no longer has" in refusal.value.detail
    assert refusal.value.fix == way_out


@pytest.mark.drawn(2)
def test_a_feature_table_without_rows_is_no_error_and_each_step_says_what_to_do(
    spark, context, deliver, declare, deliveries
):
    problem = declare()
    deliver(deliveries())
    spark.sql(f"DELETE FROM {problem.features_in(context)}")
    steps = [step(spark, context, problem) for step in (train, evaluate, score, monitor)]
    for result in steps:
        assert str(result) == result.skipped
        assert (
            f"{problem.features_in(context)} has no rows; deliver files to {context.landing}"
            in result.skipped
        )
    assert [len(steps[0].reports()), len(steps[1].reports()), steps[2].count, steps[3].windows] == [
        0,
        0,
        0,
        (),
    ]
    for result in (steps[0], steps[2], steps[3]):
        assert result.table().empty
        assert result.figure() is not None
    assert not steps[3].advice.due


@pytest.mark.drawn(2)
def test_what_the_feature_table_lacks_is_named(spark, context, deliver, declare, deliveries):
    deliver(deliveries().drop(columns="hour"))
    with pytest.raises(MissingFeaturesError, match="has no column `hour`"):
        train(spark, context, declare())
    deliver(deliveries(months=[date(2020, 1, 1)]))
    with pytest.raises(SampleError, match="no rows with a known outcome"):
        train(spark, context, declare())
    deliver(deliveries().assign(late=2))
    with pytest.raises(SampleError, match="the label `late` is 2 in some rows"):
        train(spark, context, declare())


@pytest.mark.drawn(2)
def test_a_gate_that_refuses_everything_is_reported_with_its_reasons(
    spark, context, deliver, declare, deliveries
):
    problem = declare(gate={"minimum_roc_auc": 0.99})
    deliver(deliveries())
    train(spark, context, problem)
    with pytest.raises(MissingModelError, match="the gate refused every candidate") as refusal:
        evaluate(spark, context, problem)
    assert refusal.value.detail.count("NO  roc_auc") == 2
    name = problem.model_in(context)
    version = ModelRegistry().get(name, "challenger").reference.version
    MlflowClient().delete_model_version_tag(name, version, "score_histogram")
    with pytest.raises(MissingHistogramError, match="has no tag"):
        read_baselines(name, [version])
