"""What stands around the code on a Git host: forms, labels, owners, updates. Checked in the example, in other answers, and here."""

import fnmatch
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from repository_tools import read_yaml, stand_in_gh

from lakewright.scaffold import render_project
from lakewright.scaffold.asking import AnswerError

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
FLIGHTS = ROOT / "examples" / "flights"
REPOSITORIES = {"flights": FLIGHTS, "ours": ROOT}
EACH_REPOSITORY = pytest.mark.parametrize("root", REPOSITORIES.values(), ids=REPOSITORIES)
SCHEMAS = {
    "vendor.github-workflows": ".github/workflows/*.yml",
    "vendor.github-issue-forms": ".github/ISSUE_TEMPLATE/[!c]*.yml",
    "vendor.github-issue-config": ".github/ISSUE_TEMPLATE/config.yml",
    "vendor.dependabot": ".github/dependabot.yml",
}
OWNED = {"code_owners": "@company/delays", "platform_owners": "@company/platform someone@example.com"}


def schema_check(schema, *files):
    """Run `check-jsonschema` in this process: alone it takes half a second to start."""
    return CliRunner().invoke(check_jsonschema, ["--builtin-schema", schema, *map(str, files)])


@EACH_REPOSITORY
@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_file_has_the_form_that_github_reads(root, schema):
    files = sorted(root.glob(SCHEMAS[schema]))
    assert files
    done = schema_check(schema, *files)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("schema", "text", "named"),
    [
        (
            "vendor.github-issue-forms",
            "name: a\ndescription: b\nbody: [{type: text, attributes: {label: c}}]",
            "'text'",
        ),
        (
            "vendor.github-issue-config",
            "contact_links: [{name: runbook, url: https://example.com}]",
            "'about' is a required",
        ),
        (
            "vendor.dependabot",
            "version: 2\nupdates: [{package-ecosystem: pip, directory: /, schedule: {interval: sometimes}}]",
            "'sometimes'",
        ),
        (
            "vendor.github-workflows",
            "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{runs: echo}]}}",
            "not valid",
        ),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, schema, text, named):
    file = tmp_path / "form.yml"
    file.write_text(text)
    done = schema_check(schema, file)
    assert done.exit_code == 1
    assert named in done.output


def used_labels(root):
    """Return each label that a form or an update puts on something."""
    forms = [read_yaml(file) for file in root.glob(SCHEMAS["vendor.github-issue-forms"])]
    updates = read_yaml(root / ".github/dependabot.yml")["updates"]
    return {label for entry in [*forms, *updates] for label in entry["labels"]}


@EACH_REPOSITORY
def test_each_label_that_is_used_is_made(root):
    made = {label["name"] for label in read_yaml(root / ".github/labels.yml")}
    assert used_labels(root) <= made


@EACH_REPOSITORY
def test_updates_wait_a_week_and_cover_the_actions(root):
    updates = read_yaml(root / ".github/dependabot.yml")["updates"]
    assert "github-actions" in [entry["package-ecosystem"] for entry in updates]
    assert [entry["cooldown"] for entry in updates] == [{"default-days": 7}] * len(updates)


def test_updates_leave_alone_what_the_runtime_decides():
    """Dependabot reads constraints.txt too, and would raise versions that a workspace does not have."""
    (pip,) = (
        e for e in read_yaml(FLIGHTS / ".github/dependabot.yml")["updates"] if e["package-ecosystem"] == "pip"
    )
    allowed = {entry["dependency-name"] for entry in pip["allow"]}
    lines = (FLIGHTS / "requirements-dev.txt").read_text().splitlines()
    tools = {match[0] for line in lines if (match := re.match(r"[a-z][a-z-]+", line))}
    assert tools - allowed == {"mlflow"}
    assert allowed <= tools
    constrained = {line.partition("==")[0] for line in (FLIGHTS / "constraints.txt").read_text().splitlines()}
    assert not allowed & constrained


def sync(gh, *arguments, root=FLIGHTS):
    script = FLIGHTS / "scripts" / "sync_labels.py"
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=root,
        env=gh.environment,
        capture_output=True,
        text=True,
        check=False,
    )


@EACH_REPOSITORY
def test_labels_are_made_once_and_then_corrected(tmp_path, root):
    gh = stand_in_gh(tmp_path)
    gh.set_labels({"bug": ["000000", "by hand"], "mine": ["ffffff", "not in the file"]})
    done = sync(gh, root=root)
    assert done.returncode == 0, done.stderr
    wanted = {
        label["name"]: [label["color"], label["description"]]
        for label in yaml.load((root / ".github/labels.yml").read_text(), Loader=yaml.BaseLoader)
    }
    assert gh.labels() == {"mine": ["ffffff", "not in the file"], **wanted}
    assert sync(gh, root=root).returncode == 0
    assert gh.labels() == {"mine": ["ffffff", "not in the file"], **wanted}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "- {name: bug, color: d73a4a, description: a}\n- {name: Bug, color: d73a4a, description: b}",
            "two labels are named Bug",
        ),
        ("- {name: bug, color: '#d73a4a', description: a}", "not six hexadecimal digits"),
        ("- {name: bug, color: d73a4a}", "is not {name, color, description}"),
        (f"- {{name: bug, color: d73a4a, description: {'a' * 101}}}", "longer than 100 signs"),
        ("- {name: --force, color: d73a4a, description: a}", "begins with -"),
        ("- {name: [", "while parsing"),
        ("{}", "not a list of labels"),
    ],
)
def test_wrong_labels_change_nothing(tmp_path, text, reason):
    gh = stand_in_gh(tmp_path)
    file = tmp_path / "labels.yml"
    file.write_text(text)
    done = sync(gh, str(file))
    assert done.returncode == 2
    assert reason in done.stderr
    assert "fix: correct the file; no label was changed" in done.stderr
    assert gh.labels() == {}


def test_a_label_that_gh_cannot_make_fails_the_run(tmp_path):
    gh = stand_in_gh(tmp_path)
    gh.refuse("HTTP 403: Resource not accessible by integration")
    done = sync(gh)
    assert done.returncode == 1
    assert "HTTP 403" in done.stderr
    assert "could not make or correct the label bug" in done.stderr


def test_the_stand_in_for_gh_refuses_what_gh_refuses(tmp_path):
    """Source: pkg/cmd/label/create.go of the GitHub CLI."""
    gh = stand_in_gh(tmp_path)
    for wrong in (["a", "--colour", "ffffff"], ["a", "b"], ["a", "--color", "red"]):
        assert gh.run("label", "create", *wrong).returncode != 0, wrong
    assert gh.run("label", "create", "a", "--color", "ffffff").returncode == 0
    assert "--force" in gh.run("label", "create", "a", "--color", "ffffff").stderr
    assert gh.run("label", "remove", "a").returncode != 0


@EACH_REPOSITORY
def test_the_workflow_of_labels_may_write_labels_and_nothing_else(root):
    workflow = read_yaml(root / ".github/workflows/labels.yml")
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["labels"]["permissions"] == {"contents": "read", "issues": "write"}
    assert set(workflow[True]) == {"push", "workflow_dispatch"}
    last = workflow["jobs"]["labels"]["steps"][-1]
    assert last["run"].split()[-1].endswith("scripts/sync_labels.py")


def owners_in(file):
    """Return the lines of a file of owners as (pattern, owners)."""
    lines = [line.split() for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return [(pattern, owners) for pattern, *owners in lines]


def matches(pattern, path):
    if pattern.endswith("/"):
        return f"/{path}".startswith(pattern)
    return pattern == "*" or fnmatch.fnmatch(f"/{path}", pattern)


@pytest.fixture(scope="module")
def project_of(tmp_path_factory):
    """A project of teams for each CI system; made once."""

    @cache
    def made(ci):
        answers = {"ci": ci, "branching": "branches", **OWNED}
        return render_project(tmp_path_factory.mktemp(ci) / "flights", answers=answers, ask=False)

    return made


@pytest.mark.parametrize(("ci", "file"), [("github", ".github/CODEOWNERS"), ("gitlab", ".gitlab/CODEOWNERS")])
def test_owners_are_named_for_files_that_exist(project_of, ci, file):
    project = project_of(ci)
    lines = owners_in(project / file)
    assert lines[0] == ("*", ["@company/delays"])
    assert {tuple(owners) for _, owners in lines[1:]} == {("@company/platform", "someone@example.com")}
    paths = [path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()]
    # GitLab's pipeline stands beside its folder.
    unknown = [pattern for pattern, _ in lines if not any(matches(pattern, path) for path in paths)]
    assert [pattern for pattern in unknown if pattern != "/.gitlab-ci.yml"] == []


def test_without_an_answer_nobody_is_invented():
    text = (FLIGHTS / ".github/CODEOWNERS").read_text()
    assert owners_in(FLIGHTS / ".github/CODEOWNERS") == []
    assert "# /config/prod.yaml @organization/team" in text


@pytest.mark.parametrize(
    "answer", ["data team", "@company/data.team", "@company/delays, @other", "company/delays"]
)
@pytest.mark.parametrize("question", ["code_owners", "platform_owners"])
def test_an_owner_that_a_git_host_would_ignore_is_refused(tmp_path, question, answer):
    with pytest.raises(AnswerError, match="ignores any other name"):
        render_project(tmp_path / "flights", answers={question: answer}, ask=False)


def test_gitlab_knows_names_with_a_dot_and_has_the_same_forms_as_github(tmp_path):
    answers = {"ci": "gitlab", "code_owners": "@bob.smith @company/data.team", "platform_owners": "@ana_b"}
    more = {"repository": "group/sub.group/flights", "infrastructure": "none", "azure_region": "anywhere"}
    project = render_project(tmp_path / "flights", answers={**answers, **more}, ask=False)
    owners = dict(owners_in(project / ".gitlab/CODEOWNERS"))
    assert owners["*"] == ["@bob.smith", "@company/data.team"]
    assert {"/pyproject.toml", "/config/defaults.yaml", "/scripts/build_wheel.py"} <= set(owners)
    forms = {path.stem.lower() for path in (project / ".gitlab/issue_templates").iterdir()}
    assert forms == {path.stem for path in (FLIGHTS / ".github/ISSUE_TEMPLATE").iterdir()} - {"config"}


@pytest.mark.parametrize(
    ("ci", "file"),
    [
        ("github", ".github/pull_request_template.md"),
        ("gitlab", ".gitlab/merge_request_templates/Default.md"),
        ("azure_devops", ".azuredevops/pull_request_template.md"),
    ],
)
def test_each_host_asks_the_same_of_a_change(project_of, ci, file):
    project = project_of(ci)
    text = (project / file).read_text()
    assert "--against origin/dev" in text
    here = (FLIGHTS / ".github/pull_request_template.md").read_text()
    assert text.replace("origin/dev", "origin/main") == here
    folders = {".github", ".gitlab", ".azuredevops"} & {path.name for path in project.iterdir()}
    assert folders == {file.partition("/")[0]}


def test_what_the_repository_and_the_index_change(tmp_path):
    answers = {"repository": "company/flights", "package_index": "https://index.example.com/simple"}
    project = render_project(tmp_path / "flights", answers=answers, ask=False)
    config = read_yaml(project / ".github/ISSUE_TEMPLATE/config.yml")
    assert (
        config["contact_links"][0]["url"]
        == "https://github.com/company/flights/blob/main/docs/runbook/pipeline.md"
    )
    ecosystems = [
        entry["package-ecosystem"] for entry in read_yaml(project / ".github/dependabot.yml")["updates"]
    ]
    assert "pip" not in ecosystems
    for schema, pattern in SCHEMAS.items():
        assert schema_check(schema, *project.glob(pattern)).exit_code == 0


def test_each_ci_system_and_the_hook_refuse_what_validate_warns_of():
    """A misspelt `depends_on` is a warning, as for the Databricks CLI: without --strict it would reach main."""
    files = [
        path
        for path in (ROOT / "template").rglob("*")
        if path.is_file() and path.suffix in {".jinja", ".yml", ".yaml"}
    ]
    lines = [
        line.strip()
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if "validate --all" in line
    ]
    assert len([line for line in lines if not line.startswith("- [ ]")]) >= 4
    assert [line for line in lines if "validate --all --strict" not in line] == []
