"""The task that a process receives on its standard input, as one line of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from lakewright.storage import Storage

Kind = Literal["notebook", "script", "wheel", "sql", "interrupt"]
SparkMode = Literal["connect", "classic", "none"]


@dataclass(frozen=True)
class TaskSpec:
    """One attempt of one task, ready to run.

    Attributes:
        kind: The kind of task; `interrupt` ends the Spark statements of another task.
        file: The notebook, script or SQL file.
        argv: `sys.argv[1:]` of a script or of a wheel's entry point; for `interrupt` the addresses of further sessions.
        parameters: Values of widgets, or of `:name` in a SQL file.
        entry_point: Package and name of a wheel task's entry point.
        entry_points: The entry points that the package declares, name to `module:function`.
        environment: Environment variables to set.
        sys_path: Folders to put at the front of `sys.path`.
        task_values: Task values that earlier tasks have set, by task key.
        job: Name and run id of the job.
        lacking: Wheels and packages that the task needs and this machine lacks.
        keep_rows: Whether a SQL task hands back the rows of its last statement, because another task refers to them.
        spark: How the task connects to Spark; `none` without an engine.
        local_folders: Folders of the machine, beside the project, that paths may reach.
    """

    kind: Kind
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
    sys_path: list[str] = field(default_factory=list)
    task_values: dict[str, dict[str, Any]] = field(default_factory=dict)
    job: dict[str, Any] = field(default_factory=dict)
    spark: SparkMode = "none"
    lacking: list[str] = field(default_factory=list)
    keep_rows: bool = False
    local_folders: list[str] = field(default_factory=list)

    @property
    def storage(self) -> Storage:
        """Where the paths of Databricks lead in this task."""
        return Storage(Path(self.project), tuple(map(Path, self.local_folders)))

    def to_json(self) -> str:
        """The spec as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=True)

    @classmethod
    def from_json(cls, line: str) -> TaskSpec:
        """The spec that `to_json` wrote."""
        return cls(**json.loads(line))
