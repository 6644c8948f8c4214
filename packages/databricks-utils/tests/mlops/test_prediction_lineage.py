"""The steps of a model record what they read and write where the rows are in Python: training, judging, scoring, measuring."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.predictions.log import PredictionLog
from databricks_utils.mlops.runs.lineage import record_measures, record_model

pytestmark = pytest.mark.unit


COLUMNS = Columns(keys=("id",), window="month", label="late", categories=("carrier",), numbers=("seats",))
STARTED = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def session(tmp_path):
    """A session of a local engine."""
    settings = {"spark.lakewright.lakehouse": str(tmp_path / "shop" / ".lakewright" / "lakehouse")}
    return SimpleNamespace(conf=SimpleNamespace(get=lambda name, default=None: settings.get(name, default)))


@pytest.fixture
def ended(tmp_path):
    """The events of steps that have ended."""

    def read():
        (path,) = (tmp_path / "shop" / ".lakewright" / "lineage").glob("*.jsonl")
        events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [event for event in events if event["eventType"] == "COMPLETE"]

    return read


def origins(event):
    """Column of the output → the columns that it is made of, each with its way."""
    fields = event["outputs"][0]["facets"]["columnLineage"]["fields"]
    return {
        name: [(item["field"], item["transformations"][0]["subtype"]) for item in field["inputFields"]]
        for name, field in fields.items()
    }


def test_scores_come_from_the_features_and_the_model_and_keys_are_copies(session, ended):
    log = PredictionLog(session, "c.gold.predictions", "c.gold.latest", None, 0, "c.features.rows", COLUMNS)
    frame = pd.DataFrame({"id": [1], "model_name": ["c.models.late"], "model_version": ["3"]})
    log._record_lineage(frame, STARTED)
    (event,) = ended()
    assert [item["name"] for item in event["inputs"]] == ["c.features.rows", "c.models.late"]
    assert origins(event) == {
        "id": [("id", "IDENTITY")],
        "month": [("month", "IDENTITY")],
        "score": [("carrier", "TRANSFORMATION"), ("seats", "TRANSFORMATION")],
    }


@pytest.mark.parametrize("operation", ["train", "evaluate"])
def test_a_model_comes_from_the_rows_that_it_learned_from_or_was_judged_by(session, ended, operation):
    record_model(
        session,
        operation,
        features="c.features.rows",
        columns=COLUMNS,
        model="c.models.late",
        started=STARTED,
    )
    (event,) = ended()
    (source,), (model,) = event["inputs"], event["outputs"]
    assert event["run"]["facets"]["lakewright"]["operation"] == operation.upper()
    assert (source["name"], model["name"]) == ("c.features.rows", "c.models.late")
    assert model["facets"]["datasetType"]["datasetType"] == "MODEL"
    read = [field["name"] for field in source["facets"]["schema"]["fields"]]
    assert read == ["id", "month", "carrier", "seats", "late"]


def test_measures_come_from_the_predictions_and_the_outcomes(session, ended):
    record_measures(
        session,
        predictions="c.gold.predictions",
        features="c.features.rows",
        columns=COLUMNS,
        tables=("c.ops.profile_metrics", "c.ops.drift_metrics"),
        started=STARTED,
    )
    profile, drift = ended()
    assert [item["name"] for item in profile["inputs"]] == ["c.gold.predictions", "c.features.rows"]
    assert origins(profile)["roc_auc_score"] == [("score", "TRANSFORMATION"), ("late", "TRANSFORMATION")]
    assert origins(drift)["population_stability_index"] == [("score", "TRANSFORMATION")]
    assert drift["outputs"][0]["name"] == "c.ops.drift_metrics"
