"""What a deployment leaves out although a task needs it."""

import subprocess

import pytest

from lakewright.bundle import all_findings
from lakewright.bundle.uploads.ignoring import Uploads
from lakewright.bundle.uploads.imports import needs_of

pytestmark = pytest.mark.unit

NOTEBOOK = "# Databricks notebook source\n"


def bundle_with(project, task, sync="{}", job=""):
    project.write(
        databricks=f"""
        bundle: {{name: s}}
        sync: {sync}
        resources:
          jobs:
            j:
              {job}
              tasks:
                - {task}
        """
    )
    return project.load()


def codes(bundle):
    return [
        (found.code, found.severity)
        for found in all_findings(bundle)
        if found.code in {"LW410", "LW411", "LW412"}
    ]


RUN_LOAD = "{task_key: t, notebook_task: {notebook_path: nb/load.py}}"


@pytest.mark.parametrize(
    ("patterns", "reason"),
    [
        ("nb/", "`nb/`"),
        ("*.py", "`*.py`"),
        ("/nb/load.py", "`/nb/load.py`"),
        ("**/load.py", "`**/load.py`"),
        ("*.py\n!load.py", None),
        ("/load.py", None),
        ("nb/*.sql", None),
        ("# nb/\n", None),
    ],
)
def test_a_file_that_gitignore_names_is_not_deployed(project, patterns, reason):
    project.file("nb/load.py", NOTEBOOK)
    project.file(".gitignore", patterns + "\n")
    left_out = Uploads(bundle_with(project, RUN_LOAD)).left_out(project.root / "nb" / "load.py")
    assert left_out == (f".gitignore holds {reason}" if reason else None)


def test_a_deeper_gitignore_counts_and_cannot_take_back_what_a_higher_one_leaves_out(project):
    file = project.file("nb/load.py", NOTEBOOK)
    project.file("nb/.gitignore", "load.py\n")
    bundle = bundle_with(project, RUN_LOAD)
    assert Uploads(bundle).left_out(file) == "nb/.gitignore holds `load.py`"
    project.file(".gitignore", "*.py\n")
    project.file("nb/.gitignore", "!load.py\n")
    assert Uploads(bundle).left_out(file) == ".gitignore holds `*.py`"


def test_the_gitignore_of_the_repository_above_and_its_own_excludes_count(project, tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    project.root = tmp_path / "parts" / "shop"
    file = project.file("nb/load.py", NOTEBOOK)
    bundle = bundle_with(project, RUN_LOAD)
    assert Uploads(bundle).left_out(file) is None
    (tmp_path / ".git" / "info").mkdir(exist_ok=True)
    (tmp_path / ".git" / "info" / "exclude").write_text("load.py\n")
    assert "exclude holds `load.py`" in Uploads(bundle).left_out(file)
    (tmp_path / ".git" / "info" / "exclude").unlink()
    (tmp_path / ".gitignore").write_text("parts/*/nb\n")
    assert Uploads(bundle).left_out(file) == ".gitignore holds `parts/*/nb`"


def test_a_file_that_git_tracks_is_left_out_all_the_same(project, tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    file = project.file("nb/load.py", NOTEBOOK)
    subprocess.run(["git", "-C", str(tmp_path), "add", "-f", str(file)], check=True)
    project.file(".gitignore", "nb/\n")
    assert Uploads(bundle_with(project, RUN_LOAD)).left_out(file)


def test_the_folder_of_the_cli_is_never_uploaded(project):
    file = project.file(".databricks/x.py", NOTEBOOK)
    assert Uploads(bundle_with(project, RUN_LOAD)).left_out(file) == "`.databricks` is never uploaded"


@pytest.mark.parametrize(
    ("sync", "expected"),
    [
        ("{}", [("LW410", "error")]),
        ("{include: [nb/*.py]}", []),
        ("{include: [nb]}", []),
        ("{include: [nb/*.py], exclude: [nb/load.py]}", [("LW410", "error")]),
        ("{paths: [other]}", [("LW410", "error")]),
    ],
)
def test_the_file_of_a_task_that_is_not_deployed_is_an_error(project, sync, expected):
    project.file("nb/load.py", NOTEBOOK)
    project.file("other/a.txt", "x")
    project.file(".gitignore", "nb/\n")
    assert codes(bundle_with(project, RUN_LOAD, sync)) == expected


def test_files_from_git_and_of_the_workspace_are_not_looked_for(project):
    project.file("nb/load.py", NOTEBOOK)
    project.file(".gitignore", "nb/\n")
    job = "git_source: {git_url: 'https://example.org/x', git_provider: gitHub, git_branch: main}"
    assert codes(bundle_with(project, RUN_LOAD, job=job)) == []
    assert codes(bundle_with(project, "{task_key: t, notebook_task: {notebook_path: /Shared/x}}")) == []


def test_a_module_that_the_file_imports_is_a_warning_that_names_the_import(project):
    project.file("nb/load.py", NOTEBOOK + "import os\nfrom shop.rules import limits\n")
    project.file("src/shop/__init__.py", "")
    project.file("src/shop/rules/__init__.py", "from . import secret_rules\n")
    project.file("src/shop/rules/limits.py", "")
    project.file("src/shop/rules/secret_rules.py", "")
    project.file(".gitignore", "limits.py\nsecret*\n")
    bundle = bundle_with(project, RUN_LOAD)
    first, second = sorted(
        (found for found in all_findings(bundle) if found.code == "LW411"), key=lambda found: found.summary
    )
    assert first.summary == "src/shop/rules/limits.py is not deployed: .gitignore holds `limits.py`"
    assert first.detail == "nb/load.py needs `shop.rules.limits`"
    assert [(place.file.name, place.line) for place in first.related] == [("load.py", 3)]
    assert "secret_rules" in second.summary
    assert "sync: {include: [src/shop/rules/limits.py]}" in first.fix


def test_a_module_that_two_tasks_need_is_reported_once(project):
    project.file("a.py", "import common_part\n")
    project.file("common_part.py", "")
    project.file(".gitignore", "common_part.py\n")
    tasks = (
        "{task_key: a, spark_python_task: {python_file: a.py}, environment_key: e}\n"
        "                - {task_key: b, spark_python_task: {python_file: a.py}, environment_key: e}"
    )
    assert codes(bundle_with(project, tasks)) == [("LW411", "warning")]


def test_a_module_that_arrives_in_a_wheel_of_the_bundle_is_left_out(project):
    project.file("load.py", "import shop\n")
    project.file("src/shop/__init__.py", "")
    project.file("pyproject.toml", "[project]\nname = 'shop'\n")
    project.file(".gitignore", "src/\n")
    task = "{task_key: t, spark_python_task: {python_file: load.py}, libraries: [{whl: dist/*.whl}]}"
    assert codes(bundle_with(project, task)) == []
    assert codes(bundle_with(project, task.partition(", libraries")[0] + "}")) == [("LW411", "warning")]


def test_what_a_notebook_needs_is_followed_through_run_lines_and_jupyter_cells(project):
    first = project.file("a.py", NOTEBOOK + "# MAGIC %run ./parts/b\n# MAGIC %pip install x\n")
    project.file("parts/b.py", NOTEBOOK + "%matplotlib inline\nimport c\n")
    project.file("c.ipynb", "{}")
    project.file("parts/c.py", "from .d import value\nimport missing_here\n")
    project.file("parts/d.py", "import broken(\n")
    found = list(needs_of(first, [project.root]))
    assert [(need.file.name, need.by.name, need.name, need.line) for need in found] == [
        ("b.py", "a.py", "./parts/b", 2),
        ("c.py", "b.py", "c", 3),
        ("d.py", "c.py", "d.value", 1),
    ]


@pytest.mark.parametrize(
    ("sync", "wrong"),
    [
        ("{include: [nb/*.py]}", []),
        ("{include: [gone/*.py]}", ["sync.include[0]"]),
        ("{exclude: ['!nb/load.py', '*.md']}", ["sync.exclude[1]"]),
        ("{exclude: [nb/], include: ['**/load.py', nothing]}", ["sync.include[1]"]),
    ],
)
def test_a_pattern_of_sync_that_matches_nothing_is_a_warning(project, sync, wrong):
    project.file("nb/load.py", NOTEBOOK)
    found = all_findings(
        bundle_with(project, "{task_key: t, condition_task: {op: EQUAL_TO, left: a, right: b}}", sync)
    )
    assert [each.path for each in found if each.code == "LW412"] == wrong
    assert all(each.location for each in found)
