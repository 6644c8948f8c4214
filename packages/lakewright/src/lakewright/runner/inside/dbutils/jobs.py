"""`dbutils.jobs.taskValues`: small JSON values from one task to the tasks behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import RunnerError
from lakewright.runner.inside.dbutils.argument_types import need_text
from lakewright.runner.inside.dbutils.help_text import WithHelp

LIMIT_BYTES = 48 * 1024


class TaskValueError(RunnerError, ValueError):
    """Raised when a task value is missing, too large or not JSON."""


class NoJobError(RunnerError, TypeError):
    """Raised when code outside of a job asks for a task value and gives no `debugValue`."""


class TaskValues(WithHelp):
    """Values of this task and of the tasks that ended before it.

    Each value is appended to the task's file at once: it stays set if the task is killed later.

    Args:
        task_key: The task that runs.
        file: Where its values go.
        upstream: Values of ended tasks, by task key.
        in_job: Whether the code runs in a job, and not in a shell or a notebook of a person.
    """

    def __init__(
        self, task_key: str, file: Path, upstream: Mapping[str, Mapping[str, Any]], *, in_job: bool
    ) -> None:
        self._in_job = in_job
        self._task_key = task_key
        self._file = file
        self._values: dict[str, dict[str, Any]] = {key: dict(values) for key, values in upstream.items()}

    def set(self, key: str, value: Any) -> None:
        """Set a value of this task; outside of a job it does nothing.

        Raises:
            ArgumentTypeError: The key is not text.
            TaskValueError: It is not JSON, or larger than 48 KiB.
        """
        need_text(key=key)
        if not self._in_job:
            return
        try:
            encoded = json.dumps(value, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise TaskValueError(
                f"the task value `{key}` is not JSON",
                detail=f"{type(value).__name__}: {error}",
                fix="hand over text, numbers, lists and dictionaries; float(x) or str(x) converts",
            ) from error
        if (size := len(encoded.encode())) > LIMIT_BYTES:
            raise TaskValueError(
                f"the task value `{key}` has {size:,} bytes; the limit is {LIMIT_BYTES:,}",
                fix="write it to a table or a volume and hand over its name",
            )
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"key": key, "value": value}) + "\n")
        self._values.setdefault(self._task_key, {})[key] = json.loads(encoded)

    def get(
        self,
        taskKey: str,  # noqa: N803 - Databricks' name
        key: str,
        default: Any = None,
        debugValue: Any = None,  # noqa: N803 - Databricks' name
    ) -> Any:
        """A value that another task has set; outside of a job `debugValue`.

        Raises:
            NoJobError: The code does not run in a job, and no `debugValue` was given.
            TaskValueError: There is none and no default was given; None is not a default.
        """
        if not self._in_job:
            return _debug_value(debugValue)
        values = self._values.get(taskKey, {})
        if key in values:
            return values[key]
        if default is not None:
            return default
        if taskKey not in self._values:
            raise TaskValueError(
                f"task `{taskKey}` has set no values, or does not run before this one",
                detail="tasks with values: " + (", ".join(self._values) or "none"),
                fix=choose_from(taskKey, self._values)
                or "pass `default=…`, or set the value in an earlier task",
            )
        raise TaskValueError(
            f"task `{taskKey}` has not set the value `{key}`",
            detail="values that it set: " + (", ".join(values) or "none"),
            fix=choose_from(key, values) or "pass `default=…`, or set the value in that task",
        )


class Jobs(WithHelp):
    """`dbutils.jobs`: values from one task to the tasks behind it."""

    def __init__(self, task_values: TaskValues) -> None:
        self.taskValues = task_values


def _debug_value(value: Any) -> Any:
    if value is None:
        raise NoJobError(
            "Must pass debugValue when calling get outside of a job context. debugValue cannot be None.",
            fix="pass debugValue=…: what the code gets in a shell or in a notebook of yours",
        )
    return value
