"""The prediction log on real Delta, without a model: what is asked for, what is added, and what readers get."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from databricks_utils.catalog import ConcurrentWriteError
from databricks_utils.mlops.gate.models import ModelReference
from databricks_utils.mlops.predictions.log import PredictionLog
from databricks_utils.mlops.predictions.queries import (
    HAD_ONE,
    OWN_SCORE,
    first_predictions,
    measure_coverage,
    new_predictions,
    rows_to_score,
)

MAY = datetime(2024, 5, 31, tzinfo=UTC)


def predicted(rows, version, score):
    """Return predictions of rows, all with one score."""
    described = rows.select("delivery", "month", "predicted_at").toPandas()
    return described.assign(score=score, model_name="c.s.m", model_version=version)


@pytest.mark.unit
def test_a_version_adds_a_prediction_again_only_where_its_score_has_changed():
    scored = pd.DataFrame(
        {"delivery": [1, 2, 3, 4], "score": [0.2, 0.3, 0.4, 0.5], OWN_SCORE: [0.2, 0.1, None, 0.5 + 1e-12]}
    )
    assert list(new_predictions(scored)["delivery"]) == [2, 3]
    assert list(new_predictions(scored.assign(**{OWN_SCORE: None}))["delivery"]) == [1, 2, 3, 4]


@pytest.mark.integration
def test_a_late_row_adds_one_prediction_and_another_version_adds_rows_on_request(
    spark, context, deliver, declare, deliveries
):
    from pyspark.errors import PySparkException

    problem, frame = declare(), deliveries()
    columns, period = problem.columns, problem.settings.periods.score
    deliver(frame)
    features = spark.table(problem.features_in(context))
    log = PredictionLog.opened(spark, context, problem)
    log.append(predicted(rows_to_score(features, log.latest, columns, period), "1", 0.1), now=MAY)
    # As after a kill: a statement that was made for an earlier state ends late, and adds nothing.
    with pytest.raises(ConcurrentWriteError):
        log.append(predicted(features.limit(1), "1", 0.1), now=None)
    with pytest.raises(PySparkException, match="append"):
        spark.sql(f"DELETE FROM {log.table}").collect()

    deliver(pd.concat([frame, frame.iloc[[-1]].assign(delivery=5000)]))
    features = spark.table(problem.features_in(context))
    log = PredictionLog.opened(spark, context, problem)
    (late,) = rows_to_score(features, log.latest, columns, period).collect()
    assert (late["delivery"], late[HAD_ONE]) == (5000, False)
    assert [
        window.missing for window in measure_coverage(features, spark.table(log.table), columns, period)
    ] == [0, 1]

    again = rows_to_score(
        features, log.latest, columns, period, again=[period], by=ModelReference("c.s.m", "2")
    )
    log.append(predicted(again, "2", 0.2), now=MAY)  # the clock went back: it is still the later prediction
    once_more = rows_to_score(
        features, log.latest, columns, period, again=[period], by=ModelReference("c.s.m", "2")
    )
    own = once_more.select(HAD_ONE, OWN_SCORE).toPandas().assign(score=0.2)
    assert len(own) == 481
    assert own[HAD_ONE].all()
    assert new_predictions(own).empty
    table = spark.table(log.table)
    assert (table.count(), log.latest.where("score = 0.2").count()) == (480 + 481, 481)
    assert first_predictions(table, columns, features).groupBy("model_version").count().orderBy(
        "model_version"
    ).collect() == [
        ("1", 480),
        ("2", 1),
    ]
    assert [(item.missing, item.repeated) for item in measure_coverage(features, table, columns, period)] == [
        (0, 0),
        (0, 0),
    ]

    # A person deleted rows: the newest moment that is left was used before, so the number of the next write is in the history.
    spark.sql(f"ALTER TABLE {log.table} UNSET TBLPROPERTIES ('delta.appendOnly')")
    spark.sql(f"DELETE FROM {log.table}").collect()
    one = predicted(features.limit(1), "2", 0.3)
    with pytest.raises(ConcurrentWriteError):
        PredictionLog.opened(spark, context, problem).append(one, now=MAY)
    PredictionLog.opened(spark, context, problem, from_history=True).append(one, now=MAY)
    assert spark.table(log.table).count() == 1
