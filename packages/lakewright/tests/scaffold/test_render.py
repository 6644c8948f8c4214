"""A project from the template: what is refused, and what any name and any answers give."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import lakewright
from lakewright.cli import cli
from lakewright.commands.init import choose_interpreter
from lakewright.scaffold import render_project
from lakewright.scaffold.render import AnswerError, FolderNotEmptyError

pytestmark = pytest.mark.unit


def test_a_folder_that_is_not_empty_is_refused_and_left_unchanged(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderNotEmptyError):
        render_project(tmp_path, answers={}, ask=False)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"project_name": "9 lives"}, "letters, digits"),
        ({"package_name": "Flights"}, "lower-case letters"),
        ({"catalog": "a-b"}, "lower-case letters"),
        ({"owner": "Team ${x}"}, "it would be read as a reference"),
        ({"catalogue": "x"}, "no question `catalogue`"),
        ({"package_index": "nowhere/dist"}, "the address of an index, beginning with https://"),
        ({"package_index": 'https://a.example/simple"\nx = "'}, "the address of an index"),
        ({"workspace_host": "adb-1.2.azuredatabricks.net"}, "https:// and the name of a workspace"),
        ({"workspace_host": "https://a.example/?o=1"}, "https:// and the name of a workspace"),
        ({"workspace_host_staging": "http://a.example"}, "https:// and the name of a workspace"),
        ({"workspace_host_prod": "https://a.example/path"}, "https:// and the name of a workspace"),
        ({"notification_email": "data team"}, "an e-mail address"),
        ({"serving_endpoint": "large"}, "serving_endpoint"),
        ({"compute": "job_clusters", "node_type": "big: one"}, "the id of a node type"),
        ({"compute": "job_clusters", "cluster_policy": 'a"b'}, "a name without quotes"),
        ({"infrastructure": "aws"}, "infrastructure"),
        ({"azure_region": "westeurop"}, r"did you mean westeurope\?"),
        ({"azure_region": "West Europe"}, r"did you mean westeurope\?"),
        ({"azure_region": "germanywest"}, r"did you mean germanywestcentral\?"),
        ({"azure_region": "mars"}, "choose one of: australiacentral, "),
        ({"azure_region": "chinaeast2"}, "a region of Azure China or Azure Government"),
        ({"repository": "company/x.git"}, "without .git at the end.*: company/x"),
        ({"repository": "company/.."}, "are no names"),
        ({"repository": "a--b/c"}, "owner/name, as in the address on github.com"),
        ({"ci": "gitlab", "repository": "group/project.git"}, "without .git at the end"),
        ({"ci": "azure_devops", "repository": "a/b/c.git"}, "without .git at the end"),
        ({"project_name": "class"}, "a keyword of Python"),
        ({"package_name": "json"}, "the name of a package"),
        ({"package_name": "pyspark"}, "the name of a package"),
    ],
)
def test_an_invalid_answer_is_refused_and_nothing_is_written(tmp_path, answers, words):
    with pytest.raises(AnswerError, match=words):
        render_project(tmp_path / "p", answers=answers, ask=False)
    assert not (tmp_path / "p").exists()


def test_a_folder_path_with_two_dots_is_resolved(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert render_project(Path("../x"), answers={}, ask=False) == tmp_path.resolve() / "x"
    with pytest.raises(FolderNotEmptyError) as refused:
        render_project(Path("../x"), answers={}, ask=False)
    assert refused.value.location == str(tmp_path.resolve() / "x")


def test_the_folder_above_gives_the_project_its_name(tmp_path, monkeypatch):
    (tmp_path / "shop" / "inner").mkdir(parents=True)
    (tmp_path / "shop" / "inner").rmdir()
    monkeypatch.chdir(tmp_path)
    project = render_project(Path("shop/inner/.."), answers={}, ask=False)
    assert project == tmp_path.resolve() / "shop"
    assert "name: shop" in (project / "databricks.yml").read_text(encoding="utf-8")


def test_an_index_with_a_password_is_refused_and_the_password_not_printed(tmp_path):
    with pytest.raises(AnswerError, match="without user and password") as refusal:
        render_project(
            tmp_path / "p", answers={"package_index": "https://me:hunter2@example.org/simple"}, ask=False
        )
    assert "hunter2" not in f"{refusal.value} {refusal.value.detail}"
    assert "example.org" in refusal.value.detail


def files_of(project):
    return {
        path.relative_to(project).as_posix(): path.read_text(encoding="utf-8")
        for path in project.rglob("*")
        if path.is_file() and path.suffix in {".txt", ".toml", ".yml", ".lock", ".md", ".yaml", ".jinja"}
    }


def test_a_project_names_no_place_of_the_machine_it_was_made_on(tmp_path):
    project = render_project(tmp_path / "p", answers={}, ask=False)
    assert [name for name, text in files_of(project).items() if str(tmp_path) in text] == []


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ({}, [None, None, None]),
        ({"workspace_host": "https://one.example"}, ["https://one.example"] * 3),
        (
            {"workspace_host": "https://one.example", "workspace_host_prod": "https://two.example"},
            ["https://one.example", "https://one.example", "https://two.example"],
        ),
        (
            {"workspace_host_staging": "https://two.example"},
            [None, "https://two.example", "https://two.example"],
        ),
    ],
)
def test_each_target_has_the_host_that_was_named_for_it(tmp_path, given, hosts):
    project = render_project(tmp_path / "p", answers=given, ask=False)
    text = (project / "databricks.yml").read_text(encoding="utf-8")
    targets = yaml.safe_load(text)["targets"]
    assert [target.get("workspace", {}).get("host") for target in targets.values()] == hosts
    assert text.count("# host: https://… ") + text.count("# workspace: {host:") == hosts.count(None)


@pytest.mark.parametrize(
    ("host", "node_type"),
    [
        ("https://adb-1.2.azuredatabricks.net", "Standard_D4ds_v5"),
        ("https://dbc-1-2.cloud.databricks.com", "m6id.xlarge"),
        ("https://1.2.gcp.databricks.com", "n2-standard-4"),
        ("", "Standard_D4ds_v5"),
    ],
)
def test_the_default_node_type_is_one_of_the_hosts_cloud(tmp_path, host, node_type):
    answers = {"compute": "job_clusters", "workspace_host": host}
    project = render_project(tmp_path / "p", answers=answers, ask=False)
    variables = yaml.safe_load((project / "databricks.yml").read_text(encoding="utf-8"))["variables"]
    assert variables["job_cluster"]["default"]["node_type_id"] == node_type


def test_a_private_index_is_the_only_source_of_our_packages(tmp_path):
    address = "https://example.org/simple"
    project = render_project(tmp_path / "p", answers={"package_index": address}, ask=False)
    tool = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]
    assert tool["index"] == [{"name": "company", "url": address, "explicit": True}]
    assert tool["sources"] == {
        "databricks-utils": {"index": "company"},
        "lakewright": {"index": "company"},
    }
    assert f"--index-url {address}\n" in (project / "wheels" / "wheels.lock").read_text(encoding="utf-8")
    script = (project / "scripts" / "build_wheel.py").read_text(encoding="utf-8")
    assert '["--no-deps", "--require-hashes", "-d", "wheels", "-r", "wheels/wheels.lock"]' in script
    setup = (project / ".github" / "actions" / "setup" / "action.yml").read_text(encoding="utf-8")
    assert setup.index("pip download --no-deps --require-hashes -d wheels") < setup.index(
        "pip install --no-deps"
    )
    assert "wheels/*.whl" in (project / ".gitignore").read_text(encoding="utf-8")


def test_without_an_index_the_wheels_belong_to_the_project(tmp_path):
    project = render_project(tmp_path / "p", answers={}, ask=False)
    tool = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]
    assert "index" not in tool
    assert {source["path"] for source in tool["sources"].values()} == {
        f"wheels/{name}-{lakewright.__version__}-py3-none-any.whl"
        for name in ("databricks_utils", "lakewright")
    }
    assert "*.whl" not in (project / ".gitignore").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("hr", {}),
        ("customer-lifetime-value", {"serving_endpoint": "small", "compute": "job_clusters"}),
    ],
)
def test_a_project_of_any_name_is_formatted_and_passes_its_own_lint(tmp_path, name, answers):
    project = render_project(tmp_path / name, answers=answers, ask=False)
    for command in (["format", "--check", "--diff"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("code", "python"), [(0, "python3.12"), (127, "python3"), (None, "python3")])
def test_the_runtimes_python_is_chosen_if_it_starts(tmp_path, monkeypatch, code, python):
    if code is not None:
        shim = tmp_path / "python3.12"
        shim.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
        shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert choose_interpreter("3.12") == python


@pytest.mark.parametrize(("python", "said"), [("python3.12", False), ("python3", True)])
def test_the_next_steps_make_the_environment_with_the_chosen_python(tmp_path, monkeypatch, python, said):
    monkeypatch.setattr("lakewright.commands.init.choose_interpreter", lambda wanted: python)
    printed = CliRunner().invoke(cli, ["init", str(tmp_path / "p"), "--defaults"]).output
    assert f"  {python} -m venv .venv\n" in printed
    assert ("The runtimes have Python 3.12, which is not on PATH here" in printed) is said


def test_unknown_compute_is_refused(tmp_path):
    with pytest.raises(AnswerError, match="compute"):
        render_project(tmp_path / "p", answers={"compute": "gpu"}, ask=False)
    assert not (tmp_path / "p").exists()
