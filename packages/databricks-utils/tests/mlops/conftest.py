"""A small problem: will a delivery be late? Five months, 240 deliveries a month, two features that tell."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

from databricks_utils.mlops import Algorithm, BinaryClassification, Columns, ModelSettings

MONTHS = [date(2024, month, 1) for month in range(1, 6)]
ROWS = 240
EASY_GATE = {
    "minimum_roc_auc": 0.55,
    "minimum_brier_skill": 0.0,
    "maximum_calibration_gap": 0.2,
    "resamples": 100,
    "minimum_uplift": -0.5,
}


def settings(**changes):
    values = {
        "sample_rows": 5000,
        "periods": {
            "train": {"first": "2024-01-01", "last": "2024-01-01"},
            "validate": {"first": "2024-02-01", "last": "2024-02-01"},
            "test": {"first": "2024-03-01", "last": "2024-03-01"},
            "score": {"first": "2024-04-01", "last": "2024-05-01"},
        },
        "monitor": {"minimum_roc_auc": 0.55, "maximum_calibration_gap": 0.2},
    }
    gate = {**EASY_GATE, **changes.pop("gate", {})}
    return ModelSettings.model_validate({**values, "gate": gate, **changes})


def pipeline(columns, model):
    encode = ColumnTransformer(
        [
            ("categories", OneHotEncoder(handle_unknown="ignore"), list(columns.categories)),
            ("numbers", make_pipeline(SimpleImputer()), list(columns.numbers)),
        ]
    )
    return Pipeline([("encode", encode), ("model", model)])


def declare(*, categories=("carrier",), numbers=("weight", "hour"), carried=("predicted_at",), **changes):
    columns = Columns(
        keys=("delivery",),
        window="month",
        label="late",
        categories=categories,
        numbers=numbers,
        carried=carried,
    )
    return BinaryClassification(
        columns=columns,
        baseline=Algorithm("logistic", lambda: pipeline(columns, LogisticRegression())),
        challenger=Algorithm(
            "forest",
            lambda: pipeline(columns, RandomForestClassifier(40, min_samples_leaf=20, random_state=1)),
        ),
        settings=settings(**changes),
        feature_table="deliveries",
    )


def deliveries(*, months=MONTHS, first_id=0):
    generator = np.random.default_rng(5)
    rows = len(months) * ROWS
    carrier, weight = generator.choice(list("abc"), rows), generator.uniform(0, 10, rows)
    hour = generator.integers(0, 24, rows)
    risk = 0.1 + 0.5 * (carrier == "a") + 0.03 * weight
    label = (generator.uniform(size=rows) < risk).astype(float)
    label[::10] = np.nan
    month = np.repeat(months, ROWS)
    return pd.DataFrame(
        {
            "delivery": range(first_id, first_id + rows),
            "month": month,
            "predicted_at": [datetime(day.year, day.month, 2, 6) for day in month],  # noqa: DTZ001 - as Spark gives them
            "carrier": carrier,
            "weight": weight,
            "hour": hour,
            "late": label,
        }
    )


TYPES = {"delivery": "int", "hour": "int", "late": "int"}


@pytest.fixture
def deliver(spark, catalog):
    """Replace the feature table by rows."""
    from pyspark.sql import functions as F

    def write(frame):
        rows = spark.createDataFrame(frame)
        if "late" in frame and frame["late"].isna().any():
            rows = rows.withColumn("late", F.nanvl("late", F.lit(None)))
        typed = [F.col(name).cast(TYPES[name]) if name in TYPES else F.col(name) for name in rows.columns]
        writer = rows.select(*typed).write.format("delta").mode("overwrite").option("overwriteSchema", "true")
        writer.saveAsTable(catalog.table_name("features", "deliveries"))

    return write


@pytest.fixture(name="declare")
def declare_fixture():
    """Declare the problem, with some things changed."""
    return declare


@pytest.fixture(name="deliveries")
def deliveries_fixture():
    """Make rows of the feature table."""
    return deliveries
