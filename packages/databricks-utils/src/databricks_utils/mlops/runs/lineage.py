"""Record what the steps of a model read and write in Python: without it a model comes from nowhere, and so do its measures."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from databricks_utils.lineage import Source, record
from databricks_utils.mlops.declaration.columns import Columns

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def record_model(  # noqa: PLR0913 - the parts of an event
    spark: SparkSession, operation: str, *, features: str, columns: Columns, model: str, started: datetime
) -> None:
    """Record that a model was made of a feature table, or was judged by it.

    Args:
        spark: A session.
        operation: `train` or `evaluate`.
        features: The feature table's three-part name.
        columns: The roles of its columns.
        model: The registered model's three-part name.
        started: When the step began, with a zone.
    """
    record(
        spark,
        operation,
        inputs=[Source(features, columns=columns.of_training)],
        output=model,
        output_kind="MODEL",
        columns={},
        started_at=started,
    )


def record_measures(  # noqa: PLR0913 - the parts of two events
    spark: SparkSession,
    *,
    predictions: str,
    features: str,
    columns: Columns,
    tables: tuple[str, str],
    started: datetime,
) -> None:
    """Record that the measures of windows were made of predictions and outcomes.

    Args:
        spark: A session.
        predictions: The prediction table's three-part name.
        features: The feature table's three-part name; it has the outcomes.
        columns: The roles of its columns.
        tables: The tables of the profile and of the drift.
        started: When the step began, with a zone.
    """
    score, version = (predictions, "score"), (predictions, "model_version")
    outcome, window = (features, columns.label), (predictions, columns.window)
    key = {"window": [window], "model_id": [version]}
    judged = {name: [score, outcome] for name in ("roc_auc_score", "brier_score", "violations")}
    profile = {
        **key,
        "count": [score],
        "labelled": [outcome],
        "avg": [score],
        "label_avg": [outcome],
        **judged,
    }
    drift = {**key, "population_stability_index": [score]}
    sources = (
        Source(predictions, columns=(*columns.keys, columns.window, "score", "model_version")),
        Source(features, columns=(*columns.keys, columns.label)),
    )
    for table, made in zip(tables, (profile, drift), strict=True):
        record(spark, "monitor", inputs=sources, output=table, columns=made, started_at=started)
