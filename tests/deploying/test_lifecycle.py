"""The flights project goes through validate, deploy, plan, change, deploy, run and destroy in every target, on the fake workspace."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from deploying.shop import actions
from flights_on_workspace import ROOT, TARGETS, deployer_of, make_ready, with_wheel

from lakewright.bundle import all_findings, load_bundle
from lakewright.scaffold import render_project

pytestmark = pytest.mark.unit

OTHER_ANSWERS = {
    "compute": "job_clusters",
    "cluster_policy": "jobs of teams",
    "package_name": "churn_2",
    "catalog": "sales",
    "notification_email": "team@example.com",
    "serving_endpoint": "small",
}


def change(project: Path) -> None:
    """A new default of a parameter, a new task, a job less, a schema under another name."""
    job = project / "resources" / "transformation.job.yml"
    text = job.read_text(encoding="utf-8")
    assert "default: refine" in text
    job.write_text(text.replace("default: refine", "default: rebuild"), encoding="utf-8")
    job = project / "resources" / "ingestion.job.yml"
    described = yaml.safe_load(job.read_text(encoding="utf-8"))
    tasks = described["resources"]["jobs"]["ingestion"]["tasks"]
    first = tasks[0]["task_key"]
    tasks.append({**tasks[0], "task_key": "ingest_again", "depends_on": [{"task_key": first}]})
    job.write_text(yaml.safe_dump(described), encoding="utf-8")
    (project / "resources" / "maintenance.job.yml").unlink()
    schema = project / "resources" / "ops.schema.yml"
    text = schema.read_text(encoding="utf-8")
    schema.write_text(text.replace("_ops\n", "_operations\n"), encoding="utf-8")


@pytest.mark.drawn(2)
@pytest.mark.parametrize("target", TARGETS)
def test_a_project_is_deployed_changed_run_and_destroyed(workspace, flights, target):
    assert [
        each
        for each in all_findings(load_bundle(flights, target=target), configuration=True)
        if each.severity == "error"
    ] == []
    token = make_ready(workspace, flights, target)
    first = deployer_of(workspace, flights, target, token).deploy()
    assert set(Counter(actions(first).values())) == {"create"}
    assert workspace.ignored == []

    again = deployer_of(workspace, flights, target, token)
    assert actions(again.plan()) == {}
    held = workspace.holds()
    again.deploy()
    assert (again.uploaded, workspace.holds()) == ([], held)

    change(flights)
    deployer = deployer_of(workspace, flights, target, token)
    plan = deployer.plan()
    planned = {key: action for key, action in actions(plan).items() if "permissions" not in key}
    assert planned == {
        "jobs.transformation": "update",
        "jobs.ingestion": "update",
        "jobs.maintenance": "delete",
        "schemas.ops": "recreate",
        "schemas.ops.grants": "recreate",
    }
    changed = plan["plan"]["resources.jobs.transformation"]["changes"]["parameters[name='mode'].default"]
    assert changed == {"action": "update", "old": "refine", "new": "rebuild", "remote": "refine"}
    deployer.deploy()
    assert actions(deployer_of(workspace, flights, target, token).plan()) == {}
    jobs = {job["settings"]["name"].partition("flights-")[2] for job in workspace.state.jobs.values()}
    assert "maintenance" not in jobs
    assert "transformation" in jobs
    assert {name.rpartition("flights_")[2] for name in workspace.state.schemas} >= {"operations", "gold"}

    run = deployer.run("main_pipeline")
    assert run["state"]["life_cycle_state"] == "SKIPPED", run["state"]
    assert "not executed" in run["state"]["state_message"]

    deployer.destroy()
    assert workspace.holds() == {}
    assert workspace.ignored == []


@pytest.mark.drawn(2)
@pytest.mark.parametrize("target", TARGETS)
def test_a_project_with_other_answers_is_deployed_and_destroyed(workspace, tmp_path, target):
    asked = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    answers = {name: answer for name, answer in OTHER_ANSWERS.items() if name in asked}
    project = with_wheel(render_project(tmp_path / "churn", answers=answers, ask=False))
    token = make_ready(workspace, project, target)
    deployer_of(workspace, project, target, token).deploy()
    assert actions(deployer_of(workspace, project, target, token).plan()) == {}
    clusters = [
        each for job in workspace.state.jobs.values() for each in job["settings"].get("job_clusters", [])
    ]
    assert clusters
    deployer_of(workspace, project, target, token).destroy()
    workspace.state.policies.clear()
    assert (workspace.holds(), workspace.ignored) == ({}, [])


def test_a_principal_that_may_not_read_what_was_deployed_breaks_the_run(workspace, flights):
    token = make_ready(workspace, flights, "prod")
    deployer = deployer_of(workspace, flights, "prod", token)
    deployer.deploy()
    assert deployer.run("ingestion")["state"]["life_cycle_state"] == "SKIPPED"  # checked, not executed
    for members in workspace.state.people.groups.values():
        members.discard(workspace.application_id("flights-prod-ingestion-job"))
    state = deployer.run("ingestion")["state"]
    assert state["result_state"] == "FAILED"
    assert "is not permitted to read" in state["state_message"]


def test_a_wheel_that_was_not_uploaded_breaks_the_run(workspace, flights):
    token = make_ready(workspace, flights, "dev")
    deployer = deployer_of(workspace, flights, "dev", token)
    deployer.deploy()
    (wheel,) = [path for path in workspace.state.entries if ".internal/flights-" in path]
    del workspace.state.entries[wheel]
    run = deployer.run("evaluation")
    assert run["state"]["result_state"] == "FAILED"
    assert "Library installation failed" in run["state"]["state_message"]
    assert "flights-" in run["state"]["state_message"]
