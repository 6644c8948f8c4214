"""LW610: `{{input}}` is used outside of a for-each task."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class InputOutsideForEach(TaskRule):
    """`{{input}}` is used outside of a for-each task.

    ## What it does

    Reports `{{input}}` and `{{input.…}}` in tasks that no for-each task repeats.

    ## Why is this bad?

    Only a repeated task has an input, so the reference has no value.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "{{input.rows}}", right: "2"}}]
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
                inputs: '[{"rows": 1}]'
                task:
                  task_key: check
                  condition_task: {op: LESS_THAN, left: "{{input.rows}}", right: "2"}
    ```
    """

    code = "LW610"
    name = "input-outside-for-each"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each `{{input}}` and `{{input.…}}` of a task that is not repeated."""
        for reference in () if task.inner else task.dynamic_references:
            if reference.parts[0] == "input":
                yield self.at(
                    task,
                    reference.field,
                    f"`{reference.text}` has a value only inside of a for-each task",
                    fix="move it into `for_each_task.task`",
                )
