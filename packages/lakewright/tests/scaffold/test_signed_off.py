"""What a platform team looks at before it signs a generated bundle off, after everything is resolved for each target."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from yaml import safe_load

from lakewright.bundle import Bundle, Kind, classify_task, load_bundle, load_local_overlay
from lakewright.scaffold import render_project

pytestmark = pytest.mark.unit

ANN, BOB = "ann@example.org", "bob@example.org"
SHARED = ("staging", "prod")


@pytest.fixture(scope="module", params=["serverless", "job_clusters"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed") / "shop"
    answers = {
        "compute": str(request.param),
        "serving_endpoint": "small",
        "notification_email": "data@example.org",
        "cluster_policy": "Jobs" if request.param == "job_clusters" else "",
    }
    return render_project(folder, answers=answers, ask=False)


@lru_cache
def deployed(project: Path, target: str, user: str = ANN) -> Bundle:
    return load_bundle(project, target=target, environ={"DATABRICKS_CURRENT_USER": user})


def held(resource: dict[str, Any]) -> dict[str, str]:
    """Who holds which level on a resource."""
    names = ("group_name", "service_principal_name", "user_name")
    return {
        next(entry[name] for name in names if name in entry): entry["level"]
        for entry in resource.get("permissions", ())
    }


@pytest.mark.parametrize(
    ("target", "status"), [("dev", "PAUSED"), ("staging", "PAUSED"), ("prod", "UNPAUSED")]
)
def test_schedules_run_in_prod_only(project, target, status):
    bundle = deployed(project, target)
    schedules = {key: job["schedule"] for key, job in bundle.jobs.items() if "schedule" in job}
    assert {key: each["pause_status"] for key, each in schedules.items()} == {
        "main_pipeline": status,
        "maintenance": status,
    }
    for alert in bundle.resolved["resources"].get("alerts", {}).values():
        assert alert["schedule"].get("pause_status", "UNPAUSED") == status


@pytest.mark.parametrize("target", SHARED)
def test_a_second_deployer_deploys_the_same_copy(project, target):
    first, second = (deployed(project, target, user).resolved["workspace"] for user in (ANN, BOB))
    paths = [name for name in first if name.endswith("_path")]
    assert len(paths) == 5
    assert {name: first[name] for name in paths} == {name: second[name] for name in paths}
    assert first["root_path"].startswith("/Workspace/Users/shop-")


def test_developers_deploy_copies_of_their_own(project):
    first, second = (deployed(project, "dev", user).resolved for user in (ANN, BOB))
    assert first["workspace"]["root_path"] != second["workspace"]["root_path"]
    for kind in first["resources"]:
        for key in set(first["resources"][kind]) - {"files"}:  # the volume is in the developer's own schema
            assert first["resources"][kind][key]["name"] != second["resources"][kind][key]["name"], (
                kind,
                key,
            )


@pytest.mark.parametrize("target", SHARED)
def test_only_jobs_and_deployers_can_read_the_secrets(project, target):
    (scope,) = deployed(project, target).resolved["resources"]["secret_scopes"].values()
    assert held(scope) == {
        f"shop-{target}-deployers": "MANAGE",
        f"shop-{target}-deployer": "MANAGE",
        f"shop-{target}-jobs": "READ",
    }


@pytest.mark.parametrize("target", SHARED)
def test_readers_see_jobs_and_operators_start_them(project, target):
    for job in deployed(project, target).jobs.values():
        assert held(job) == {
            f"shop-{target}-readers": "CAN_VIEW",
            f"shop-{target}-jobs": "CAN_VIEW",
            f"shop-{target}-operators": "CAN_MANAGE_RUN",
            f"shop-{target}-deployers": "CAN_MANAGE",
            f"shop-{target}-deployer": "CAN_MANAGE",
            ANN: "IS_OWNER",
        }
        assert list(job["run_as"]) == ["service_principal_name"]
        assert job["email_notifications"]["on_failure"] == ["data@example.org"]


def test_a_developers_jobs_belong_to_the_developer_alone(project):
    for job in deployed(project, "dev").jobs.values():
        assert held(job) == {}
        assert job["run_as"] == {"user_name": ANN}
        assert not job["email_notifications"]


@pytest.mark.parametrize("target", ["dev", *SHARED])
def test_every_job_shows_on_the_bill_whose_it_is(project, target):
    bundle = deployed(project, target)
    wanted = {"project": "shop", "owner": "data-team", "environment": target}
    assert all(wanted.items() <= job["tags"].items() for job in bundle.jobs.values())


def test_a_tag_holds_what_every_cloud_accepts_and_the_configuration_the_name_as_given(tmp_path):
    owner = 'Équipe "A" & B <a@b.c> \\ 1'
    root = render_project(tmp_path / "shop", answers={"owner": owner}, ask=False)
    assert deployed(root, "prod").jobs["ingestion"]["tags"]["owner"] == "Équipe _A_ _ B _a@b.c_ _ 1"
    assert safe_load((root / "config" / "defaults.yaml").read_text(encoding="utf-8"))["owner"] == owner


@pytest.mark.parametrize("target", ["dev", *SHARED])
def test_no_resource_needs_a_table_or_a_model_that_is_not_there_yet(project, target):
    kinds = set(deployed(project, target).resolved["resources"])
    assert not kinds & {"quality_monitors", "model_serving_endpoints", "registered_models"}


def test_what_needs_a_workspace_is_named_here_and_holds_up_nothing(project):
    bundle = load_bundle(project, local=load_local_overlay(project))
    verdicts = {
        f"{key}/{task['task_key']}": classify_task(bundle, key, task)
        for key, job in bundle.jobs.items()
        for task in job["tasks"]
    }
    cloud = {name: found.left_out for name, found in verdicts.items() if found.kind is Kind.CLOUD}
    assert cloud == {"monitoring/quality_monitor": True, "training/serving": True}
    assert {found.kind for found in verdicts.values()} == {Kind.LOCAL, Kind.CLOUD}


def test_clusters_grow_and_shrink_within_their_policy(project):
    bundle = deployed(project, "prod")
    if "job_cluster" not in bundle.resolved["variables"]:
        assert not any("job_clusters" in job for job in bundle.jobs.values())
        assert {job.get("performance_target") for job in bundle.jobs.values()} == {"STANDARD", None}
        return
    for job in bundle.jobs.values():
        for cluster in job.get("job_clusters", ()):
            assert cluster["new_cluster"]["autoscale"] == {"min_workers": 1, "max_workers": 4}
            assert cluster["new_cluster"]["policy_id"] == "${var.cluster_policy_id}"
            assert cluster["new_cluster"]["apply_policy_default_values"] is True
            assert {task["job_cluster_key"] for task in job["tasks"] if "run_job_task" not in task} == {
                "main"
            }
