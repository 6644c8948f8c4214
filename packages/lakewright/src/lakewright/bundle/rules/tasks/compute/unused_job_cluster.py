"""LW642: A job cluster is used by no task."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class UnusedJobCluster(JobRule):
    """A job cluster is used by no task.

    ## What it does

    Reports a `job_cluster_key` that no task of the job names. A job of a bundle whose Python code may change it is not checked.

    ## Why is this bad?

    The cluster never starts, and a reader takes its size and runtime for those of the job.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          job_clusters: [{job_cluster_key: main, new_cluster: {spark_version: 17.3.x-scala2.13, num_workers: 8}}]
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
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

    code = "LW642"
    name = "unused-job-cluster"
    severity = "warning"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield each cluster that no task uses; one that is deployed without tasks is left alone."""
        used = {
            str(task.spec["job_cluster_key"]) for task in job.all_tasks if task.spec.get("job_cluster_key")
        }
        defined = {
            str(entry.get("job_cluster_key"))
            for entry in job.spec.get("job_clusters") or []
            if isinstance(entry, dict)
        }
        # A key that is not defined may be meant for one that is not used: LW633 reports it.
        if not job.tasks or used - defined or job.bundle.python_left_out:
            return
        for index, entry in enumerate(job.spec.get("job_clusters") or []):
            key = entry.get("job_cluster_key") if isinstance(entry, dict) else None
            if isinstance(key, str) and "${" not in key and key not in used:
                yield self.at(
                    job,
                    f"job_clusters[{index}].job_cluster_key",
                    f"no task uses the job cluster `{key}`",
                    fix=f"write `job_cluster_key: {key}` in a task, or remove the cluster",
                )
