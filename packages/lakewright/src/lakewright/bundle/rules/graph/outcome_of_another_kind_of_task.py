"""LW606: A dependency names an outcome, but the task has none."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class OutcomeOfAnotherKindOfTask(TaskRule):
    """A dependency names an outcome, but the task has none.

    ## What it does

    Reports `outcome` in `depends_on` if the named task is not a `condition_task`.

    ## Why is this bad?

    Only condition tasks end with `true` or `false`. A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: ingest, notebook_task: {notebook_path: ingest.py}}
            - task_key: refine
              depends_on: [{task_key: ingest, outcome: "true"}]
              notebook_task: {notebook_path: ingest.py}
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
            - {task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
            - task_key: refine
              depends_on: [{task_key: check, outcome: "true"}]
              notebook_task: {notebook_path: ingest.py}
    ```

    ```python ingest.py
    # Databricks notebook source
    print("loading")
    ```
    """

    code = "LW606"
    name = "outcome-of-another-kind-of-task"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each outcome of a task that is not a condition."""
        for field, key, outcome in task.dependencies:
            other = task.job.by_key.get(key)
            if outcome is not None and other and not other.spec.get("condition_task"):
                yield self.at(
                    task,
                    f"{field}.outcome",
                    f"`depends_on` asks for the outcome of `{key}`, which is not a condition task",
                    fix=f"remove `outcome`, or make `{key}` a `condition_task`",
                )
