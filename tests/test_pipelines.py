"""The pipelines that the template renders, for every combination of its answers: what the tools and our own check say of them.

`make soak PART=pipelines` checks every combination; a run of CI draws some.
"""

import os
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from pipelines.rendering import (
    ROOT,
    TEMPLATE,
    combinations,
    databricks_cli_version,
    named,
    of_pipelines,
    render,
)
from pipelines.tools import actionlint, check_schema, run_actionlint, run_zizmor

from lakewright.pipelines.check import check_texts
from lakewright.pipelines.reading import mappings, read_yaml
from lakewright.pipelines.secrets import secrets_in

pytestmark = pytest.mark.unit

FLIGHTS = ROOT / "examples" / "flights"
COMBINATIONS = {named(answers): answers for answers in combinations()}
SCHEMAS = {
    ".github/workflows/": ("vendor.github-workflows", None),
    ".github/actions/": ("vendor.github-actions", None),
    "azure-pipelines/": ("vendor.azure-pipelines", "azure-pipelines"),
    ".gitlab": ("vendor.gitlab-ci", "gitlab-ci"),
}


@pytest.fixture(scope="module")
def project_of(tmp_path_factory):
    """The files of a project for each CI system; rendered once."""

    @cache
    def files(ci: str) -> dict[str, str]:
        return render(tmp_path_factory.mktemp(ci) / "project", {"ci": ci, "infrastructure": "azure"})

    return files


# What was judged before: combinations differ in few files, and a tool takes a second.
_JUDGED: dict[str, list[str]] = {}


def judged(folder: Path, files: dict[str, str]) -> list[str]:
    """Return what the tools find in the files of a project."""
    key = repr(sorted(files.items()))
    if key in _JUDGED:
        return _JUDGED[key]
    found = []
    for start, (schema, transform) in SCHEMAS.items():
        if given := [file for file in files if file.startswith(start)]:
            found += check_schema(folder, schema, given, transform=transform)
    if any(file.startswith(".github/") for file in files):
        found += run_zizmor(folder)
        if program := actionlint():
            found += run_actionlint(program, folder)
    _JUDGED[key] = found
    return found


@pytest.mark.drawn(4)
@pytest.mark.parametrize("name", COMBINATIONS)
def test_every_combination_of_answers_renders_pipelines_in_which_nothing_is_found(name, tmp_path):
    answers = COMBINATIONS[name]
    files = of_pipelines(render(tmp_path / "project", answers))
    assert bool(files) == (answers["ci"] != "none")
    assert check_texts(files) == []
    assert [found for file, text in files.items() for found in broken_scripts(file, text)] == []
    assert judged(tmp_path / "project", files) == []


def test_actionlint_is_there_where_every_combination_is_checked():
    if os.environ.get("LAKEWRIGHT_BUILD_TOOLS"):
        assert actionlint(), "Go is needed to build actionlint: https://go.dev/dl"


def test_what_is_rendered_alone_is_what_the_whole_template_renders(tmp_path):
    alone = of_pipelines(render(tmp_path / "project", {"ci": "github"}))
    assert alone
    assert alone == {file: (FLIGHTS / file).read_text(encoding="utf-8") for file in alone}


def broken_scripts(file: str, text: str) -> list[str]:
    """Return what bash cannot parse in the scripts of a file."""
    found = []
    for script in scripts(read_yaml(text)):
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        found += [f"{file}: {done.stderr}"] if done.returncode else []
    return found


def scripts(tree: object) -> list[str]:
    """Return the scripts of a pipeline, of whichever system; those of GitLab line by line."""
    found = []
    for step in mappings(tree):
        for key in ("run", "bash", "script", "before_script", "inlineScript"):
            given = step.get(key)
            lines = given if isinstance(given, list) else [given]
            # What comes from elsewhere is checked there; a job of Azure DevOps may have `run` as a parameter.
            found += [line for line in lines if isinstance(line, str) and not line.startswith("!reference")]
    return found


def test_a_script_that_bash_cannot_parse_is_found():
    assert broken_scripts("x.yml", "jobs: {a: {steps: [{run: 'if true; then echo'}]}}")
    assert not broken_scripts("x.yml", "jobs: {a: {steps: [{run: 'echo'}]}}")


def test_no_file_of_the_template_has_a_secret():
    texts = {
        path: path.read_bytes().decode("utf-8", "ignore") for path in TEMPLATE.rglob("*") if path.is_file()
    }
    found = [
        each for path, text in texts.items() if path.suffix != ".gz" for each in secrets_in(str(path), text)
    ]
    assert len(texts) > 100
    assert found == []


# The names of secrets that a CI system keeps; `GITHUB_TOKEN` is made for one run.
_KEPT = re.compile(
    r"(?<![\w.])secrets\.(?!GITHUB_TOKEN\b)\w+|\bCLIENT_SECRET\b|\bDATABRICKS_TOKEN\b|\bARM_ACCESS_KEY\b|\bSAS_TOKEN\b"
)


def test_no_pipeline_of_the_template_uses_a_secret_that_lives_longer_than_its_run():
    files = [
        path
        for path in TEMPLATE.rglob("*")
        if path.is_file() and re.search(r"\.github|azure-pipelines|gitlab", str(path))
    ]
    used = {
        path.name: _KEPT.findall(line)
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if _KEPT.search(line.partition("#")[0])
    }
    assert len(files) > 10
    assert used == {}


def test_what_runs_the_code_of_a_pull_request_may_not_write_and_what_may_write_runs_none_of_it():
    folder = FLIGHTS / ".github" / "workflows"
    access, comment = (yaml.safe_load((folder / name).read_text()) for name in ("access.yml", "comment.yml"))
    assert list(access[True]) == ["pull_request"]  # YAML 1.1 reads the key `on` as true
    assert access["permissions"] == comment["permissions"] == {}
    compare, write = access["jobs"]["compare"], access["jobs"]["comment"]
    assert compare["permissions"] == {"contents": "read"}
    assert write["permissions"] == comment["jobs"]["comment"]["permissions"] == {"pull-requests": "write"}
    assert write["uses"] == "./.github/workflows/comment.yml"
    assert "head.repo.full_name == github.repository" in write["if"]
    (step,) = comment["jobs"]["comment"]["steps"]
    assert "uses" not in step


UNSAFE_WORKFLOW = """on: pull_request_target
permissions: write-all
env: {TOKEN: "${{ secrets.DEPLOY_TOKEN }}"}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - run: echo "${{ github.event.pull_request.title }}"
"""


def test_zizmor_and_our_check_name_an_unsafe_workflow(tmp_path):
    file = ".github/workflows/unsafe.yml"
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(UNSAFE_WORKFLOW)
    by_zizmor = {finding.rpartition(" ")[2] for finding in run_zizmor(tmp_path)}
    assert by_zizmor >= {
        "dangerous-triggers",
        "unpinned-uses",
        "template-injection",
        "artipacked",
    }
    by_ours = {each.rule for each in check_texts({file: UNSAFE_WORKFLOW})}
    assert by_ours >= {
        "trigger-with-rights",
        "wide-permissions",
        "unpinned-action",
        "text-in-script",
        "kept-credentials",
        "secret",
        "secret-for-all-jobs",
    }


@pytest.mark.parametrize(
    ("start", "text", "words"),
    [
        (".github/workflows/", "on: push\njobs: {a: {runs-on: x, step: []}}\n", "step"),
        (
            "azure-pipelines/",
            "trigger: none\njobs:\n  - job: a\n    steps: [{bash: ls, displayname: x}]\n",
            "displayname",
        ),
        (".gitlab-ci.yml", "a: {script: ls, enviroment: prod}\n", "enviroment"),
    ],
)
def test_a_misspelt_key_is_refused_by_the_schema(start, text, words, tmp_path):
    file = start if start.endswith(".yml") else f"{start}x.yml"
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    schema, transform = SCHEMAS[".gitlab" if start.startswith(".gitlab") else start]
    found = check_schema(tmp_path, schema, [file], transform=transform)
    assert any(words in each for each in found), found


def test_actionlint_names_a_workflow_that_cannot_run(tmp_path):
    program = actionlint()
    if program is None:
        pytest.skip("actionlint is not built here: make soak PART=pipelines")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "x.yml").write_text(
        "on: push\njobs: {a: {runs-on: ubuntu-latest, needs: b, steps: [{run: ls}]}}\n"
    )
    (found,) = run_actionlint(program, tmp_path)
    assert 'needs job "b" which does not exist' in found


def test_a_job_of_every_system_that_deploys_a_release_checks_its_bytes_first(project_of):
    """The same bytes in staging and prod: built in one job, verified before the plan, never built in a job that deploys them."""
    for ci in ("github", "azure_devops", "gitlab"):
        files = of_pipelines(project_of(ci))
        text = "\n".join(files.values())
        assert len(re.findall(r"lakewright release build", text)) == 1, ci
        assert "lakewright release verify" in text, ci


_CLI = re.compile(r"(?<![\w./-])databricks (?:bundle|version|current-user)\b")
_INSTALLS = re.compile(
    r"bash scripts/install_databricks_cli\.sh|git show \"\$GITHUB_SHA:\./scripts/install_databricks_cli\.sh\" \| bash -s"
)


@pytest.mark.parametrize("ci", ["github", "azure_devops", "gitlab"])
def test_every_system_installs_the_one_version_of_the_cli_that_has_a_sum(ci, project_of):
    rendered = project_of(ci)
    files = of_pipelines(rendered)
    using = {file for file, text in files.items() if _CLI.search(text)}
    # On GitLab the jobs of drift.yml extend those of deploy.yml.
    installing = {file for file, text in files.items() if _INSTALLS.search(text)}
    assert using
    assert using - installing <= {".gitlab/ci/drift.yml"}
    for file, text in files.items():
        assert "setup-cli" not in text, file
        assert "databricks/cli/releases" not in text, file
    script = rendered["scripts/install_databricks_cli.sh"]
    assert len(set(re.findall(r"sha256=([0-9a-f]{64}) ;;", script))) == 2
    bundle = (TEMPLATE / "databricks.yml.jinja").read_text(encoding="utf-8")
    (allowed,) = re.findall(r'databricks_cli_version: "(.+?)"', bundle)
    assert databricks_cli_version() in SpecifierSet(allowed)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64", "riscv64"])
def test_the_cli_is_installed_with_the_sum_of_the_machine_or_not_at_all(machine, tmp_path):
    """`uname`, `curl` and `sha256sum` are stand-ins; what they are asked is what counts."""
    (script,) = TEMPLATE.glob("scripts/*install_databricks_cli.sh*")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, line in {
        "uname": f"echo {machine}",
        "curl": 'echo "$@" > "$HOME/asked"; exit 22',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    done = subprocess.run(
        ["bash", str(script), str(tmp_path / "cli")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if machine == "riscv64":
        assert (done.returncode, done.stderr) == (2, "error: no sha256 for riscv64 is known here\n")
        assert not (tmp_path / "asked").exists()
        return
    name = {"x86_64": "amd64", "aarch64": "arm64"}[machine]
    version = databricks_cli_version()
    asked = (tmp_path / "asked").read_text()
    assert f"/releases/download/v{version}/databricks_cli_{version}_linux_{name}.zip" in asked
    assert done.returncode == 22, "a download that fails ends the script"


@pytest.mark.parametrize(
    ("file", "safe", "unsafe", "rules"),
    [
        (".gitlab/infrastructure.yml", "      when: manual\n      allow_failure: true # nothing", "      # nothing", {"no-approval"}),
        (".gitlab/infrastructure.yml", "  resource_group: infrastructure-$CI_COMMIT_BRANCH\n", "", {"no-concurrency"}),
        (".gitlab/infrastructure.yml", "  timeout: 2h # the token of the job lives as long\n", "", {"short-token"}),
        (".gitlab-ci.yml", ".gitlab/ci/drift.yml\n", ".gitlab/ci/drift.yml\n  - local: .gitlab/infrastructure.yml\n", {"shared-identity"}),
        ("azure-pipelines/infrastructure-drift.yml", "pr: none\n", "", {"deploys-pull-request"}),
        ("azure-pipelines/infrastructure-drift.yml", "lockBehavior: sequential\n", "", {"no-concurrency"}),
        ("azure-pipelines/templates/infrastructure-drift.yml", '"$TARGET"', "${{ parameters.target }}", {"text-in-script"}),
        ("azure-pipelines/templates/infrastructure-drift.yml", "- deployment:", "- job:", {"no-environment"}),
    ],
)  # fmt: skip
def test_an_unsafe_edit_of_the_infrastructures_pipelines_is_named(file, safe, unsafe, rules, project_of):
    ci = "gitlab" if file.startswith(".gitlab") else "azure_devops"
    files = of_pipelines(project_of(ci))
    assert files[file].count(safe) == 1
    found = check_texts({**files, file: files[file].replace(safe, unsafe)})
    assert {each.rule for each in found} == rules
    assert all(each.fix for each in found)


def test_the_lines_of_a_file_are_those_of_its_reader():
    tree = read_yaml("on:\n  push:\n    branches: [a]\nx:\n  - y: 1\n  - z: &name\n      k: 2\n")
    assert tree.line_of("on") == 1
    assert tree["x"].lines == [5, 6]
    assert tree["x"][1]["z"].line_of("k") == 7
    assert yaml.safe_load("on: 1") == {True: 1}, "the reason for a reader of our own"
