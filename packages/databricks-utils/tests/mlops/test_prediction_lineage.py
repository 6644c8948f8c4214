"""The prediction log records what its predictions are made of: between features and predictions the rows were in Python."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.predictions.log import PredictionLog

pytestmark = pytest.mark.unit


def test_scores_come_from_the_features_and_the_model_and_keys_are_copies(tmp_path):
    settings = {"spark.lakewright.lakehouse": str(tmp_path / "shop" / ".lakewright" / "lakehouse")}
    session = SimpleNamespace(
        conf=SimpleNamespace(get=lambda name, default=None: settings.get(name, default))
    )
    columns = Columns(keys=("id",), window="month", label="late", categories=("carrier",), numbers=("seats",))
    log = PredictionLog(session, "c.gold.predictions", "c.gold.latest", None, 0, "c.features.rows", columns)
    frame = pd.DataFrame({"id": [1], "model_name": ["c.models.late"], "model_version": ["3"]})
    log._record_lineage(frame, datetime(2026, 3, 1, tzinfo=UTC))
    (path,) = (tmp_path / "shop" / ".lakewright" / "lineage").glob("*.jsonl")
    event = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
    assert [item["name"] for item in event["inputs"]] == ["c.features.rows", "c.models.late"]
    fields = event["outputs"][0]["facets"]["columnLineage"]["fields"]
    found = {
        name: [(item["field"], item["transformations"][0]["subtype"]) for item in field["inputFields"]]
        for name, field in fields.items()
    }
    assert found == {
        "id": [("id", "IDENTITY")],
        "month": [("month", "IDENTITY")],
        "score": [("carrier", "TRANSFORMATION"), ("seats", "TRANSFORMATION")],
    }
