"""LW130: Two tasks of one job have the same key."""

from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class DuplicateTaskKey(Rule):
    """Two tasks of one job have the same key.

    ## What it does

    Reports the second of two tasks with the same `task_key` in one list.

    ## Why is this bad?

    Tasks with the same key are merged, so the two become one task with the fields of both.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
            - {task_key: check, max_retries: 2}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
            - {task_key: check_again, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
    ```
    """

    code = "LW130"
    name = "duplicate-task-key"
    severity = "warning"

    @classmethod
    def of(
        cls, job: str, key: str, location: Location | None, path: str, first: Iterable[Location]
    ) -> Diagnostic:
        """Return the finding for the second task of a job with this key."""
        return cls.finding(
            f"two tasks of the job {job} have the key `{key}`: they are merged into one",
            location=location,
            path=path,
            related=first,
            fix="rename one of them",
        )
