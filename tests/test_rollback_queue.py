"""Releases that wait and rollbacks: which runs a rollback ends, and which release is not deployed over it, on runs as GitHub lists them."""

import json
import shutil

import pytest
from pipelines.github_jobs import github_jobs
from pipelines.machine import Machine, StepFailedError
from pipelines.rendering import of_pipelines, render
from test_pipeline_steps import github_values

from lakewright.pipelines.reading import read_yaml

pytestmark = [
    pytest.mark.unit,
    pytest.mark.skipif(not shutil.which("jq"), reason="the expressions of `gh --jq` are run by jq"),
]
REFUSED = "Refuse a release that a rollback has taken back"


@pytest.fixture(scope="module", params=["tags", "branches"])
def workflows(request, tmp_path_factory):
    """The rendered workflows by their paths."""
    folder = tmp_path_factory.mktemp("workflows") / request.param
    return of_pipelines(render(folder, {"ci": "github", "branching": request.param}))


@pytest.fixture
def machine(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    return Machine(
        "github",
        tmp_path,
        home,
        {},
        {"GITHUB_REPOSITORY": "acme/flights", "GITHUB_RUN_ID": "7", "TARGET": "prod"},
    )


def run(number, created, workflow="release.yml", **more):
    """A run as GitHub lists it."""
    known = {
        "displayTitle": "",
        "headBranch": "v1.0.0",
        "status": "completed",
        "conclusion": "success",
        "jobs": [],
    }
    url = f"https://github.com/acme/flights/actions/runs/{number}"
    return {
        "databaseId": number,
        "createdAt": f"2026-11-27T{created}:00Z",
        "workflow": workflow,
        "url": url,
        **known,
        **more,
    }


def step_of(workflows, file, name, of="", **values):
    known = github_values() | {key.replace("__", "."): value for key, value in values.items()}
    for job in github_jobs(workflows, f".github/workflows/{file}.yml", known):
        for step in job.steps if job.name.endswith(of) else ():
            if step.name.startswith(name):
                return step
    raise AssertionError(name)


def play(machine, step, *runs):
    (machine.home / "runs.json").write_text(json.dumps(runs), encoding="utf-8")
    machine.step(step, dict(machine.environment))


@pytest.mark.parametrize(
    ("rollback", "refused"),
    [
        (("rollback prod . v0.9.0", "11:00", "success"), True),
        (("rollback prod . v0.9.0", "11:00", None), True),  # it runs, or waits
        (("rollback prod . v0.9.0", "11:00", "failure"), True),  # it may have deployed
        (("rollback prod . v0.9.0", "11:00", "cancelled"), False),
        (("rollback prod . v0.9.0", "09:00", "success"), False),
        (("rollback prod . model", "11:00", "success"), False),
        (("rollback staging . v0.9.0", "11:00", "success"), False),
        (("rollback prod orders v0.9.0", "11:00", "success"), False),
    ],
)
def test_a_release_that_waited_while_its_target_was_rolled_back_is_not_deployed(
    rollback, refused, workflows, machine
):
    title, created, conclusion = rollback
    step = step_of(workflows, "release", REFUSED, of="prod / deploy")
    runs = run(7, "10:00"), run(8, created, "rollback.yml", displayTitle=title, conclusion=conclusion)
    if not refused:
        play(machine, step, *runs)
        return
    with pytest.raises(StepFailedError, match="release the next version instead"):
        play(machine, step, *runs)


@pytest.mark.parametrize(("deploy", "refused"), [("success", True), ("cancelled", True), ("skipped", False)])
def test_a_rollback_that_was_cancelled_counts_if_it_had_begun_to_deploy(deploy, refused, workflows, machine):
    """The model's move waits for an approval of its own: a run that is ended there has deployed."""
    step = step_of(workflows, "release", REFUSED, of="prod / deploy")
    ended = [deploying("deploy / deploy", deploy), {"name": "model", "conclusion": "cancelled", "steps": []}]
    title = "rollback prod . v0.9.0"
    runs = (
        run(7, "10:00"),
        run(8, "11:00", "rollback.yml", displayTitle=title, conclusion="cancelled", jobs=ended),
    )
    if not refused:
        play(machine, step, *runs)
        return
    with pytest.raises(StepFailedError, match="actions/runs/8"):
        play(machine, step, *runs)


def deploying(job, conclusion, status="completed"):
    """A job as GitHub lists it, at its step `Deploy`."""
    steps = [{"name": "Plan", "status": "completed", "conclusion": "success"}]
    return {
        "name": job,
        "conclusion": conclusion,
        "steps": [*steps, {"name": "Deploy", "status": status, "conclusion": conclusion}],
    }


@pytest.mark.parametrize("workflows", ["branches"], indirect=True)  # a tag is compared with the other tags
@pytest.mark.parametrize(
    ("created", "job", "refused"),
    [
        ("11:00", deploying("release (orders) / prod / deploy", "success"), True),
        ("11:00", deploying("release (orders) / prod / deploy", "failure"), True),  # half of it may be there
        ("11:00", deploying("release (orders) / prod / deploy", "skipped"), False),
        ("11:00", {"name": "release (orders) / prod / deploy", "steps": []}, False),  # it waits
        ("11:00", deploying("release (orders) / staging / deploy", "success"), False),
        ("11:00", deploying("release (orders/eu) / prod / deploy", "success"), False),
        ("09:00", deploying("release (orders) / prod / deploy", "success"), False),
    ],
)
def test_a_release_of_the_branch_that_a_newer_one_has_replaced_is_not_deployed(
    created, job, refused, workflows, machine
):
    name = "Refuse a release of the branch"
    known = {"github__ref_type": "branch", "matrix__bundle": "orders"}
    step = step_of(workflows, "release", name, of="prod / deploy", **known)
    machine.environment["GITHUB_REF_NAME"] = "main"
    runs = run(7, "10:00"), run(8, created, jobs=[job])
    if not refused:
        play(machine, step, *runs)
        return
    with pytest.raises(StepFailedError, match=r"newer release was deployed to prod .*actions/runs/8"):
        play(machine, step, *runs)


def test_a_rollback_ends_the_releases_of_its_bundle_that_wait_and_no_deployment(workflows, machine):
    branches = ".github/workflows/release_bundle.yml" in workflows
    runs = [
        run(
            10,
            "09:00",
            headBranch="main" if branches else "v1.1.0",
            status="waiting",
            jobs=[{"status": "waiting"}],
        ),
        run(
            11,
            "09:01",
            headBranch="main" if branches else "v1.2.0",
            status="pending",
            jobs=[{"status": "completed"}],
        ),
        run(
            12,
            "09:02",
            headBranch="main" if branches else "v1.3.0",
            status="in_progress",
            jobs=[{"status": "in_progress"}],
        ),
        run(13, "09:03", headBranch="main" if branches else "v1.0.0"),
        run(14, "09:04", headBranch="orders/v1.0.0", status="waiting", jobs=[{"status": "waiting"}]),
        run(15, "09:05", "rollback.yml", headBranch="main", status="waiting"),
    ]
    step = step_of(workflows, "rollback", "End the releases", inputs__bundle=".")
    play(machine, step, *runs)
    ended = [call[2] for call in machine.calls("gh") if call[:2] == ["run", "cancel"]]
    assert ended == ["10", "11"]
    if not branches:
        play(machine, step_of(workflows, "rollback", "End the releases", inputs__bundle="orders"), *runs)
        assert [call[2] for call in machine.calls("gh") if call[:2] == ["run", "cancel"]][2:] == ["14"]


def test_a_release_that_cannot_be_ended_does_not_keep_the_others(workflows, machine):
    waiting = {"headBranch": "v1.1.0", "status": "waiting", "jobs": [{"status": "waiting"}]}
    if ".github/workflows/release_bundle.yml" in workflows:
        waiting["headBranch"] = "main"
    runs = [run(number, "09:00", **waiting) for number in (10, 11)]
    (machine.home / "not-cancelled").write_text("10")
    with pytest.raises(StepFailedError):
        play(machine, step_of(workflows, "rollback", "End the releases", inputs__bundle="."), *runs)
    assert [call[2] for call in machine.calls("gh") if call[:2] == ["run", "cancel"]] == ["10", "11"]


def test_at_most_one_release_and_one_rollback_of_a_bundle_wait_for_a_target(workflows):
    """GitHub keeps one that runs and one that waits in a group: of two, none is displaced."""
    trees = {file.rpartition("/")[2]: read_yaml(text) for file, text in workflows.items()}
    release = trees.get("release_bundle.yml", trees["release.yml"])["jobs"]
    for target in ("staging", "prod"):
        queue = release[target]["concurrency"]
        assert queue["group"].startswith(f"release-{target}-${{{{")
        assert "folder" in queue["group"]
        assert queue["cancel-in-progress"] is False
        assert release[target]["with"]["newest"] is True
    assert (
        "concurrency" not in trees["release.yml"]
    )  # one bundle that waits for an approval would hold up all
    queue = trees["rollback.yml"]["concurrency"]
    assert queue == {
        "group": "rollback-${{ inputs.target }}-${{ inputs.bundle }}",
        "cancel-in-progress": False,
    }
    deploy = trees["deploy.yml"]["jobs"]["deploy"]["concurrency"]
    assert deploy == {
        "group": "deploy-${{ inputs.target }}-${{ inputs.folder }}",
        "cancel-in-progress": False,
    }
    back = trees["rollback.yml"]["jobs"]
    assert back["stop"]["permissions"] == {"actions": "write"}
    assert "stop" in back["deploy"]["needs"]
    assert "needs.release.result == 'success'" in back["deploy"]["if"]  # not that of `stop`
    assert "newest" not in back["deploy"]["with"]
