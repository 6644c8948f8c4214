"""LW626: The task that a for-each task repeats has no key."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class RepeatedTaskWithoutKey(TaskRule):
    """The task that a for-each task repeats has no key.

    ## What it does

    Reports a `for_each_task.task` without `task_key`.

    ## Why is this bad?

    The runs of the iterations are named by this key.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: check_each
              for_each_task:
                inputs: "[1, 2]"
                task: {condition_task: {op: LESS_THAN, left: "{{input}}", right: "2"}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: check_each
              for_each_task:
                inputs: "[1, 2]"
                task: {task_key: check, condition_task: {op: LESS_THAN, left: "{{input}}", right: "2"}}
    ```
    """

    code = "LW626"
    name = "repeated-task-without-key"
    severity = "warning"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a for-each task whose task has no key."""
        repeated = task.part("for_each_task").get("task") or {}
        if repeated and not repeated.get("task_key"):
            yield self.at(
                task,
                "for_each_task.task",
                "the repeated task has no task_key",
                fix=f"name it, e.g. `task_key: {task.spec.get('task_key') or 'each'}_iteration`",
            )
