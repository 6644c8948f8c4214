"""LW602: A task key contains a dash."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class DashInTaskKey(TaskRule):
    """A task key contains a dash.

    ## What it does

    Reports a `-` in the `task_key` of a task.

    ## Why is this bad?

    A reference to such a task needs backticks. Without them, `{{tasks.load-all.values.rows}}` fails, but only when the
    job runs.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load-all, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load_all, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW602"
    name = "dash-in-task-key"
    severity = "warning"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a task of the graph whose key holds a dash."""
        if not task.inner and "-" in task.key:
            yield self.at(
                task,
                "task_key",
                f"the task key `{task.key}` holds a dash",
                detail=f"`{{{{tasks.{task.key}.values.…}}}}` cannot name it without backticks",
                fix=f"call it `{task.key.replace('-', '_')}`",
            )
