"""LW622: A task has more than one thing to run."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class TaskOfTwoKinds(TaskRule):
    """A task has more than one thing to run.

    ## What it does

    Reports tasks with two fields such as `notebook_task` and `sql_task`.

    ## Why is this bad?

    A task runs one thing. A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: load
              notebook_task: {notebook_path: load.py}
              condition_task: {op: LESS_THAN, left: "1", right: "2"}
    ```

    ```python load.py
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
            - {task_key: load, notebook_task: {notebook_path: load.py}}
            - {task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
    ```

    ```python load.py
    # Databricks notebook source
    print("loading")
    ```
    """

    code = "LW622"
    name = "task-of-two-kinds"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a task of several kinds, at the second one."""
        kinds = task.kinds
        if len(kinds) > 1:
            yield self.at(
                task, kinds[1], f"the task has more than one kind: {', '.join(kinds)}", fix="keep one"
            )
