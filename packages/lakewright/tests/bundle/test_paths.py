"""Paths of notebooks, files and folders in a bundle."""

import json

import pytest

from lakewright.bundle import local_file
from lakewright.bundle.paths.nearest_file import nearest_file
from lakewright.bundle.paths.notebooks import notebook_language

pytestmark = pytest.mark.unit

FILES = "/Workspace/Users/ana.lopez@example.org/.bundle/shop/default/files"
TASK = "bundle: {{name: shop}}\nresources:\n  jobs:\n    j:\n      tasks:\n        - task_key: t\n          {task}\n"


def with_task(project, task):
    project.write(databricks=TASK.format(task=task))
    return project.load()


def test_a_notebook_is_named_as_the_workspace_shows_it_and_found_again(project):
    file = project.notebook("notebooks/01_ingest.py")
    bundle = with_task(project, "notebook_task: {notebook_path: notebooks/01_ingest.py}")
    path = bundle.jobs["j"]["tasks"][0]["notebook_task"]["notebook_path"]
    assert path == f"{FILES}/notebooks/01_ingest"
    assert local_file(bundle, path) == file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sql", "-- Databricks notebook source\nselect 1\n"),
        ("a.r", "# Databricks notebook source\n"),
        ("a.scala", "// Databricks notebook source\n"),
        ("a.ipynb", json.dumps({"nbformat": 4, "metadata": {}, "cells": []})),
    ],
)
def test_every_kind_of_notebook_is_known(project, name, text):
    file = project.file(name, text)
    bundle = with_task(project, f"notebook_task: {{notebook_path: {name}}}")
    assert not bundle.has_errors
    assert local_file(bundle, f"{FILES}/a") == file


def test_a_notebook_without_its_ending_is_found_with_a_warning(project, of):
    project.notebook("etl.py")
    bundle = with_task(project, "notebook_task: {notebook_path: ./etl}")
    (warning,) = of(bundle.diagnostics, "without its ending", "warning")
    assert "`./etl.py`" in warning.fix
    assert not bundle.has_errors


def test_a_path_is_relative_to_the_file_that_holds_it(project):
    project.notebook("src/etl.py")
    project.write(
        databricks="bundle: {name: shop}\ninclude: [resources/*.yml]\n",
        resources__j="resources: {jobs: {j: {tasks: [{task_key: t, notebook_task: {notebook_path: ../src/etl.py}}]}}}\n",
    )
    bundle = project.load()
    assert bundle.jobs["j"]["tasks"][0]["notebook_task"]["notebook_path"] == f"{FILES}/src/etl"


def test_a_path_that_is_relative_to_another_file_is_an_error_that_gives_the_right_one(project, of):
    project.notebook("src/etl.py")
    project.write(
        databricks="bundle: {name: shop}\ninclude: [resources/*.yml]\n"
        "targets: {x: {resources: {jobs: {j: {tasks: [{task_key: t, notebook_task: {notebook_path: ../src/etl.py}}]}}}}}\n",
        resources__j="resources: {jobs: {j: {tasks: [{task_key: t, timeout_seconds: 1}]}}}\n",
    )
    (error,) = of(project.load().diagnostics, "not to the file that holds it", "error")
    assert error.fix == "write `src/etl.py`"


@pytest.mark.parametrize(
    ("task", "summary", "fix"),
    [
        ("notebook_task: {notebook_path: nb/ingst.py}", "notebook nb/ingst.py not found", "`ingest.py`"),
        ("notebook_task: {notebook_path: lib.py}", "expected a notebook", "Databricks notebook source"),
        ("spark_python_task: {python_file: libb.py}", "file libb.py not found", "`lib.py`"),
        ("spark_python_task: {python_file: nb/ingest.py}", "expected a file", "notebook_task"),
        ("notebook_task: {notebook_path: other/ingest.py}", "not found", "does not exist either"),
        ("dbt_task: {project_directory: lib.py, commands: [dbt run]}", "is not a directory", ""),
        ("sql_task: {warehouse_id: x, file: {path: q.sql}}", "file q.sql not found", ""),
        ("notebook_task: {notebook_path: ../outside.py}", "not contained in sync root", "sync.paths"),
    ],
)
def test_a_path_to_nothing_or_to_the_wrong_kind_is_an_error_at_its_place(project, of, task, summary, fix):
    project.notebook("nb/ingest.py")
    project.file("lib.py", "x = 1\n")
    (error,) = of(with_task(project, task).diagnostics, summary, "error")
    assert fix in error.fix
    assert error.location.line == 7


@pytest.mark.parametrize(
    "task",
    [
        "notebook_task: {notebook_path: /Workspace/Shared/x}",
        "spark_python_task: {python_file: dbfs:/x.py}",
        "spark_python_task: {python_file: 's3://b/x.py'}",
    ],
)
def test_paths_of_the_workspace_are_left_alone(project, task):
    bundle = with_task(project, task)
    assert not bundle.has_errors
    (payload,) = [value for key, value in bundle.jobs["j"]["tasks"][0].items() if key.endswith("_task")]
    (path,) = payload.values()
    assert local_file(bundle, path) is None


def test_tasks_of_a_job_with_a_git_source_are_left_alone(project):
    project.write(
        databricks="bundle: {name: shop}\nresources: {jobs: {j: {git_source: {git_url: u, git_provider: gitHub, git_branch: m}, "
        "tasks: [{task_key: t, notebook_task: {notebook_path: a/b}}]}}}\n"
    )
    bundle = project.load()
    assert bundle.jobs["j"]["tasks"][0]["notebook_task"]["notebook_path"] == "a/b"
    assert not bundle.has_errors


def test_files_outside_of_the_bundle_count_when_they_are_synchronised(project):
    shared = project.notebook("shared/etl.py")
    project.file(
        "app/databricks.yml",
        "bundle: {name: shop}\nsync: {paths: [., ../shared], exclude: ['*.tmp']}\n"
        "resources: {jobs: {j: {tasks: [{task_key: t, notebook_task: {notebook_path: ../shared/etl.py}}]}}}\n",
    )
    project.root = project.root / "app"
    bundle = project.load()
    assert bundle.sync_root == project.root.parent
    assert bundle.resolved["sync"] == {"paths": ["app", "shared"], "exclude": ["app/*.tmp"]}
    path = bundle.jobs["j"]["tasks"][0]["notebook_task"]["notebook_path"]
    assert path == f"{FILES}/shared/etl"
    assert local_file(bundle, path) == shared


def test_libraries_are_relative_to_the_synchronised_root_and_the_newest_wheel_is_found(project):
    project.file("dist/shop-1.0-py3-none-any.whl", "")
    newest = project.file("dist/shop-1.1-py3-none-any.whl", "")
    project.write(
        databricks="bundle: {name: shop}\ninclude: [resources/*.yml]\n",
        resources__j="""
        resources:
          jobs:
            j:
              environments: [{environment_key: e, spec: {dependencies: [../dist/*.whl, pandas==2.2, "-r ../req.txt"]}}]
              tasks:
                - task_key: t
                  libraries: [{whl: ../dist/*.whl}, {pypi: {package: x}}]
                  python_wheel_task: {package_name: shop, entry_point: m}
        """,
    )
    project.file("req.txt", "x\n")
    bundle = project.load()
    job = bundle.jobs["j"]
    assert job["tasks"][0]["libraries"][0] == {"whl": "dist/*.whl"}
    assert job["environments"][0]["spec"]["dependencies"] == [
        "./dist/*.whl",
        "pandas==2.2",
        f"-r {FILES}/req.txt",
    ]
    assert local_file(bundle, "dist/*.whl") == newest


DEPENDENCY = "bundle: {name: shop}\nresources: {jobs: {j: {environments: [{environment_key: e, spec: {dependencies: [%s]}}]}}}\n"


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("flag", ["-r", "-e"])
def test_a_full_path_in_quotes_keeps_them(project, flag, quote):
    entry = f"{flag} {quote}${{workspace.file_path}}/Path With Spaces/requirements.txt{quote}"
    project.write(databricks=DEPENDENCY % json.dumps(entry))
    bundle = project.load()
    assert not bundle.has_errors
    assert bundle.jobs["j"]["environments"][0]["spec"]["dependencies"] == [
        f"{flag} {quote}{FILES}/Path With Spaces/requirements.txt{quote}"
    ]


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_relative_path_in_quotes_is_refused_with_the_full_one_to_write(project, of, quote):
    project.file("Path With Spaces/requirements.txt", "x\n")
    project.write(databricks=DEPENDENCY % json.dumps(f"-r {quote}./Path With Spaces/requirements.txt{quote}"))
    (error,) = of(project.load().diagnostics, "not found", "error")
    right = f"-r {quote}${{workspace.file_path}}/Path With Spaces/requirements.txt{quote}"
    assert f"write `{right}`" in error.fix
    project.write(databricks=DEPENDENCY % json.dumps(right))
    assert not project.load().has_errors


@pytest.mark.parametrize("entry", ["-c ./limits.txt", "--requirement ./needed.txt", "--find-links=wheels"])
def test_paths_after_other_flags_of_pip_stay_as_they_are(project, entry):
    project.write(databricks=DEPENDENCY % json.dumps(entry))
    assert project.load().jobs["j"]["environments"][0]["spec"]["dependencies"] == [entry]


def test_an_artifact_of_type_whl_gets_its_folder_and_its_files(project):
    (project.root / "lib").mkdir()
    project.write(databricks="bundle: {name: s}\nartifacts: {a: {type: whl, path: lib, build: uv build}}\n")
    folder = project.root / "lib"
    assert project.load().resolved["artifacts"]["a"] == {
        "type": "whl",
        "path": str(folder),
        "build": "uv build",
        "files": [{"source": str(folder / "dist" / "*.whl")}],
    }


def test_an_artifact_in_a_missing_folder_is_an_error(project, of):
    project.write(databricks="bundle: {name: s}\nartifacts: {a: {type: whl, path: lib}}\n")
    assert of(project.load().diagnostics, "directory lib not found", "error")


def test_patterns_of_a_pipeline_are_written_out(project):
    project.notebook("a.py")
    project.notebook("b.py")
    project.write(
        databricks="bundle: {name: shop}\nresources: {pipelines: {p: {libraries: [{notebook: {path: './*.py'}}]}}}\n"
    )
    libraries = project.load().resolved["resources"]["pipelines"]["p"]["libraries"]
    assert [library["notebook"]["path"] for library in libraries] == [f"{FILES}/a", f"{FILES}/b"]


PLACED = """\
    bundle: {{name: s}}
    resources:
      jobs:
        j:
          tasks:
            - {{task_key: a, notebook_task: {{notebook_path: {path}}}}}
    """


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("./folder", "is a folder"),
        ("./loop.py", "leads nowhere"),
        ("./" + "x" * 300, "correct the path"),
        ("./away.py", "lies at"),
    ],
)
def test_a_path_that_is_no_file_is_fixed_by_what_lies_there(project, of, path, fix):
    project.write(databricks=PLACED.format(path=path))
    project.notebook("folder/away.py")
    project.notebook(".hidden/away.py")
    (project.root / "loop.py").symlink_to("loop.py")
    found = of(project.load().diagnostics, "not found", "error")[0]
    assert fix in found.fix
    assert ".hidden" not in found.fix


def test_a_missing_file_is_not_looked_for_in_more_folders_than_a_project_has(tmp_path, monkeypatch):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "far.py").touch()
    assert "lies at" in nearest_file(tmp_path, tmp_path / "far.py")
    monkeypatch.setattr("lakewright.bundle.paths.nearest_file._MOST_FOLDERS", 2)
    assert "lies at" not in nearest_file(tmp_path, tmp_path / "far.py")


def test_a_missing_file_is_not_looked_for_outside_of_the_bundle(project, of):
    inside = type(project)(project.root / "bundle")
    inside.write(databricks=PLACED.format(path="./away.py"))
    project.notebook("elsewhere/away.py")
    assert "lies at" not in of(inside.load().diagnostics, "not found", "error")[0].fix


HEADER = "# Databricks notebook source"


@pytest.mark.parametrize(
    ("name", "content", "detail", "fix"),
    [
        (
            "n.py",
            b"\xef\xbb\xbf# Databricks notebook source\n",
            "byte order mark",
            "UTF-8 without a byte order mark",
        ),
        ("n.py", f"{HEADER}\n".encode("utf-16"), "byte order mark", "UTF-8 without a byte order mark"),
        ("n.py", f"{HEADER} \nx = 1\n".encode(), "a blank after", "remove the blank after"),
        ("n.py", f"{HEADER}\t\n".encode(), "a blank after", "remove the blank after"),
        ("n.py", f" {HEADER}\n".encode(), "a blank before", "remove the blank before"),
        (
            "n.py",
            b"#Databricks notebook source\n",
            "its first line is",
            f"write the first line as `{HEADER}`",
        ),
        (
            "n.py",
            b"# databricks notebook source\n",
            "its first line is",
            f"write the first line as `{HEADER}`",
        ),
        ("n.sql", f"{HEADER}\n".encode(), "its first line is", "`-- Databricks notebook source`"),
        ("n.py", f"#!/usr/bin/env python\n{HEADER}\n".encode(), "stands in line 2", "make it the first line"),
        ("n.py", f"x = 'a\u2028b'\n{HEADER}\n".encode(), "stands in line 2", "make it the first line"),
        ("n.py", b"print(1)\n", None, "begin it with the line"),
        ("n.py", b"", None, "begin it with the line"),
    ],
)
def test_what_is_wrong_with_the_header_of_a_notebook_is_named(project, name, content, detail, fix):
    (project.root / name).write_bytes(content)
    project.write(
        databricks="bundle: {name: s}\n"
        f"resources: {{jobs: {{j: {{tasks: [{{task_key: t, notebook_task: {{notebook_path: {name}}}}}]}}}}}}\n"
    )
    (error,) = project.load().diagnostics
    assert (error.code, error.severity) == ("LW403", "error")
    assert (detail or "") in (error.detail or "")
    assert (error.detail is None) == (detail is None)
    assert fix in error.fix


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_a_header_with_any_line_break_is_a_notebook(project, ending):
    (project.root / "n.py").write_bytes(f"{HEADER}{ending}".encode())
    assert notebook_language(project.root / "n.py") == "python"
