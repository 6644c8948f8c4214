"""The result that a task's process writes at its end, as one JSON file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lakewright.runner.handover.json_files import write_json
from lakewright.runner.handover.problem import Problem


@dataclass(frozen=True)
class TaskReturn:
    """How the code of a task ended.

    Attributes:
        ok: Whether the code succeeded, or called `dbutils.notebook.exit`.
        exit_value: The value given to `dbutils.notebook.exit`.
        problem: Why it failed.
        notes: Notes for the log and the task table.
        rows: The rows of a SQL task, if they were asked for.
    """

    ok: bool
    exit_value: str | None = None
    problem: Problem | None = None
    notes: tuple[str, ...] = ()
    rows: list[dict[str, Any]] | None = None

    def write(self, path: Path) -> None:
        """Write the file; a reader sees all of it or nothing."""
        write_json(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> TaskReturn | None:
        """Read the file; None if there is none."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        problem = Problem(**raw["problem"]) if raw.get("problem") else None
        return cls(raw["ok"], raw.get("exit_value"), problem, tuple(raw.get("notes") or ()), raw.get("rows"))
