"""A project in a folder, and a bundle of one dict: the runner's tests need no databricks.yml."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lakewright.bundle import Bundle
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.record.summary import RunSummary
from lakewright.runner.run_job import run_job


def bundle_of(root: Path, jobs: Mapping[str, dict[str, Any]], **more: Any) -> Bundle:
    """A bundle of jobs, as loading would give it."""
    return Bundle(
        root=root,
        root_file=root / "databricks.yml",
        name="small",
        targets=("dev",),
        target="dev",
        mode="development",
        environment="local",
        resolved={"resources": {"jobs": dict(jobs)}, **more},
        diagnostics=(),
        sync_root=root,
        locations={},
        is_local=True,
    )


class Project:
    """Writes files and runs jobs of them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return file

    def notebook(self, name: str, *cells: str) -> Path:
        parts = [textwrap.dedent(cell).strip("\n") for cell in cells]
        body = "\n\n# COMMAND ----------\n\n".join(parts)
        return self.write(f"{name}.py", f"# Databricks notebook source\n{body}\n")

    def task(self, key: str, *cells: str, after: list[str] | None = None, **more: Any) -> dict[str, Any]:
        self.notebook(f"notebooks/{key}", *cells)
        return {
            "task_key": key,
            "notebook_task": {
                "notebook_path": f"notebooks/{key}",
                "base_parameters": more.pop("base_parameters", {}),
            },
            "depends_on": [{"task_key": name} for name in after or []],
            **more,
        }

    def bundle(
        self, *tasks: Mapping[str, Any], others: Mapping[str, dict[str, Any]] | None = None, **job: Any
    ) -> Bundle:
        return bundle_of(self.root, {"main": {"name": "main", "tasks": list(tasks), **job}, **(others or {})})

    def run(self, *tasks: Mapping[str, Any], options: RunOptions | None = None, **job: Any) -> RunSummary:
        return run_job(self.bundle(*tasks, **job), "main", options=options)

    def log(self, name: str) -> str:
        return (self.root / ".lakewright" / "runs" / "latest" / f"{name}.log").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[[str], Project]:
    return lambda name: Project(tmp_path / name)
