"""`BinaryClassification`: what a project declares once, and what training, evaluation, scoring and monitoring work from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from databricks_utils.context import Context
from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.settings import ModelSettings


@dataclass(frozen=True)
class Algorithm:
    """A kind of model.

    Attributes:
        name: For runs and reports, e.g. `lightgbm`.
        build: Returns an unfitted scikit-learn estimator or pipeline with `predict_proba`. Give it fixed seeds: the same
            data must give the same model.
        packages: What the model needs beside scikit-learn, numpy and pandas; each is logged with its installed version.
    """

    name: str
    build: Callable[[], Any]
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class BinaryClassification:
    """A model that gives the probability of a yes-or-no outcome.

    Binary classification is the only kind of problem there is here today: the gate compares ROC AUC and Brier score, and
    monitoring watches a probability. A regression needs other metrics, another gate and another measure of drift.

    Attributes:
        columns: The columns of the feature table.
        baseline: Becomes the first champion, so that the challenger has something to beat.
        challenger: Is trained each time, and must not be worse than the champion.
        settings: From the configuration.
        feature_table: Table of the layer `features`, one row a key.
        prediction_table: Table of the layer `gold`; it is created where there is none.
        prediction_comment: The comment of that table: what a score says.
        model: The registered model's name without catalog and schema; by default `mlflow.model_name`.
    """

    columns: Columns
    baseline: Algorithm
    challenger: Algorithm
    settings: ModelSettings
    feature_table: str
    prediction_table: str = "predictions"
    prediction_comment: str = "Probability of the positive outcome, one row a key"
    model: str | None = None

    def features_in(self, context: Context) -> str:
        """Return the feature table's three-part name."""
        return context.table("features", self.feature_table)

    def predictions_in(self, context: Context) -> str:
        """Return the prediction table's three-part name."""
        return context.table("gold", self.prediction_table)

    def model_in(self, context: Context) -> str:
        """Return the registered model's three-part name."""
        return context.catalog.model_name(self.model)
