"""LW604: Tasks of a job wait for each other."""

from collections.abc import Iterator

from lakewright.bundle.jobs.cycles import find_cycle
from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class CyclicDependencies(JobRule):
    """Tasks of a job wait for each other.

    ## What it does

    Follows `depends_on` from task to task. Reports one circle for each job.

    ## Why is this bad?

    None of these tasks can start. A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: ingest
              depends_on: [{task_key: refine}]
              condition_task: {op: LESS_THAN, left: "1", right: "2"}
            - task_key: refine
              depends_on: [{task_key: ingest}]
              condition_task: {op: LESS_THAN, left: "1", right: "2"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: ingest
              condition_task: {op: LESS_THAN, left: "1", right: "2"}
            - task_key: refine
              depends_on: [{task_key: ingest}]
              condition_task: {op: LESS_THAN, left: "1", right: "2"}
    ```
    """

    code = "LW604"
    name = "cyclic-dependencies"
    severity = "error"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield a finding about the first task of a circle."""
        cycle = find_cycle(
            {task.key: [key for key in job.parents(task.key) if key in job.by_key] for task in job.tasks}
        )
        if cycle:
            first = job.by_key[cycle[0]].path.removeprefix(f"{job.path}.")
            yield self.at(
                job,
                f"{first}.depends_on",
                f"tasks of the job {job.key} wait for each other: {' → '.join(cycle)}",
                detail="each arrow points to the task that has to end first",
                fix="remove one of these `depends_on`",
            )
