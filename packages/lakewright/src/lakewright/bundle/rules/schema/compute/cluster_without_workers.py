"""LW311: A cluster has no workers, but is not set up as a single node."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.clusters import clusters_of
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class ClusterWithoutWorkers(BundleRule):
    """A cluster has no workers, but is not set up as a single node.

    ## What it does

    Reports `num_workers: 0` in a cluster without `is_single_node: true`, and without the Spark settings and the tag of
    a single node. A cluster with a policy is not checked, because the policy may set them.

    ## Why is this bad?

    Spark waits for workers that never start, so the task does not end. The Databricks CLI warns too.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          job_clusters:
            - job_cluster_key: small
              new_cluster: {spark_version: 17.3.x-scala2.13, num_workers: 0}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          job_clusters:
            - job_cluster_key: small
              new_cluster:
                spark_version: 17.3.x-scala2.13
                num_workers: 0
                spark_conf: {spark.databricks.cluster.profile: singleNode, spark.master: "local[*]"}
                custom_tags: {ResourceClass: SingleNode}
    ```
    """

    code = "LW311"
    name = "cluster-without-workers"
    severity = "warning"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each cluster that is written with zero workers and does not run as a single node."""
        for path, cluster in clusters_of(view):
            # A cluster without the field gets a zero when it is loaded, which the bundle does not say.
            is_written = f"{path}.num_workers" in view.bundle.locations
            if is_written and cluster.get("num_workers") == 0 and not _is_single_node(cluster):
                yield self.at(
                    view,
                    f"{path}.num_workers",
                    "a cluster with `num_workers: 0` must be set up as a single node",
                    fix="add `spark_conf: {spark.databricks.cluster.profile: singleNode, spark.master: 'local[*]'}` "
                    "and `custom_tags: {ResourceClass: SingleNode}`, or give it workers",
                )


def _is_single_node(cluster: Mapping[str, Any]) -> bool:
    conf, tags = _map(cluster.get("spark_conf")), _map(cluster.get("custom_tags"))
    return bool(
        cluster.get("is_single_node") is True
        or cluster.get("policy_id")
        or (
            conf.get("spark.databricks.cluster.profile") == "singleNode"
            and str(conf.get("spark.master", "")).startswith("local")
            and tags.get("ResourceClass") == "SingleNode"
        )
    )


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
