"""LW640: A parameter of a task is overridden by a parameter of its job.

Source: https://docs.databricks.com/jobs/job-parameters.html (job parameters take precedence over task parameters with the same key).
"""

import re
from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule

_FIELDS = (
    ("notebook_task", "base_parameters"),
    ("python_wheel_task", "named_parameters"),
    ("sql_task", "parameters"),
)


class OverriddenParameter(TaskRule):
    """A parameter of a task is overridden by a parameter of its job.

    ## What it does

    Reports a key in `base_parameters` of a notebook, `named_parameters` of a wheel or `parameters` of a SQL task that is also a
    parameter of
    the job, unless its value is the reference to that parameter or the parameter's default.

    ## Why is this bad?

    The task gets the job's value. What is written in the task has no effect, whatever it says.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          parameters: [{name: day, default: "2026-01-01"}]
          tasks: [{task_key: load, notebook_task: {notebook_path: load.py, base_parameters: {day: "2020-01-01"}}}]
    ```

    ```python load.py
    # Databricks notebook source
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          parameters: [{name: day, default: "2026-01-01"}]
          tasks: [{task_key: load, notebook_task: {notebook_path: load.py, base_parameters: {first_day: "2020-01-01"}}}]
    ```

    ```python load.py
    # Databricks notebook source
    ```
    """

    code = "LW640"
    name = "overridden-parameter"
    severity = "warning"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each parameter of a task that its job overrides."""
        for kind, field in _FIELDS:
            given = task.part(kind).get(field)
            for key, value in given.items() if isinstance(given, dict) else ():
                if key in task.job.parameters and not _is_the_same(task, key, str(value)):
                    yield self.at(
                        task,
                        f"{kind}.{field}.{key}",
                        f"the job's parameter `{key}` overrides the value `{value}`",
                        fix=f"give the parameter another name, or write `{{{{job.parameters.{key}}}}}`",
                    )


def _is_the_same(task: TaskView, key: str, value: str) -> bool:
    """Whether a value is the job's parameter, or what the parameter is by default."""
    if re.sub(r"[\s`{}]", "", value) in {f"job.parameters.{key}", f"job.parameters.[{key}]"}:
        return True
    listed = task.job.spec.get("parameters") or []
    return any(
        each.get("name") == key and str(each.get("default")) == value
        for each in listed
        if isinstance(each, dict)
    )
