"""LW603: A task depends on a task that the job does not have."""

from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class UnknownDependency(TaskRule):
    """A task depends on a task that the job does not have.

    ## What it does

    Compares `depends_on` with the keys of the job's tasks.

    ## Why is this bad?

    A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: ingest, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
            - task_key: refine
              depends_on: [{task_key: ingst}]
              condition_task: {op: LESS_THAN, left: "1", right: "2"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - {task_key: ingest, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
            - task_key: refine
              depends_on: [{task_key: ingest}]
              condition_task: {op: LESS_THAN, left: "1", right: "2"}
    ```
    """

    code = "LW603"
    name = "unknown-dependency"
    severity = "error"
    fixable = "if one name is similar"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each dependency of a task of the graph that names no task."""
        for field, key, _ in task.dependencies:
            if key not in task.job.by_key:
                others = [other for other in task.job.by_key if other != task.key]
                yield self.at(
                    task,
                    f"{field}.task_key",
                    f"the task `{task.key}` depends on `{key}`, which the job {task.job.key} does not have",
                    detail=f"it has {listing(task.job.by_key)}",
                    fix=did_you_mean(key, others) or "correct the key or remove the dependency",
                )
