"""Set MLflow's tracking store, registry and experiment to those of an environment."""

import os
from pathlib import Path

from databricks_utils.context import Context

_SQLITE = "sqlite:///"


def use_tracking(context: Context) -> str:
    """Set MLflow's stores and experiment for this process, and return the experiment's id.

    `MLFLOW_TRACKING_URI` and `MLFLOW_REGISTRY_URI` override the configuration, as usual in MLflow. A missing experiment is
    created.

    Args:
        context: The context, for the section `mlflow` of its configuration.
    """
    import mlflow

    section = context.config.mlflow
    tracking = os.environ.get("MLFLOW_TRACKING_URI") or section.tracking_uri
    registry = os.environ.get("MLFLOW_REGISTRY_URI") or section.registry_uri
    if tracking.startswith(_SQLITE):
        Path(tracking.removeprefix(_SQLITE)).parent.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(tracking)
    mlflow.set_registry_uri(registry)
    if section.artifact_location and mlflow.get_experiment_by_name(section.experiment) is None:
        mlflow.create_experiment(section.experiment, artifact_location=_as_uri(section.artifact_location))
    return str(mlflow.set_experiment(section.experiment).experiment_id)


def _as_uri(location: str) -> str:
    return location if "://" in location else Path(location).resolve().as_uri()
