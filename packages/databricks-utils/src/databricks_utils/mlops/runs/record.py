"""One MLflow run for each model: tags, parameters, metrics, figures, and the model with signature and requirements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from databricks_utils.mlops.declaration.classification import Algorithm
from databricks_utils.mlops.inputs.sample import Sample
from databricks_utils.mlops.measures.drift import ScoreHistogram
from databricks_utils.mlops.runs.tags import RunTags
from databricks_utils.mlops.shown.plots import calibration_figure, roc_figure

if TYPE_CHECKING:
    import numpy as np

HISTOGRAM = "score_histogram"
_ALWAYS = ("cloudpickle", "numpy", "pandas", "scikit-learn")
_EXAMPLE_ROWS = 5


@dataclass(frozen=True)
class LoggedModel:
    """A logged model.

    Attributes:
        uri: The model's address, for `ModelRegistry.register`.
        version_tags: The tags for its version, with the histogram of its scores.
    """

    uri: str
    version_tags: dict[str, str]


def log_model(  # noqa: PLR0913 - the model, what it was judged by, and where it came from
    algorithm: Algorithm,
    model: Any,  # noqa: ANN401 - a scikit-learn estimator
    validation: Sample,
    scores: np.ndarray[Any, Any],
    *,
    test_scores: np.ndarray[Any, Any],
    tags: RunTags,
    parameters: Mapping[str, object],
    metrics: Mapping[str, float],
) -> LoggedModel:
    """Log a fitted model in a new run.

    Args:
        algorithm: The kind of model.
        model: The fitted estimator or pipeline.
        validation: The validation rows, which are later than the training rows.
        scores: The model's scores of these rows, one for each row.
        test_scores: The model's scores of the test rows; drift is measured against them.
        tags: The origin of the model.
        parameters: The parameters of the training.
        metrics: The metrics on `validation`; logged as `validation_<name>`.
    """
    import mlflow
    import mlflow.sklearn
    from mlflow.models import infer_signature

    labels, named = validation.labels.tolist(), {algorithm.name: scores}
    with mlflow.start_run(run_name=algorithm.name):
        mlflow.set_tags(tags.as_dict())
        mlflow.log_params({"algorithm": algorithm.name, **parameters, **_parameters_of(model)})
        mlflow.log_metrics({f"validation_{name}": value for name, value in metrics.items()})
        mlflow.log_figure(roc_figure(labels, named), "figures/roc.svg")
        mlflow.log_figure(calibration_figure(labels, named), "figures/calibration.svg")
        example = model.predict_proba(validation.features.head(_EXAMPLE_ROWS))
        logged = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=infer_signature(validation.features, example),
            pip_requirements=_requirements(algorithm),
            pyfunc_predict_fn="predict_proba",
            serialization_format="cloudpickle",
        )
    histogram = ScoreHistogram.of(test_scores).to_json()
    return LoggedModel(
        logged.model_uri, {**tags.as_dict(), "algorithm": algorithm.name, HISTOGRAM: histogram}
    )


def _requirements(algorithm: Algorithm) -> list[str]:
    # Listed here, because MLflow's own inference loads the model in a new process and takes fourteen seconds.
    return [f"{package}=={version(package)}" for package in sorted({*_ALWAYS, *algorithm.packages})]


def _parameters_of(model: Any) -> dict[str, object]:  # noqa: ANN401 - a scikit-learn estimator
    """Return the parameters of the estimator; of a pipeline, those of its last step."""
    estimator = model.steps[-1][1] if hasattr(model, "steps") else model
    return {f"model__{key}": value for key, value in estimator.get_params().items()}
