"""LW611: A task reads the rows of a task that is not a SQL task."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class RowsOfAnotherKindOfTask(TaskRule):
    """A task reads the rows of a task that is not a SQL task.

    ## What it does

    Reports `{{tasks.<key>.output.…}}` if the named task is not a `sql_task`.

    ## Why is this bad?

    Only SQL tasks have an output, so the reference has no value, and the task fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: ingest, notebook_task: {notebook_path: ingest.py}}
            - task_key: check
              depends_on: [{task_key: ingest}]
              condition_task: {op: LESS_THAN, left: "{{tasks.ingest.output.first_row.n}}", right: "2"}
    ```

    ```python ingest.py
    # Databricks notebook source
    print("loading")
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: ingest, sql_task: {warehouse_id: abc, file: {path: count.sql}}}
            - task_key: check
              depends_on: [{task_key: ingest}]
              condition_task: {op: LESS_THAN, left: "{{tasks.ingest.output.first_row.n}}", right: "2"}
    ```

    ```sql count.sql
    SELECT 1 AS n
    ```
    """

    code = "LW611"
    name = "rows-of-another-kind-of-task"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each reference to the output of a task that is not a SQL task."""
        for reference in task.dynamic_references:
            if reference.parts[0] != "tasks" or reference.parts[2:3] != ("output",):
                continue
            other = task.job.by_key.get(reference.parts[1])
            if other is not None and not other.spec.get("sql_task"):
                yield self.at(
                    task,
                    reference.field,
                    f"`{reference.text}` reads the rows of `{other.key}`, which is not a SQL task",
                    fix=f"use a task value of `{other.key}`, or make it a `sql_task`",
                )
