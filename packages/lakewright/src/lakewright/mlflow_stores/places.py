"""Where MLflow keeps the runs, models and artifacts of a project: addresses of its stores, as variables and as URIs."""

import os
from collections.abc import Mapping
from pathlib import Path

TRACKING_VARIABLE = "MLFLOW_TRACKING_URI"
REGISTRY_VARIABLE = "MLFLOW_REGISTRY_URI"
# Names the two stores for `databricks` and `databricks-uc`; set wherever those are redirected.
LOCAL_STORE_VARIABLE = "LAKEWRIGHT_MLFLOW_STORE"
# The scheme of the registry with Unity Catalog's rules; an entry point gives MLflow its class.
UNITY_SCHEME = "lakewright-unity"
_SQLITE = "sqlite://"
_UNITY = f"{UNITY_SCHEME}://"
# MLflow's sqlite store puts artifacts under ./mlruns of the current folder unless this variable is set
# (mlflow/tracking/_tracking_service/utils.py); it has no public setting for it.
_ARTIFACT_ROOT_VARIABLE = "_MLFLOW_SERVER_ARTIFACT_ROOT"


def database(state: Path) -> Path:
    """The file with runs and models.

    Args:
        state: The project's `.lakewright` folder, absolute.
    """
    return state / "mlflow.db"


def artifacts(state: Path) -> str:
    """The URI of the folder with artifacts."""
    return (state / "artifacts").as_uri()


def mlflow_environment(state: Path) -> dict[str, str]:
    """The variables that put runs, models and artifacts under `.lakewright/`.

    The registry has Unity Catalog's rules, which are those of a workspace's default registry.

    Args:
        state: The project's `.lakewright` folder, absolute.
    """
    store = f"{_SQLITE}/{database(state)}"
    return {
        TRACKING_VARIABLE: store,
        REGISTRY_VARIABLE: unity_uri(store),
        LOCAL_STORE_VARIABLE: store,
        _ARTIFACT_ROOT_VARIABLE: artifacts(state),
    }


def use_by_default(store: str, state: Path) -> None:
    """Let this process find the project's stores where code sets none; MLflow's own default is the current folder.

    Args:
        store: The tracking store of the project's configuration.
        state: The project's `.lakewright` folder, absolute.
    """
    if store.startswith(_SQLITE):
        os.environ.setdefault(LOCAL_STORE_VARIABLE, store)
        os.environ.setdefault(_ARTIFACT_ROOT_VARIABLE, artifacts(state))


def default_store(environ: Mapping[str, str] = os.environ) -> str | None:
    """The tracking store of this process's project, if it has one."""
    return environ.get(LOCAL_STORE_VARIABLE)


def artifact_root(environ: Mapping[str, str] = os.environ) -> str | None:
    """The folder for the artifacts of this process's project, as a URI, if it has one."""
    return environ.get(_ARTIFACT_ROOT_VARIABLE)


def unity_uri(store: str) -> str:
    """The address of the registry with Unity Catalog's rules in a sqlite store."""
    return _UNITY + store.removeprefix(_SQLITE)


def sqlite_uri(unity: str) -> str:
    """The sqlite store of a registry with Unity Catalog's rules."""
    return _SQLITE + unity.removeprefix(_UNITY)


def local_uri(uri: str | None, environ: Mapping[str, str] = os.environ) -> str | None:
    """The local store that takes a workspace's place, or None if `uri` names no workspace or there is no local store.

    Examples:
        >>> here = {LOCAL_STORE_VARIABLE: "sqlite:////p/mlflow.db"}
        >>> local_uri("databricks-uc", here), local_uri("databricks://profile", here)
        ('lakewright-unity:////p/mlflow.db', 'sqlite:////p/mlflow.db')
        >>> local_uri("sqlite:///mine.db", here)
    """
    store = environ.get(LOCAL_STORE_VARIABLE)
    scheme = str(uri).partition("://")[0] if uri else ""
    if not store or scheme not in {"databricks", "databricks-uc"}:
        return None
    return unity_uri(store) if scheme == "databricks-uc" else store
