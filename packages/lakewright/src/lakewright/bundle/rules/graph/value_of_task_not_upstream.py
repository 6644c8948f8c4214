"""LW609: A task reads a value of a task that may not have run yet."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class ValueOfTaskNotUpstream(TaskRule):
    """A task reads a value of a task that may not have run yet.

    ## What it does

    Compares the key in `{{tasks.<key>.…}}` with the tasks that end before this one starts.

    ## Why is this bad?

    Without a dependency either task may run first. The run fails whenever the value does not exist yet.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: ingest, notebook_task: {notebook_path: ingest.py}}
            - task_key: check
              condition_task: {op: LESS_THAN, left: "{{tasks.ingest.values.rows}}", right: "2"}
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

    code = "LW609"
    name = "value-of-task-not-upstream"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each reference to the task itself, and to a task that it does not wait for."""
        upstream = task.job.upstream.get(task.key, frozenset())
        for reference in task.dynamic_references:
            if reference.parts[0] != "tasks":
                continue
            source = reference.parts[1]
            if source not in task.job.by_key or source in upstream:
                continue
            if source == task.key:
                yield self.at(
                    task,
                    reference.field,
                    f"`{reference.text}` reads from the task itself",
                    fix="read it from a task that runs before",
                )
            else:
                yield self.at(
                    task,
                    reference.field,
                    f"`{reference.text}` reads from `{source}`, which is not upstream of `{task.key}`",
                    detail=f"`{source}` may run later, so there may be no value",
                    fix=f"add `depends_on: [{{task_key: {source}}}]` to `{task.key}`",
                )
