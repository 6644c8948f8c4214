"""LW321: A cluster scales from more workers to fewer.

Source: https://docs.databricks.com/api/workspace/clusters/create (`autoscale`: `max_workers` is above `min_workers`).
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.clusters import clusters_of
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class ReversedAutoscale(BundleRule):
    """A cluster scales from more workers to fewer.

    ## What it does

    Reports `autoscale` with `min_workers` above `max_workers`. Equal numbers are accepted.

    ## Why is this bad?

    The API refuses the cluster, and the Databricks CLI does not look.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          job_clusters:
            - job_cluster_key: main
              new_cluster: {spark_version: 17.3.x-scala2.13, autoscale: {min_workers: 4, max_workers: 2}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          job_clusters:
            - job_cluster_key: main
              new_cluster: {spark_version: 17.3.x-scala2.13, autoscale: {min_workers: 2, max_workers: 4}}
    ```
    """

    code = "LW321"
    name = "reversed-autoscale"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each cluster with the limits in the wrong order."""
        for path, cluster in clusters_of(view):
            scale = cluster.get("autoscale")
            fewest, most = (
                (scale.get(field) for field in ("min_workers", "max_workers"))
                if isinstance(scale, dict)
                else (0, 0)
            )
            if isinstance(fewest, int) and isinstance(most, int) and fewest > most:
                yield self.at(
                    view,
                    f"{path}.autoscale.min_workers",
                    f"`min_workers: {fewest}` is above `max_workers: {most}`",
                    fix="write the smaller number for `min_workers`",
                )
