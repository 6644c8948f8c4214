"""What the runner tells the process of a task, and what it hears back: JSON, one object each way."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class TaskSpec:
    """One attempt of one task, ready to run.

    Attributes:
        kind: `notebook`, `script`, `wheel` or `sql`.
        file: The notebook, script or SQL file.
        argv: `sys.argv[1:]` of a script or a wheel's entry point.
        parameters: Values of widgets, or of `:name` in a SQL file.
        entry_point: Package and name of a wheel task's entry point.
        entry_points: What the package declares, name to `module:function`.
        environment: Variables to set; the ones named in `forget` are removed first.
        sys_path: Folders put before the interpreter's own.
        task_values: Values set by the tasks that have ended, by task key.
        job: Names and ids for `dbutils.notebook` contexts and messages.
        lacking: Wheels and packages that the task names and this machine does not have.
        spark: `connect`, `classic` or `none` (no engine for this task).
    """

    kind: str
    key: str
    attempt: int
    project: str
    root: str
    cwd: str
    folder: str
    result_file: str
    values_file: str
    report_file: str
    file: str | None = None
    argv: list[str] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)
    entry_point: list[str] = field(default_factory=list)
    entry_points: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    forget: list[str] = field(default_factory=list)
    sys_path: list[str] = field(default_factory=list)
    task_values: dict[str, dict[str, Any]] = field(default_factory=dict)
    job: dict[str, Any] = field(default_factory=dict)
    spark: str = "none"
    lacking: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=True)

    @classmethod
    def from_json(cls, line: str) -> TaskSpec:
        """The spec that `to_json` wrote."""
        return cls(**json.loads(line))


@dataclass(frozen=True)
class Problem:
    """An error as the summary and the terminal show it; the fields of `DiagnosedError`."""

    summary: str
    detail: str | None = None
    location: str | None = None
    fix: str | None = None
    docs: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The fields by name."""
        return asdict(self)


@dataclass(frozen=True)
class TaskReturn:
    """What a task's process says at its end.

    Attributes:
        ok: Whether the task's code came to its end (or left by `dbutils.notebook.exit`).
        exit_value: What `dbutils.notebook.exit` gave.
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


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON to a temporary file beside `path`, sync it, and rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    # A lone surrogate (undecodable output, an odd file name) becomes its JSON escape.
    with temporary.open("w", encoding="utf-8", errors="backslashreplace") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=2)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The whole JSON objects of a file of JSON lines; a line cut off by a kill is left out."""
    try:
        raw = path.read_bytes()
    except OSError:
        return []
    found: list[dict[str, Any]] = []
    for line in raw.decode("utf-8", "replace").splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found
