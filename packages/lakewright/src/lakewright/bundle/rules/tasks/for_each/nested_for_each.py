"""LW627: A for-each task repeats another for-each task."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class NestedForEach(TaskRule):
    """A for-each task repeats another for-each task.

    ## What it does

    Reports a `for_each_task` inside another one.

    ## Why is this bad?

    Databricks does not allow it. A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: each
              for_each_task:
                inputs: "[1, 2]"
                task:
                  task_key: each_again
                  for_each_task:
                    inputs: "[1, 2]"
                    task: {task_key: check, condition_task: {op: LESS_THAN, left: "{{input}}", right: "2"}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: each
              for_each_task:
                inputs: "[1, 2]"
                task: {task_key: again, run_job_task: {job_id: "${resources.jobs.check.id}"}}
        check:
          tasks:
            - task_key: each
              for_each_task:
                inputs: "[1, 2]"
                task: {task_key: check, condition_task: {op: LESS_THAN, left: "{{input}}", right: "2"}}
    ```
    """

    code = "LW627"
    name = "nested-for-each"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a for-each task that repeats another one."""
        if isinstance((task.part("for_each_task").get("task") or {}).get("for_each_task"), dict):
            yield self.at(
                task,
                "for_each_task.task",
                "a for-each task cannot repeat another one",
                fix="run a job instead: `run_job_task`",
            )
