"""A project that was moved or copied finds its artifacts again."""

import shutil
from pathlib import Path

import pytest

from lakewright.mlflow_stores.moved import repair_addresses
from lakewright.mlflow_stores.places import mlflow_environment
from lakewright.mlflow_stores.redirection import redirection

pytestmark = pytest.mark.unit


def test_addresses_follow_a_copied_project_and_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = tmp_path / "a b" / ".lakewright", tmp_path / "copy" / ".lakewright"
    before.mkdir(parents=True)
    for name, value in mlflow_environment(before).items():
        monkeypatch.setenv(name, value)
    redirection.install()
    import mlflow

    client = mlflow.MlflowClient(f"sqlite:///{before}/mlflow.db", f"sqlite:///{before}/mlflow.db")
    own = client.create_experiment("/Shared/own")
    elsewhere = client.create_experiment("/Shared/elsewhere", artifact_location="file:///elsewhere/artifacts")
    run = client.create_run(own)
    client.log_text(run.info.run_id, "hello", "words.txt")
    client.create_registered_model("main.models.m")
    client.create_model_version("main.models.m", f"{run.info.artifact_uri}/model", run.info.run_id)
    shutil.copytree(before, after)
    shutil.rmtree(before / "artifacts")

    assert repair_addresses(after) > 0
    assert repair_addresses(after) == repair_addresses(before) == 0
    moved = mlflow.MlflowClient(f"sqlite:///{after}/mlflow.db", f"sqlite:///{after}/mlflow.db")
    uri = moved.get_run(run.info.run_id).info.artifact_uri
    assert uri.startswith(f"{after.as_uri()}/artifacts/")
    assert Path(moved.download_artifacts(run.info.run_id, "words.txt")).read_text() == "hello"
    assert moved.get_model_version("main.models.m", "1").source == f"{uri}/model"
    assert moved.get_experiment(elsewhere).artifact_location == "file:///elsewhere/artifacts"


def test_a_project_without_a_database_and_one_that_cannot_be_read_are_left_alone(tmp_path: Path) -> None:
    assert repair_addresses(tmp_path) == 0
    (tmp_path / "mlflow.db").write_text("no database")
    assert repair_addresses(tmp_path) == 0
    assert (tmp_path / "mlflow.db").read_text() == "no database"
