"""LW309: A task cannot run, here or in a workspace."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class BrokenTask(Rule):
    """A task cannot run, here or in a workspace.

    ## What it does

    Reports the tasks that `lakewright run --dry-run` marks as `[CONFIG]`, unless another finding explains why.

    ## Why is this bad?

    The task fails when it starts, in a workspace too.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, sql_task: {warehouse_id: 1234567890abcdef}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, sql_task: {warehouse_id: 1234567890abcdef, file: {path: load.sql}}}]
    ```

    ```sql load.sql
    SELECT 1
    ```
    """

    code = "LW309"
    name = "broken-task"
    severity = "error"
    can_be_silenced = True

    @classmethod
    def of(cls, task: str, reason: str, location: Location | None, path: str, fix: str | None) -> Diagnostic:
        """Return the finding for a task and the reason of its verdict."""
        return cls.finding(
            f"the task `{task}` cannot run: {reason}",
            location=location,
            path=path,
            fix=fix or f"correct `{path}`",
        )
