"""LW601: A task has no key."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class TaskWithoutKey(TaskRule):
    """A task has no key.

    ## What it does

    Reports a task of a job without `task_key`.

    ## Why is this bad?

    Other tasks, reports and repairs refer to a task by its key. A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW601"
    name = "task-without-key"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a task of the graph without a key."""
        if not task.inner and not task.key:
            yield self.at(task, "", "a task has no task_key", fix="add `task_key: …`")
