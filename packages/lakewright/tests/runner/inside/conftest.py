"""Notebooks in the test's own process: what happens inside a task, without the process around it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from lakewright.runner.handover.problem import Problem
from lakewright.runner.handover.task_return import TaskReturn
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.task_main import outcome
from lakewright.runner.inside.task_runtime import TaskRuntime

_OFFERED = ("databricks", "databricks.sdk", "databricks.sdk.runtime", "pyspark.dbutils", "databricks.connect")


class Notebooks:
    """Runs notebooks of a project; `log()` is what they printed since the last call."""

    def __init__(self, project: Any, capsys: pytest.CaptureFixture[str]) -> None:
        self._project, self._capsys = project, capsys
        self.root: Path = project.root

    def run(self, *cells: str, file: Path | None = None, **fields: Any) -> TaskReturn:
        """Run the cells as `notebooks/n.py`, or a file, and return how it ended."""
        folder = self.root / ".lakewright" / "task"
        folder.mkdir(parents=True, exist_ok=True)
        places = dict.fromkeys(("project", "root"), str(self.root))
        files = {f"{name}_file": str(folder / f"{name}.json") for name in ("result", "values", "report")}
        path = file or self._project.notebook("notebooks/n", *cells)
        spec = TaskSpec(
            "notebook",
            "n",
            1,
            cwd=str(path.parent),
            folder=str(folder),
            file=str(path),
            job={"name": "main", "run_id": "1"},
            **places,
            **files,
            **fields,
        )
        return outcome(spec, TaskRuntime(spec))[1]

    def problem(self, *cells: str, **more: Any) -> Problem:
        """Run the cells and return why they failed."""
        problem = self.run(*cells, **more).problem
        assert problem is not None
        return problem

    def log(self) -> str:
        out, err = self._capsys.readouterr()
        return out + err


@pytest.fixture
def notebooks(project: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Notebooks:
    for name in _OFFERED:  # put back what the runtime offers in their place
        if name in sys.modules:
            monkeypatch.setitem(sys.modules, name, sys.modules[name])
        else:
            monkeypatch.setitem(sys.modules, name, None)
            del sys.modules[name]
    return Notebooks(project, capsys)
