"""A task without Spark is held to its principal's rights on files and models, and its job's other tasks to theirs."""

import json
from typing import Any

import pytest

from lakewright.runner.planning.options import RunOptions
from lakewright.runner.run_job import run_job

pytestmark = pytest.mark.integration

CODE = """
    from mlflow import MlflowClient

    def tell(name, call):
        try:
            call()
            print(name, "allowed")
        except Exception as error:
            print(name, type(error).__name__, str(error).splitlines()[0])

    tell("reads", lambda: open("/Volumes/c/s/v/a.csv").read())
    tell("lists", lambda: dbutils.fs.ls("/Volumes/c/s/v"))
    tell("writes", lambda: dbutils.fs.put("/Volumes/c/s/v/new", "x", True))
    tell("registers", lambda: MlflowClient().create_registered_model("c.s.m"))
"""


@pytest.fixture
def bundle(project: Any) -> Any:
    """A job that runs as `loader`, who may read the volume and create models."""
    catalog = project.root / ".lakewright/lakehouse/_catalog/c"
    (catalog / "s").mkdir(parents=True)
    (project.root / ".lakewright/lakehouse/volumes/c/s/v").mkdir(parents=True)
    (project.root / ".lakewright/lakehouse/volumes/c/s/v/a.csv").write_text("x")
    records = {
        "_catalog.json": ("catalog", ["USE CATALOG"]),
        "s/_schema.json": ("schema", ["USE SCHEMA", "CREATE MODEL"]),
        "s/v.volume.json": ("volume", ["READ VOLUME"]),
    }
    for file, (kind, rights) in records.items():
        grants = [{"principal": "loader", "privilege": right} for right in rights]
        record = {"format": 1, "kind": kind, "owner": "ann", "location": "volumes/c/s/v", "grants": grants}
        (catalog / file).write_text(json.dumps(record))
    return project.bundle(project.task("loads", CODE), run_as={"service_principal_name": "loader"})


def told(project: Any) -> list[str]:
    names = ("reads", "lists", "writes", "registers")
    return [line for line in project.log("loads").splitlines() if line.startswith(names)]


def test_a_principal_that_a_run_names_is_refused_what_it_has_no_grant_for(project: Any, bundle: Any) -> None:
    summary = run_job(bundle, "main", engine=None, options=RunOptions(principal="loader"))
    assert summary.status == "success", summary.as_dict()
    refused = "NotGrantedError [PERMISSION_DENIED] User loader does not have WRITE VOLUME on Volume 'c.s.v'."
    assert told(project) == ["reads allowed", "lists allowed", f"writes {refused}", "registers allowed"]
    record = json.loads((project.root / ".lakewright/lakehouse/_catalog/c/s/m.model.json").read_text())
    assert record["owner"] == "loader"


def test_run_as_is_a_name_only_in_a_bundle_without_grants(project: Any, bundle: Any) -> None:
    summary = run_job(bundle, "main", engine=None, options=RunOptions())
    assert summary.status == "success", summary.as_dict()
    assert [line.endswith("allowed") for line in told(project)] == [True] * 4


def test_groups_that_contradict_themselves_end_the_task_with_what_to_mend(project: Any, bundle: Any) -> None:
    people = project.root / ".lakewright/lakehouse/principals.json"
    people.write_text(json.dumps({"groups": {"a": ["b"], "b": ["a"]}}))
    summary = run_job(bundle, "main", engine=None, options=RunOptions(principal="loader"))
    assert summary.status == "failed"
    log = project.log("loads")
    assert "a group is a member of itself" in log
    assert "fix: remove `a` from the members of `b`" in log
    assert not told(project)
