"""LW608: A task reads a value of a task that the job does not have."""

from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class ValueOfUnknownTask(TaskRule):
    """A task reads a value of a task that the job does not have.

    ## What it does

    Compares the key in `{{tasks.<key>.…}}` with the keys of the job's tasks.

    ## Why is this bad?

    The reference has no value, and the task fails.

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
              condition_task: {op: LESS_THAN, left: "{{tasks.ingst.values.rows}}", right: "2"}
    ```

    ```python ingest.py
    # Databricks notebook source
    dbutils.jobs.taskValues.set("rows", 1)
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: ingest, notebook_task: {notebook_path: ingest.py}}
            - task_key: check
              depends_on: [{task_key: ingest}]
              condition_task: {op: LESS_THAN, left: "{{tasks.ingest.values.rows}}", right: "2"}
    ```

    ```python ingest.py
    # Databricks notebook source
    dbutils.jobs.taskValues.set("rows", 1)
    ```
    """

    code = "LW608"
    name = "value-of-unknown-task"
    severity = "error"
    fixable = "if one name is similar"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each reference to a task that does not exist."""
        job = task.job
        for reference in task.dynamic_references:
            source = reference.parts[1] if reference.parts[0] == "tasks" else None
            if source is not None and source not in job.by_key:
                upstream = job.upstream.get(task.key, frozenset())
                yield self.at(
                    task,
                    reference.field,
                    f"`{reference.text}` reads from `{source}`, which the job {job.key} does not have",
                    detail=f"it has {listing(job.by_key)}",
                    fix=did_you_mean(source, upstream or job.by_key) or "correct the task's key",
                )
