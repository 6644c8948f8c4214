"""The workflow of a generated project that shows who gains or loses access: its commands run here on a repository with two commits."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FLIGHTS = ROOT / "examples" / "flights"
WORKFLOW = FLIGHTS / ".github" / "workflows" / "access.yml"
COMMENT = WORKFLOW.with_name("comment.yml")

pytestmark = pytest.mark.unit

# Notes its arguments; as an answer to the question for comments it has the ids of a file.
_GH = """#!/bin/sh
echo "$*" >> "$NOTED"
case "$*" in *--paginate*) cat "$COMMENTS";; esac
"""


def steps():
    """Return the steps that have a name, by it."""
    jobs = [job for file in (WORKFLOW, COMMENT) for job in yaml.safe_load(file.read_text())["jobs"].values()]
    return {step["name"]: step for job in jobs for step in job.get("steps", ()) if "name" in step}


@pytest.fixture
def repository(tmp_path):
    """A repository with the flights bundle; the second commit lets BI tools read silver."""
    folder = tmp_path / "project"
    for name in ("databricks.yml", "resources", "config"):
        copy = shutil.copytree if (FLIGHTS / name).is_dir() else shutil.copy
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy(FLIGHTS / name, folder / name)
    git(folder, "init", "-q")
    commit(folder, "first")
    schema = folder / "resources" / "silver.schema.yml"
    lines = schema.read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if "${var.principals.readers}" in line)
    grant = [line.replace("readers", "bi") for line in lines[at : at + 2]]
    schema.write_text("\n".join([*lines[:at], *grant, *lines[at:], ""]))
    return folder


def git(folder, *arguments):
    own = ("-c", "user.name=someone", "-c", "user.email=someone@example.com")
    found = subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return found.stdout.strip()


def commit(folder, message):
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


@pytest.fixture
def run(tmp_path, repository):
    """Run the script of a step as a runner does."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "gh").write_text(_GH)
    (programs / "gh").chmod(0o755)
    (programs / "lakewright").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lakewright "$@"\n')
    (programs / "lakewright").chmod(0o755)
    (tmp_path / "comments").touch()

    def script(step, **variables):
        environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GITHUB_REPOSITORY": "team/flights",
            "NOTED": str(tmp_path / "noted"),
            "COMMENTS": str(tmp_path / "comments"),
            **variables,
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps()[step]["run"]]
        return subprocess.run(
            command, cwd=repository, env=environment, capture_output=True, text=True, check=False
        )

    return script


def test_the_table_of_a_change_is_handed_on_for_every_target(repository, run, tmp_path):
    commit(repository, "bi reads silver")
    done = run("Compare")
    assert done.returncode == 0, done.stderr
    table = (tmp_path / "access.md").read_text()
    assert "flights-prod-bi" in table
    assert "flights-staging-bi" in table
    assert "SELECT" in table
    assert (tmp_path / "summary.md").read_text() == f"## Who gains or loses access\n\n{table}"
    first, *lines, last = (tmp_path / "output").read_text().splitlines()
    assert first == f"table<<{last}"
    assert "\n".join(lines).strip() == table.strip()


def test_a_bundle_that_cannot_be_read_fails_the_run(repository, run):
    (repository / "resources" / "silver.schema.yml").write_text("resources: {schemas: [\n")
    commit(repository, "broken")
    done = run("Compare")
    assert done.returncode != 0
    assert "silver.schema.yml" in done.stderr


def test_the_comment_is_made_once_and_then_changed(run, tmp_path):
    given = {
        "PR": "7",
        "NAME": "access",
        "TITLE": "Who gains or loses access",
        "TEXT": "| `$(touch x)` | gains |",
        "RUN": "https://example.com/runs/1",
    }
    assert run("Comment", **given).returncode == 0
    asked, made = (tmp_path / "noted").read_text().splitlines()
    assert asked.startswith("api --paginate repos/team/flights/issues/7/comments")
    assert made.startswith("api --method POST repos/team/flights/issues/7/comments -F body=@")
    body = (tmp_path / "comment.md").read_text()
    assert body.startswith("<!-- access -->\n## Who gains or loses access\n\n| `$(touch x)` | gains |\n")
    (tmp_path / "comments").write_text("41\n42\n")
    assert run("Comment", **given).returncode == 0
    changed = (tmp_path / "noted").read_text().splitlines()[-1]
    assert changed.startswith("api --method PATCH repos/team/flights/issues/comments/41 -F body=@")


def test_no_second_comment_is_made_where_the_first_is_not_known(run, tmp_path):
    (tmp_path / "bin" / "gh").write_text('#!/bin/sh\necho "$*" >> "$NOTED"\nexit 1\n')
    assert run("Comment", PR="7", NAME="access", TITLE="", TEXT="", RUN="").returncode != 0
    assert len((tmp_path / "noted").read_text().splitlines()) == 1


def test_the_workflow_can_do_no_more_than_it_needs():
    workflow = yaml.safe_load(WORKFLOW.read_text())
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {}
    assert workflow["defaults"]["run"]["shell"] == "bash"
    # What installs and runs the code of a pull request has no right to write, and what may write runs none of it.
    assert jobs["compare"]["permissions"] == {"contents": "read"}
    assert jobs["comment"]["permissions"] == {"pull-requests": "write"}
    assert jobs["comment"]["uses"] == "./.github/workflows/comment.yml"
    assert "head.repo.full_name == github.repository" in jobs["comment"]["if"]
    comment = yaml.safe_load(COMMENT.read_text())
    assert comment["permissions"] == {}
    assert comment["jobs"]["comment"]["permissions"] == {"pull-requests": "write"}
    assert not [step for step in comment["jobs"]["comment"]["steps"] if "uses" in step]
    # YAML 1.1 reads the key `on` as true; a text from a pull request is never put into a script.
    assert list(workflow[True]) == ["pull_request"]
    assert not [name for name, step in steps().items() if "${{" in step.get("run", "")]
    for step in jobs["compare"]["steps"]:
        used = step.get("uses", "./")
        assert used.startswith("./") or len(used.partition("@")[2]) == 40
