"""LW612: Jobs that run jobs are nested too deeply.

Source: https://docs.databricks.com/aws/en/jobs/tasks/run-job (no more than three nested Run Job tasks are supported).
"""

from collections.abc import Iterator, Mapping

from lakewright.bundle.jobs.cycles import find_cycle
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule

_MOST = 3


class DeepRunJob(BundleRule):
    """Jobs that run jobs are nested too deeply.

    ## What it does

    Reports the first job of a chain of more than three tasks that each run the next job.

    ## Why is this bad?

    Databricks does not support it, and says that a later release may refuse such jobs.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        a: {tasks: [{task_key: next, run_job_task: {job_id: "${resources.jobs.b.id}"}}]}
        b: {tasks: [{task_key: next, run_job_task: {job_id: "${resources.jobs.c.id}"}}]}
        c: {tasks: [{task_key: next, run_job_task: {job_id: "${resources.jobs.d.id}"}}]}
        d: {tasks: [{task_key: next, run_job_task: {job_id: "${resources.jobs.e.id}"}}]}
        e: {tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        a: {tasks: [{task_key: next, run_job_task: {job_id: "${resources.jobs.b.id}"}}]}
        b: {tasks: [{task_key: next, run_job_task: {job_id: "${resources.jobs.c.id}"}}]}
        c: {tasks: [{task_key: next, run_job_task: {job_id: "${resources.jobs.e.id}"}}]}
        e: {tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]}
    ```
    """

    code = "LW612"
    name = "deep-run-job"
    severity = "warning"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each job that begins a chain that is too long; jobs in a circle are reported by LW605."""
        started = {
            key: [other.key for task in job.all_tasks if (other := task.started_job)]
            for key, job in view.jobs.items()
        }
        if find_cycle(started):
            return
        inner = {key for keys in started.values() for key in keys}
        chains: dict[str, tuple[str, ...]] = {}
        for key in started:
            chain = _longest(key, started, chains)
            if key not in inner and len(chain) > _MOST + 1:
                yield self.at(
                    view,
                    view.jobs[key].path,
                    f"jobs run jobs {len(chain) - 1} levels deep: {' → '.join(chain)}",
                    fix=f"move tasks of an inner job into the one that runs it, until {_MOST} levels are left",
                )


def _longest(
    key: str, started: Mapping[str, list[str]], chains: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the longest chain of jobs from one job on; `chains` keeps what is known."""
    if key not in chains:
        rests = [_longest(other, started, chains) for other in started[key]]
        chains[key] = (key, *max(rests, key=len, default=()))
    return chains[key]
