"""LW635: A task installs a wheel of the bundle on a runtime that is too old for it.

Source: databricks/cli, bundle/trampoline/python_dbr_warning.go (refuses below 13.1);
    https://docs.databricks.com/dev-tools/bundles/python-wheel.html (asks for 13.3).
"""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class OldRuntimeForWheels(Rule):
    """A task installs a wheel of the bundle on a runtime that is too old for it.

    ## What it does

    Reports a task with a local library on a cluster of the bundle whose runtime is older than 13.3, unless
    `experimental.python_wheel_wrapper`
    is set. From 13.1 on it is a warning, because the Databricks CLI accepts these.

    ## Why is this bad?

    Such a runtime cannot install libraries from the workspace's files, where a deployment puts them. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          job_clusters: [{job_cluster_key: main, new_cluster: {spark_version: 12.2.x-scala2.12, num_workers: 1}}]
          tasks:
            - task_key: load
              job_cluster_key: main
              spark_python_task: {python_file: load.py}
              libraries: [{whl: dist/shop-1.0-py3-none-any.whl}]
    ```

    ```python load.py
    print("loading")
    ```

    ```text dist/shop-1.0-py3-none-any.whl
    a wheel
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          job_clusters: [{job_cluster_key: main, new_cluster: {spark_version: 17.3.x-scala2.13, num_workers: 1}}]
          tasks:
            - task_key: load
              job_cluster_key: main
              spark_python_task: {python_file: load.py}
              libraries: [{whl: dist/shop-1.0-py3-none-any.whl}]
    ```

    ```python load.py
    print("loading")
    ```

    ```text dist/shop-1.0-py3-none-any.whl
    a wheel
    ```
    """

    code = "LW635"
    name = "old-runtime-for-wheels"
    severity = "error"
    can_be_silenced = False

    @classmethod
    def of(cls, version: str, *, is_refused: bool, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for the runtime of a task's cluster; it is a warning if the Databricks CLI accepts it."""
        return cls.finding(
            f"libraries of the bundle need runtime 13.3 or later, and the cluster has `{version}`",
            severity="error" if is_refused else "warning",
            location=location,
            path=path,
            fix="choose a later `spark_version`, 17.3.x-scala2.13 for instance",
        )
