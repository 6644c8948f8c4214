"""LW633: A task names a job cluster that the job does not have."""

from collections.abc import Iterable

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class UnknownClusterKey(Rule):
    """A task names a job cluster that the job does not have.

    ## What it does

    Compares `job_cluster_key` of tasks with the job's `job_clusters`.

    ## Why is this bad?

    The task has no cluster to run on. A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          job_clusters: [{job_cluster_key: small, new_cluster: {spark_version: 17.3.x-scala2.13, num_workers: 1}}]
          tasks: [{task_key: load, job_cluster_key: smal, spark_python_task: {python_file: load.py}}]
    ```

    ```python load.py
    print("loading")
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          job_clusters: [{job_cluster_key: small, new_cluster: {spark_version: 17.3.x-scala2.13, num_workers: 1}}]
          tasks: [{task_key: load, job_cluster_key: small, spark_python_task: {python_file: load.py}}]
    ```

    ```python load.py
    print("loading")
    ```
    """

    code = "LW633"
    name = "unknown-cluster-key"
    severity = "warning"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, wanted: str, known: Iterable[str], job: str, path: str) -> Diagnostic:
        """Return the finding for a key, the keys of the job, and the key paths of the job and of the field."""
        return cls.finding(
            f"job_cluster_key {wanted} is not defined",
            detail=f"`job_clusters` of this job holds {listing(known)}",
            path=path,
            fix=did_you_mean(wanted, known) or f"add it to `{job}.job_clusters`",
        )
