"""A project from the template is valid for each answer and in each target: by our rules, and by Databricks' own types.

The types are those of `databricks-bundles`, the package in which Databricks publishes the resources of bundles as Python classes.
"""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from databricks.bundles.core._resource_type import _ResourceType

from lakewright.bundle import Bundle, all_findings, load_bundle, load_local_overlay
from lakewright.runtime_checks.used import runtimes_of
from lakewright.runtimes import constraints_of
from lakewright.scaffold import render_project

pytestmark = [pytest.mark.unit, pytest.mark.drawn(3, by="answers")]

TYPES = {each.plural_name: each.resource_type for each in _ResourceType.all()}
# What `databricks bundle validate -o json` adds; nobody writes it, and the classes do not have it.
ADDED = {"jobs": ("deployment", "edit_mode", "format"), "volumes": ("volume_path",)}
TARGETS = ("dev", "staging", "prod")
OTHER_NAMES = {"package_name": "churn_2", "catalog": "sales", "owner": 'Data: "Churn" & co'}
HOST = "https://adb-1234567890123456.7.azuredatabricks.net"
ANSWERS = {
    "serverless": {},
    "serverless, other names": {**OTHER_NAMES, "package_index": "https://example.org/simple"},
    "serverless, one workspace": {"workspace_host": HOST, "notification_email": "data@example.org"},
    "serverless, endpoint": {"serving_endpoint": "small"},
    "job clusters": {"compute": "job_clusters"},
    "job clusters, other names": {"compute": "job_clusters", **OTHER_NAMES},
    "job clusters, policy": {
        "compute": "job_clusters",
        "cluster_policy": "Job Compute",
        "node_type": "Standard_E8ds_v5",
        "serving_endpoint": "small",
        "workspace_host": HOST,
        "workspace_host_prod": "https://adb-2.8.azuredatabricks.net",
    },
}


def explained(answers: dict[str, str], target: str) -> list[str]:
    """The recommendations that an answer brings: a policy that a workspace looks up, a shared target without its workspace."""
    looked_up = ["LW207"] if answers.get("cluster_policy") else []
    return looked_up + (["LW517"] if target != "dev" and "workspace_host" not in answers else [])


@pytest.fixture(scope="module", params=ANSWERS)
def answers(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def project(answers: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered") / "flights-2"
    return render_project(folder, answers=ANSWERS[answers], ask=False)


@pytest.fixture(scope="module", params=TARGETS)
def bundle(request: pytest.FixtureRequest, project: Path) -> Bundle:
    return load_bundle(project, target=request.param)


def refused(bundle: Bundle, resolved: dict[str, Any]) -> list[str]:
    """Return what Databricks' types refuse in the resources of a bundle."""
    messages = []
    for kind, resources in resolved["resources"].items():
        for key, resource in resources.items():
            path = f"resources.{kind}.{key}"
            added = {name for name in ADDED.get(kind, ()) if f"{path}.{name}" not in bundle.locations}
            written = {name: value for name, value in resource.items() if name not in added}
            try:
                TYPES[kind].from_dict(written)
            except (TypeError, ValueError) as error:
                messages.append(f"{path}: {error}")
    return messages


def test_validate_finds_nothing_that_is_not_explained(answers, bundle):
    findings = all_findings(bundle, configuration=True)
    assert [finding.code for finding in findings] == explained(ANSWERS[answers], bundle.target)
    assert {finding.severity for finding in findings} <= {"recommendation"}, "--strict fails on warnings"


def test_databricks_own_types_accept_every_resource(bundle):
    shared = {"alerts": 1, "dashboards": 1, "experiments": 1, "sql_warehouses": 1}
    assert {kind: len(resources) for kind, resources in bundle.resolved["resources"].items()} == {
        **{"jobs": 10, "schemas": 8, "secret_scopes": 1, "volumes": 1},
        **({} if bundle.target == "dev" else shared),
    }
    assert refused(bundle, bundle.resolved) == []


def test_the_targets_are_all_that_the_bundle_has(bundle):
    assert sorted(bundle.targets) == sorted(TARGETS)


def test_what_a_local_run_lays_over_the_bundle_is_valid_too(project):
    bundle = load_bundle(project, local=load_local_overlay(project))
    assert bundle.diagnostics == ()
    assert refused(bundle, bundle.resolved) == []


def test_every_task_with_code_has_the_compute_that_was_chosen(bundle):
    jobs = bundle.jobs.items()
    tasks = [(job, task) for _, job in jobs for task in job["tasks"] if "run_job_task" not in task]
    assert len(tasks) == (13 if "serving" in str(bundle.jobs["training"]) else 12)
    for job, task in tasks:
        if "job_cluster_key" in task:
            (cluster,) = job["job_clusters"]
            assert cluster["job_cluster_key"] == task["job_cluster_key"]
            assert cluster["new_cluster"]["spark_version"] == "17.3.x-scala2.13"
            assert cluster["new_cluster"]["data_security_mode"] == "DATA_SECURITY_MODE_STANDARD"
            assert len(task["libraries"]) == 2
            assert "environments" not in job
        else:
            (environment,) = job["environments"]
            assert environment["environment_key"] == task["environment_key"]
            assert environment["spec"]["environment_version"] == "4"
            assert len(environment["spec"]["dependencies"]) == 2
            assert not {"job_clusters", "libraries"} & {*job, *task}


def test_the_constraints_are_those_of_the_jobs_runtime(project, bundle):
    (used,) = runtimes_of(bundle)
    runtime = used.find_list()
    assert runtime is not None
    assert (project / "constraints.txt").read_text(encoding="utf-8") == constraints_of(runtime)


def misspelled_version(resources: dict[str, Any]) -> None:
    spec = resources["jobs"]["ingestion"]["environments"][0]["spec"]
    spec["enviroment_version"] = spec.pop("environment_version")


def text_for_a_number(resources: dict[str, Any]) -> None:
    resources["jobs"]["ingestion"]["max_concurrent_runs"] = "many"


def unknown_target_of_performance(resources: dict[str, Any]) -> None:
    resources["jobs"]["ingestion"]["performance_target"] = "FAST"


def task_without_key(resources: dict[str, Any]) -> None:
    del resources["jobs"]["ingestion"]["tasks"][0]["task_key"]


def catalog_of_a_schema(resources: dict[str, Any]) -> None:
    resources["schemas"]["gold"]["catalog"] = resources["schemas"]["gold"].pop("catalog_name")


def unknown_kind_of_volume(resources: dict[str, Any]) -> None:
    resources["volumes"]["files"]["volume_type"] = "OTHER"


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (
            misspelled_version,
            "resources.jobs.ingestion: Unexpected field 'enviroment_version' for class Environment",
        ),
        (text_for_a_number, "resources.jobs.ingestion: "),
        (unknown_target_of_performance, "resources.jobs.ingestion: "),
        (task_without_key, "resources.jobs.ingestion: "),
        (catalog_of_a_schema, "resources.schemas.gold: Unexpected field 'catalog' for class Schema"),
        (unknown_kind_of_volume, "resources.volumes.files: "),
    ],
)
def test_databricks_own_types_refuse_what_is_wrong(
    tmp_path, break_it: Callable[[dict[str, Any]], None], message: str
):
    bundle = load_bundle(render_project(tmp_path / "flights", answers={}, ask=False))
    broken = deepcopy(bundle.resolved)
    break_it(broken["resources"])
    (refusal,) = refused(bundle, broken)
    assert refusal.startswith(message)
