"""LW630: A task that needs compute names neither a cluster nor an environment."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule

# Source: https://github.com/databricks/cli/blob/main/bundle/config/validate/job_task_cluster_spec.go
_KINDS = ("spark_python_task", "python_wheel_task", "dbt_task", "spark_jar_task", "spark_submit_task")
_NAMES = ("job_cluster_key", "environment_key", "existing_cluster_id")


class TaskWithoutCompute(TaskRule):
    """A task that needs compute names neither a cluster nor an environment.

    ## What it does

    Checks tasks that run a Python file, a wheel, dbt, a JAR or `spark-submit`: each needs a `job_cluster_key`, a
    `new_cluster`, an `existing_cluster_id` or an `environment_key`. It is a warning in a local run, which needs none
    of them, and where the bundle's Python code may add them.

    ## Why is this bad?

    The Databricks CLI refuses the bundle. Only a notebook brings an environment of its own.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, spark_python_task: {python_file: load.py}}]
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
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
          tasks: [{task_key: load, environment_key: default, spark_python_task: {python_file: load.py}}]
    ```

    ```python load.py
    print("loading")
    ```
    """

    code = "LW630"
    name = "task-without-compute"
    severity = "error"
    can_be_silenced = False

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a task that needs compute and names none; a notebook needs none."""
        spec = task.spec
        kind = next((kind for kind in _KINDS if spec.get(kind) is not None), None)
        has_compute = spec.get("new_cluster") is not None or any(spec.get(field) for field in _NAMES)
        if kind and not has_compute and spec.get("notebook_task") is None:
            bundle, path = task.job.bundle, f"{task.path}.{kind}"
            yield self.finding(
                f"a {kind} needs a cluster or an environment",
                severity="warning" if bundle.is_local or bundle.python_left_out else "error",
                location=bundle.locate(path),
                path=path,
                detail="the task sets neither `job_cluster_key`, `new_cluster`, `existing_cluster_id` "
                "nor `environment_key`",
                fix="add `environment_key: default` here and "
                "`environments: [{environment_key: default, spec: {…}}]` to the job",
            )
