"""LW322: A cluster has a node type of another cloud than the workspace.

Source: https://docs.databricks.com/api/workspace/clusters/listnodetypes; the names of the clouds' machines have forms of their own.
"""

import re
from collections.abc import Iterator

from lakewright.bundle.jobs.clusters import clusters_of
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule

# The most specific ending first.
_HOSTS = (
    (".gcp.databricks.com", "Google Cloud"),
    (".azuredatabricks.net", "Azure"),
    (".databricks.azure.cn", "Azure"),
    (".databricks.azure.us", "Azure"),
    (".cloud.databricks.com", "AWS"),
)
_MACHINES = {
    "Azure": re.compile(r"Standard_[A-Za-z0-9_-]+"),
    "AWS": re.compile(r"[a-z]{1,4}\d?[a-z0-9-]*\.(?:nano|micro|small|medium|large|metal|\d*xlarge)"),
    "Google Cloud": re.compile(r"[a-z]\d[a-z]?-(?:standard|highmem|highcpu|megamem|ultramem)-\d+[a-z-]*"),
}


class NodeTypeOfAnotherCloud(BundleRule):
    """A cluster has a node type of another cloud than the workspace.

    ## What it does

    Reports `node_type_id` and `driver_node_type_id` whose form belongs to another cloud than `workspace.host`: `Standard_…` is a machine of
    Azure, `i3.xlarge` one of AWS, `n2-highmem-4` one of Google Cloud. A bundle without `workspace.host` is not checked.

    ## Why is this bad?

    The workspace does not have such machines: the job is deployed or refused, and in no case runs.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    workspace: {host: https://adb-1234567890123456.7.azuredatabricks.net}
    resources:
      jobs:
        load:
          job_clusters:
            - job_cluster_key: main
              new_cluster: {spark_version: 17.3.x-scala2.13, node_type_id: i3.xlarge, num_workers: 1}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    workspace: {host: https://adb-1234567890123456.7.azuredatabricks.net}
    resources:
      jobs:
        load:
          job_clusters:
            - job_cluster_key: main
              new_cluster: {spark_version: 17.3.x-scala2.13, node_type_id: Standard_D4ds_v5, num_workers: 1}
    ```
    """

    code = "LW322"
    name = "node-type-of-another-cloud"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each machine of another cloud."""
        host = str((view.bundle.resolved.get("workspace") or {}).get("host") or "")
        cloud = next((name for ending, name in _HOSTS if host.rstrip("/").endswith(ending)), None)
        for path, cluster in clusters_of(view) if cloud else ():
            for field in ("node_type_id", "driver_node_type_id"):
                machine = str(cluster.get(field) or "")
                own = next((name for name, form in _MACHINES.items() if form.fullmatch(machine)), None)
                if own is not None and own != cloud:
                    yield self.at(
                        view,
                        f"{path}.{field}",
                        f"`{machine}` is a machine of {own}, and the workspace is on {cloud}",
                        fix=f"choose a machine of {cloud}, in a variable if the targets are on several clouds",
                    )
