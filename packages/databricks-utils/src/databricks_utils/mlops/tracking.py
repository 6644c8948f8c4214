"""Point MLflow at the tracking store, the registry and the experiment of an environment."""

import os
from pathlib import Path

_SQLITE = "sqlite:///"


def use_tracking(
    *, tracking_uri: str, registry_uri: str, experiment: str, artifact_location: str | None = None
) -> str:
    """Set MLflow's stores and experiment for this process, and return the experiment's id.

    Args:
        tracking_uri: Tracking store; `MLFLOW_TRACKING_URI` wins over it, as everywhere in MLflow.
        registry_uri: Model registry, e.g. `databricks-uc`; `MLFLOW_REGISTRY_URI` wins over it.
        experiment: The experiment's name; it is created where there is none.
        artifact_location: Where a new experiment keeps its artifacts; by default the store decides.
    """
    import mlflow

    tracking = os.environ.get("MLFLOW_TRACKING_URI") or tracking_uri
    registry = os.environ.get("MLFLOW_REGISTRY_URI") or registry_uri
    if tracking.startswith(_SQLITE):
        Path(tracking.removeprefix(_SQLITE)).parent.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(tracking)
    mlflow.set_registry_uri(registry)
    found = mlflow.get_experiment_by_name(experiment)
    if found is None and artifact_location:
        location = (
            artifact_location if "://" in artifact_location else Path(artifact_location).resolve().as_uri()
        )
        mlflow.create_experiment(experiment, artifact_location=location)
    return str(mlflow.set_experiment(experiment).experiment_id)
