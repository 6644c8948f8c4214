"""LW607: A dependency names an outcome that is neither `true` nor `false`."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class UnknownOutcome(TaskRule):
    """A dependency names an outcome that is neither `true` nor `false`.

    ## What it does

    Checks `outcome` in `depends_on` of the tasks that follow a condition task.

    ## Why is this bad?

    The task would never run. A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
            - task_key: check_more
              depends_on: [{task_key: check, outcome: "yes"}]
              condition_task: {op: LESS_THAN, left: "1", right: "2"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
            - task_key: check_more
              depends_on: [{task_key: check, outcome: "true"}]
              condition_task: {op: LESS_THAN, left: "1", right: "2"}
    ```
    """

    code = "LW607"
    name = "unknown-outcome"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each outcome of a condition that cannot occur."""
        for field, key, outcome in task.dependencies:
            other = task.job.by_key.get(key)
            if outcome not in {None, "true", "false"} and other and other.spec.get("condition_task"):
                yield self.at(
                    task,
                    f"{field}.outcome",
                    f'the outcome of a condition is "true" or "false", not `{outcome}`',
                    fix='write `outcome: "true"` or `outcome: "false"`',
                )
