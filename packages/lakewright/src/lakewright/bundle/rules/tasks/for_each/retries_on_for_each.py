"""LW625: Retries are set on a for-each task itself."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class RetriesOnForEach(TaskRule):
    """Retries are set on a for-each task itself.

    ## What it does

    Reports `max_retries` beside `for_each_task`.

    ## Why is this bad?

    These retries do not repeat a failed iteration.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: check_each
              max_retries: 2
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
            - task_key: check_each
              for_each_task:
                inputs: "[1, 2]"
                task:
                  task_key: check
                  max_retries: 2
                  condition_task: {op: LESS_THAN, left: "{{input}}", right: "2"}
    ```
    """

    code = "LW625"
    name = "retries-on-for-each"
    severity = "warning"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a for-each task with retries."""
        if task.part("for_each_task") and task.spec.get("max_retries"):
            yield self.at(
                task,
                "max_retries",
                "retries on a for-each task do not repeat its iterations",
                fix="move `max_retries` into `for_each_task.task`",
            )
