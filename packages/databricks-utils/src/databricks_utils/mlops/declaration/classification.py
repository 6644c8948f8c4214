"""`BinaryClassification`: a project's declaration of a model; training, evaluation, scoring and monitoring use it."""

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
        name: Name in runs and reports, e.g. `lightgbm`.
        build: Returns an unfitted scikit-learn estimator or pipeline with `predict_proba`. Give it fixed seeds: the same
            data must give the same model.
        packages: Packages that the model needs besides scikit-learn, numpy and pandas; logged with their versions.
    """

    name: str
    build: Callable[[], Any]
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class BinaryClassification:
    """A model that predicts the probability of a yes-or-no outcome.

    Binary classification is the only supported kind of problem: the gate compares ROC AUC and Brier score, and monitoring
    measures probabilities. A regression would need other metrics, another gate and another measure of drift.

    Attributes:
        columns: The columns of the feature table.
        baseline: Trained if there is no champion; the first champion, with which the challenger is compared.
        challenger: Trained each time; must not be worse than the champion.
        settings: The settings from the configuration.
        feature_table: Table of the layer `features`, one row for each key.
        prediction_table: The prediction log, a table of the layer `gold`; created if it does not exist. Beside it, the view
            `latest_<prediction_table>` has the latest prediction of each key.
        prediction_comment: The comment of that table: the meaning of a score.
        model: The registered model's name without catalog and schema; by default `mlflow.model_name`.
    """

    columns: Columns
    baseline: Algorithm
    challenger: Algorithm
    settings: ModelSettings
    feature_table: str
    prediction_table: str = "predictions"
    prediction_comment: str = "Probability of the positive outcome"
    model: str | None = None

    def features_in(self, context: Context) -> str:
        """Return the feature table's three-part name."""
        return context.table("features", self.feature_table)

    def predictions_in(self, context: Context) -> str:
        """Return the prediction log's three-part name."""
        return context.table("gold", self.prediction_table)

    def latest_predictions_in(self, context: Context) -> str:
        """Return the three-part name of the view with the latest prediction of each key."""
        return context.table("gold", f"latest_{self.prediction_table}")

    def model_in(self, context: Context) -> str:
        """Return the registered model's three-part name."""
        return context.catalog.model_name(self.model)
