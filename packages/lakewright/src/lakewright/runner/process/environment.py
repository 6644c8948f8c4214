"""What every task of a local run finds in its environment: MLflow's places, the engine's address apart."""

from __future__ import annotations

from pathlib import Path

# MLflow's sqlite store puts artifacts under ./mlruns of the current folder unless this says otherwise
# (mlflow/tracking/_tracking_service/utils.py); it has no public setting for it.
_ARTIFACT_ROOT_VARIABLE = "_MLFLOW_SERVER_ARTIFACT_ROOT"


def mlflow_environment(state: Path) -> dict[str, str]:
    """Variables that put runs, models and artifacts under `.lakewright/`.

    Args:
        state: The project's `.lakewright` folder, absolute.
    """
    store = f"sqlite:///{state / 'mlflow.db'}"
    return {
        "MLFLOW_TRACKING_URI": store,
        "MLFLOW_REGISTRY_URI": store,
        _ARTIFACT_ROOT_VARIABLE: (state / "artifacts").as_uri(),
    }
