"""Two projects in one repository, made by two calls of `lakewright init`: the steps of GitHub's workflows, executed for each bundle."""

import json
import shutil

import pytest
from pipelines.github_jobs import github_jobs
from pipelines.machine import Machine, StepFailedError, commit, git
from test_pipeline_steps import github_environment, github_values, pipelines_in

from lakewright.scaffold import new_project

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A repository with the bundles `orders` and `billing` and their tags; the last commit changed `orders`."""
    folder = tmp_path_factory.mktemp("two")
    checkout = folder / "checkout"
    git(folder, "init", "-q", "--bare", "-b", "main", str(folder / "origin.git"))
    git(folder, "init", "-q", "-b", "main", str(checkout))
    git(checkout, "remote", "add", "origin", str(folder / "origin.git"))
    for name in ("orders", "billing"):
        new_project(checkout / name, answers={"infrastructure": "none"}, ask=False)
    commit(checkout, "Add two projects")
    git(checkout, "tag", "orders/v0.1.0")
    git(checkout, "tag", "billing/v0.1.0")
    (checkout / "orders" / "NOTES.md").write_text("changed\n", encoding="utf-8")
    commit(checkout, "Change orders")
    git(checkout, "tag", "orders/v1.0.0")
    git(checkout, "push", "-q", "origin", "main", "--tags")
    return folder


@pytest.fixture
def machine(two, tmp_path):
    """A runner of GitHub with a clone at the last commit, for a run of the tag orders/v1.0.0."""
    git(tmp_path, "clone", "-q", str(two / "origin.git"), "checkout")
    home = tmp_path / "home"
    home.mkdir()
    checkout = tmp_path / "checkout"
    given = github_environment(checkout, home) | {"GITHUB_REF_NAME": "orders/v1.0.0"}
    return Machine("github", checkout, home, {}, given)


def job(machine, workflow, name, **values):
    """Return a job of a workflow; `needs_build_outputs_folder="orders"` is what `needs.build.outputs.folder` is in the run."""
    given = {key.replace("__", "."): value for key, value in values.items()}
    known = github_values("", str(machine.home / "temp")) | given
    jobs = github_jobs(pipelines_in(machine.checkout), f".github/workflows/{workflow}.yml", known)
    return next(each for each in jobs if each.name == name)


def output(machine, name):
    lines = (machine.home / "output").read_text(encoding="utf-8").splitlines()
    return next(line.partition("=")[2] for line in reversed(lines) if line.startswith(f"{name}="))


def deployed(machine):
    return [
        call[call.index("-t") + 1] for call in machine.calls("databricks") if call[:2] == ["bundle", "deploy"]
    ]


@pytest.mark.drawn(2)
def test_a_tag_releases_its_bundle_alone_and_no_other_bundle_takes_its_bytes(machine):
    machine.run(job(machine, "release", "build", steps__bundle__outputs__folder="orders"))
    assert output(machine, "folder") == "orders"
    release = json.loads(
        (machine.home / "artifacts" / "release" / "release.json").read_text(encoding="utf-8")
    )
    assert (release["bundle"], release["folder"]) == ("orders", "orders")
    for target in ("staging", "prod"):
        machine.run(job(machine, "release", f"{target} / deploy", needs__build__outputs__folder="orders"))
    assert deployed(machine) == ["staging", "prod"]
    machine.run(job(machine, "release", "publish"))
    with pytest.raises(StepFailedError, match="this one is in `billing`"):
        machine.run(job(machine, "release", "prod / deploy", needs__build__outputs__folder="billing"))
    assert deployed(machine) == ["staging", "prod"]


@pytest.mark.drawn(2)
def test_a_rollback_names_the_bundle(machine):
    git(machine.checkout, "checkout", "-q", "orders/v0.1.0")
    machine.environment["GITHUB_REF_NAME"] = "orders/v0.1.0"
    build = job(machine, "release", "build", steps__bundle__outputs__folder="orders")
    (step,) = [step for step in build.steps if step.name == "Build once"]
    machine.step(step, dict(machine.environment))
    shutil.copytree(machine.home / "temp" / "release", machine.home / "artifacts" / "release")
    inputs = {"inputs__bundle": "orders", "inputs__tag": "v0.1.0"}
    machine.run(job(machine, "rollback", "release", **inputs))
    machine.run(job(machine, "rollback", "deploy / deploy", **inputs))
    assert deployed(machine) == ["prod"]
    with pytest.raises(StepFailedError, match="the release is of another bundle"):
        machine.run(job(machine, "rollback", "release", **{**inputs, "inputs__bundle": "billing"}))


@pytest.mark.drawn(2)
def test_a_change_is_checked_and_shown_for_its_bundle(machine):
    machine.run(job(machine, "pull_request", "changed"))
    assert output(machine, "bundles") == '["orders"]'
    machine.run(job(machine, "pull_request", "check", matrix__bundle="orders"))
    machine.run(job(machine, "pull_request", "workflows"))
    machine.run(job(machine, "pull_request", "plan"))
    machine.run(job(machine, "access", "compare"))
    text = (machine.home / "output").read_text(encoding="utf-8")
    assert text.count("### orders") == 2  # the plan and the access
    assert "### billing" not in text


@pytest.mark.drawn(2)
def test_a_folder_with_a_space_is_shown_and_a_change_of_no_bundle_fails_nothing(machine):
    git(machine.checkout, "mv", "billing", "the billing")
    commit(machine.checkout, "Move a bundle")
    machine.run(job(machine, "pull_request", "plan"))
    machine.run(job(machine, "access", "compare"))
    assert (machine.home / "output").read_text(encoding="utf-8").count("\n### the billing\n") == 2
    (machine.checkout / "config").mkdir()
    (machine.checkout / "config" / "README.md").write_text("of no bundle\n", encoding="utf-8")
    commit(machine.checkout, "Change no bundle")
    machine.run(job(machine, "access", "compare"))
    assert (machine.home / "temp" / "access.md").read_text(encoding="utf-8") == "No bundle has changed.\n"


@pytest.mark.drawn(2)
def test_the_night_compares_each_bundle_with_its_own_release_and_one_that_fails_hides_no_other(machine):
    (machine.home / "releases").write_text("orders/v0.1.0\norders/v1.0.0\nbilling/v0.1.0\nremoved/v3.0.0\n")
    machine.run(job(machine, "drift", "bundles"))
    found = json.loads(output(machine, "bundles"))
    assert found == [
        {"folder": "billing", "tag": "billing/v0.1.0"},
        {"folder": "orders", "tag": "orders/v1.0.0"},
    ]
    text = pipelines_in(machine.checkout)[".github/workflows/drift.yml"]
    assert "fail-fast: false" in text
    assert "needs: [bundles, compare]" in text
    (machine.checkout / "billing" / "requirements-dev.txt").unlink()
    with pytest.raises(StepFailedError, match=r"requirements-dev\.txt"):
        machine.run(job(machine, "drift", "compare", matrix__bundle__folder="billing"))
    machine.run(job(machine, "drift", "compare", matrix__bundle__folder="orders"))


@pytest.mark.skipif(not shutil.which("jq"), reason="the expressions of `gh --jq` are run by jq")
def test_the_issue_names_what_failed_and_is_not_closed_where_nobody_could_look(machine):
    names = {"success": "compare (orders, staging)", "failure": "compare (billing, prod)"}
    jobs = [{"name": name, "conclusion": result} for result, name in names.items()]
    (machine.home / "runs.json").write_text(json.dumps([{"databaseId": 7, "jobs": jobs}]), encoding="utf-8")
    machine.run(job(machine, "drift", "report", **{"needs.*.result": "failure skipped"}))
    (made,) = [call for call in machine.calls("gh") if call[:2] == ["issue", "create"]]
    body = made[made.index("--body") + 1]
    assert body.endswith("\n\n* compare (billing, prod)")
