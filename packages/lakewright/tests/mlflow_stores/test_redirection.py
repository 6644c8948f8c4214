"""`databricks` and `databricks-uc` mean the project's own stores, in every way in which code can name them."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from lakewright.mlflow_stores.places import mlflow_environment, use_by_default
from lakewright.mlflow_stores.redirection import Redirection, redirection

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project's local runs."""
    return tmp_path_factory.mktemp("project") / ".lakewright"


@pytest.fixture
def mlflow(state: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """MLflow as a task has it."""
    state.mkdir(exist_ok=True)
    for name, value in mlflow_environment(state).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(redirection, "say", None)
    redirection.install()
    import mlflow

    yield mlflow
    mlflow.set_tracking_uri(None)
    mlflow.set_registry_uri(None)


@pytest.mark.parametrize("uri", ["databricks", "databricks://profile"])
def test_the_tracking_store_of_a_workspace_is_the_projects(
    mlflow: ModuleType, state: Path, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = f"sqlite:///{state}/mlflow.db"
    mlflow.set_tracking_uri(uri)
    assert mlflow.get_tracking_uri() == os.environ["MLFLOW_TRACKING_URI"] == local
    assert mlflow.MlflowClient(tracking_uri=uri).tracking_uri == local
    mlflow.set_tracking_uri(None)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    assert mlflow.get_tracking_uri() == mlflow.MlflowClient().tracking_uri == local


@pytest.mark.parametrize("uri", ["databricks-uc", "databricks-uc://profile"])
def test_the_registry_of_unity_catalog_is_the_projects_with_its_rules(
    mlflow: ModuleType, state: Path, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = f"lakewright-unity:///{state}/mlflow.db"
    mlflow.set_registry_uri(uri)
    assert mlflow.get_registry_uri() == local
    assert mlflow.MlflowClient(registry_uri=uri)._registry_uri == local
    mlflow.set_registry_uri(None)
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", uri)
    assert mlflow.get_registry_uri() == local


def test_the_registry_of_a_workspace_has_no_rules_of_unity(mlflow: ModuleType, state: Path) -> None:
    mlflow.set_registry_uri("databricks")
    assert mlflow.get_registry_uri() == f"sqlite:///{state}/mlflow.db"


def test_another_address_stays(mlflow: ModuleType, tmp_path: Path) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mine.db")
    assert mlflow.get_tracking_uri() == f"sqlite:///{tmp_path}/mine.db"


def test_nothing_is_redirected_without_a_local_store(
    mlflow: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAKEWRIGHT_MLFLOW_STORE")
    mlflow.set_registry_uri("databricks-uc")
    assert mlflow.get_registry_uri() == "databricks-uc"


def test_one_remark_says_what_was_redirected(mlflow: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(redirection, "say", said.append)
    monkeypatch.setattr(redirection, "_said", False)
    mlflow.set_registry_uri("databricks-uc")
    mlflow.set_tracking_uri("databricks")
    assert len(said) == 1
    assert "`databricks-uc` means this project's own stores" in said[0]


@pytest.mark.parametrize("name", ["/Users/someone@example.com/flights", "/Shared/flights"])
def test_an_experiment_has_a_workspaces_path(mlflow: ModuleType, name: str) -> None:
    mlflow.set_tracking_uri("databricks")
    experiment = mlflow.set_experiment(name)
    with mlflow.start_run() as run:
        mlflow.log_metric("auc", 0.7)
    assert mlflow.get_experiment_by_name(name).experiment_id == experiment.experiment_id
    assert run.info.artifact_uri.startswith("file:///")


@pytest.mark.ours(
    where=("connect", "classic"),
    area="Models",
    what="the name of an experiment that is no absolute path",
    fails="DID NOT RAISE",
    instead="the experiment is created",
    workspace="refused: `/Users/…` and `/Shared/…` are names",
    reason="the local tracking store can check it",
    link="https://docs.databricks.com/aws/en/mlflow/experiments",
)
def test_an_experiment_needs_an_absolute_path(mlflow: ModuleType) -> None:
    mlflow.set_tracking_uri("databricks")
    with pytest.raises(mlflow.exceptions.MlflowException, match="absolute path"):
        mlflow.create_experiment("relative")


def test_functions_are_replaced_in_modules_that_were_imported_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def set_tracking_uri(uri: str) -> str:
        return uri

    def get_tracking_uri() -> str:
        return "databricks"

    def _resolve_tracking_uri(tracking_uri: str | None = None) -> str:
        return tracking_uri or "databricks"

    def is_tracking_uri_set() -> bool:
        return True

    def _get_sqlalchemy_store(store_uri: str, artifact_uri: str | None) -> tuple[str, str | None]:
        return store_uri, artifact_uri

    functions = (
        set_tracking_uri,
        get_tracking_uri,
        _resolve_tracking_uri,
        is_tracking_uri_set,
        _get_sqlalchemy_store,
    )
    builders: dict[str, Callable[..., object]] = {}
    defining, using = ModuleType("mlflow.defining"), ModuleType("mlflow.using")
    vars(defining)["_tracking_store_registry"] = SimpleNamespace(register=builders.__setitem__)
    for module in (defining, using):
        vars(module).update({function.__name__: function for function in functions})
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setenv("LAKEWRIGHT_MLFLOW_STORE", "sqlite:////p/mlflow.db")
    Redirection().in_tracking(defining)
    assert using.set_tracking_uri("databricks") == "sqlite:////p/mlflow.db"
    assert using.get_tracking_uri() == using._resolve_tracking_uri("databricks") == "sqlite:////p/mlflow.db"
    monkeypatch.setenv("_MLFLOW_SERVER_ARTIFACT_ROOT", "file:///p/artifacts")
    assert builders["sqlite"]("sqlite:////p/mlflow.db", None) == (
        "sqlite:////p/mlflow.db",
        "file:///p/artifacts",
    )
    assert builders["sqlite"]("sqlite:////p/mlflow.db", "file:///q") == (
        "sqlite:////p/mlflow.db",
        "file:///q",
    )


def test_a_script_that_names_no_store_finds_the_projects_and_not_its_folder(
    mlflow: ModuleType, state: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in mlflow_environment(state):
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    own_default = mlflow.get_tracking_uri().removeprefix("sqlite:///")  # relative before MLflow 3.10
    assert Path(own_default).resolve() == tmp_path / "mlflow.db"
    use_by_default(f"sqlite:///{state}/mlflow.db", state)
    try:
        assert (
            mlflow.get_tracking_uri() == mlflow.MlflowClient().tracking_uri == f"sqlite:///{state}/mlflow.db"
        )
        mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mine.db")
        assert mlflow.get_tracking_uri() == f"sqlite:///{tmp_path}/mine.db"
    finally:
        for name in mlflow_environment(state):
            os.environ.pop(name, None)
