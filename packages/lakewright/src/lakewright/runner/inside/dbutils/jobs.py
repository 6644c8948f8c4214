"""`dbutils.jobs.taskValues`: small JSON values from one task to the tasks behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import RunnerError

LIMIT_BYTES = 48 * 1024
_MISSING: Any = object()


class TaskValueError(RunnerError, ValueError):
    """Raised when a task value is missing, too large or not JSON."""


class TaskValues:
    """Values of this task and of the tasks that ended before it.

    Each value is appended to the task's file at once: it stays set if the task is killed later.

    Args:
        task_key: The task that runs.
        file: Where its values go.
        upstream: Values of ended tasks, by task key.
    """

    def __init__(self, task_key: str, file: Path, upstream: Mapping[str, Mapping[str, Any]]) -> None:
        self._task_key = task_key
        self._file = file
        self._values: dict[str, dict[str, Any]] = {key: dict(values) for key, values in upstream.items()}

    def set(self, key: str, value: Any) -> None:
        """Set a value of this task.

        Raises:
            TaskValueError: It is not JSON, or larger than 48 KiB.
        """
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
        default: Any = _MISSING,
        debugValue: Any = _MISSING,  # noqa: N803, ARG002 - Databricks' name; only for runs outside of a job
    ) -> Any:
        """A value that another task has set.

        Raises:
            TaskValueError: There is none and no default was given.
        """
        values = self._values.get(taskKey, {})
        if key in values:
            return values[key]
        if default is not _MISSING:
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


class Jobs:
    """`dbutils.jobs`."""

    def __init__(self, task_values: TaskValues) -> None:
        self.taskValues = task_values
