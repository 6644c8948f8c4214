"""What a task's process hands back: one JSON file, written at its end."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lakewright.runner.handover.json_files import write_json
from lakewright.runner.handover.problem import Problem


@dataclass(frozen=True)
class TaskReturn:
    """How the code of a task ended, as its own process saw it.

    Attributes:
        ok: Whether the code ran to its end (or left by `dbutils.notebook.exit`).
        exit_value: The value given to `dbutils.notebook.exit`.
        problem: Why it failed.
        notes: Remarks for the log and the task table.
    """

    ok: bool
    exit_value: str | None = None
    problem: Problem | None = None
    notes: tuple[str, ...] = ()

    def write(self, path: Path) -> None:
        """Write it so that a reader sees either nothing or all of it."""
        write_json(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> TaskReturn | None:
        """What was written, or None."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        problem = Problem(**raw["problem"]) if raw.get("problem") else None
        return cls(raw["ok"], raw.get("exit_value"), problem, tuple(raw.get("notes") or ()))
