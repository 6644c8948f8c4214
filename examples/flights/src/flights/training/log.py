"""One MLflow run a model: tags, parameters, metrics, figures, the model with its signature and requirements."""

from collections.abc import Mapping
from importlib.metadata import version

import mlflow
import mlflow.sklearn
import numpy as np
from databricks_utils.mlops import RunTags, ScoreHistogram
from databricks_utils.mlops.figures import calibration_figure, roc_figure
from mlflow.models import infer_signature
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.pipeline import Pipeline

from flights.training.sample import Sample

# Written out: letting MLflow infer them imports the model in a new process and takes fourteen seconds.
_REQUIRED = ("cloudpickle", "lightgbm", "numpy", "pandas", "scikit-learn")


def measure(labels: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """Return ROC AUC, Brier score, log loss, and how far the mean score is from the share of late flights."""
    return {
        "roc_auc": float(roc_auc_score(labels, scores)),
        "brier": float(brier_score_loss(labels, scores)),
        "log_loss": float(log_loss(labels, scores)),
        "calibration_gap": float(scores.mean() - np.mean(labels)),
    }


def log_model(
    algorithm: str,
    model: Pipeline,
    validation: Sample,
    scores: np.ndarray,
    *,
    tags: RunTags,
    parameters: Mapping[str, object],
) -> tuple[str, dict[str, str], dict[str, float]]:
    """Log a fitted model in a run of its own.

    Args:
        algorithm: Its name.
        model: The fitted pipeline.
        validation: Rows that came after those it was trained on.
        scores: What the model gives them, one a row.
        tags: Where it came from.
        parameters: How it was made.

    Returns:
        The model's URI, the tags of its version (with the histogram of its scores), and its metrics.
    """
    metrics = measure(validation.labels.to_numpy(), scores)
    with mlflow.start_run(run_name=algorithm):
        mlflow.set_tags(tags.as_dict())
        mlflow.log_params({"algorithm": algorithm, **parameters})
        mlflow.log_metrics({f"validation_{name}": value for name, value in metrics.items()})
        mlflow.log_figure(roc_figure(validation.labels, {algorithm: scores}), "figures/roc.svg")
        mlflow.log_figure(calibration_figure(validation.labels, {algorithm: scores}), "figures/calibration.svg")
        example = validation.features.head(5)
        logged = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=infer_signature(validation.features, model.predict_proba(example)),
            pip_requirements=[f"{package}=={version(package)}" for package in _REQUIRED],
            pyfunc_predict_fn="predict_proba",
            serialization_format="cloudpickle",
        )
    histogram = ScoreHistogram.of(scores).to_json()
    return logged.model_uri, {**tags.as_dict(), "algorithm": algorithm, "score_histogram": histogram}, metrics
