"""LW621: A task has nothing to run."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class TaskWithoutWork(TaskRule):
    """A task has nothing to run.

    ## What it does

    Reports a task without `notebook_task`, `sql_task` or another field that says what runs. If this field has another
    error, only that one is reported.

    ## Why is this bad?

    A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {tasks: [{task_key: load}]}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {tasks: [{task_key: load, notebook_task: {notebook_path: load.py}}]}}}
    ```

    ```python load.py
    # Databricks notebook source
    print("loading")
    ```
    """

    code = "LW621"
    name = "task-without-work"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a task without a kind."""
        if not task.kinds and not task.has_error:
            yield self.at(
                task, "task_key", "the task has nothing to run", fix="add a `notebook_task`, for instance"
            )
