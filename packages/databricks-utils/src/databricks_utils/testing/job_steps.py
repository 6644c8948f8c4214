"""Run the step of a job inside a test, without a process: a notebook on the test's session, or an entry point of the wheel."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_OTHER_LANGUAGE = re.compile(r"^# MAGIC %(?!md)(\w+)", re.MULTILINE)


class _Widgets:
    """The widgets of one notebook: a parameter of the job wins over the default."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given, self.declared = given, dict[str, str]()

    def text(self, name: str, defaultValue: str, label: str | None = None) -> None:  # noqa: N803 - Databricks' name
        """Declare a text widget."""
        del label
        self.declared[name] = self._given.get(name, defaultValue)

    def get(self, name: str) -> str:
        """Return the value of a widget."""
        return self.declared[name]


class _TaskValues:
    """The task values that a notebook sets."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def set(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Keep a value."""
        self.values[key] = value


class _Jobs:
    def __init__(self) -> None:
        self.taskValues = _TaskValues()


class _Dbutils:
    def __init__(self, parameters: Mapping[str, str]) -> None:
        self.widgets, self.jobs = _Widgets(parameters), _Jobs()


def run_notebook(path: Path, spark: SparkSession, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Run all Python cells of a notebook in source format, and return the task values that it set.

    `dbutils` has text widgets and task values; `display` shows nothing. `lakewright run` runs a notebook as a job does; this is for
    quick tests.

    Args:
        path: A `.py` notebook whose cells are Python or Markdown.
        spark: The session that the notebook uses.
        parameters: The parameters of its job.

    Raises:
        ValueError: The notebook has a cell in another language.
        AssertionError: The notebook does not declare one of the parameters, so that its job could not set it.
    """
    text = path.read_text(encoding="utf-8")
    if other := _OTHER_LANGUAGE.search(text):
        raise ValueError(f"{path.name} has a cell of %{other[1]}: run it with `lakewright run`")
    dbutils = _Dbutils(parameters)
    names = {
        "__name__": "__main__",
        "spark": spark,
        "dbutils": dbutils,
        "display": lambda *_, **__: None,
        "displayHTML": lambda *_: None,
    }
    exec(compile(text, str(path), "exec"), names)  # noqa: S102 - the notebook of the project under test
    ignored = sorted(set(parameters) - set(dbutils.widgets.declared))
    assert not ignored, (
        f"{path.name} ignores the parameter {', '.join(f'`{name}`' for name in ignored)} of its job"
    )
    return dbutils.jobs.taskValues.values


def run_wheel_task(main: Callable[[], object], parameters: Mapping[str, str]) -> None:
    """Call an entry point as a wheel task with named parameters does: they are the arguments of the process.

    Args:
        main: The function that the entry point names.
        parameters: The named parameters of the task.
    """
    before = sys.argv
    sys.argv = [before[0], *(f"--{name}={value}" for name, value in parameters.items())]
    try:
        main()
    finally:
        sys.argv = before
