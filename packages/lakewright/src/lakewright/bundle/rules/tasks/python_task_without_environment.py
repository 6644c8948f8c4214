"""LW630: A Python task names neither a cluster nor an environment."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule

_COMPUTE = (
    "new_cluster",
    "existing_cluster_id",
    "job_cluster_key",
    "environment_key",
    "compute_key",
    "compute",
)


class PythonTaskWithoutEnvironment(TaskRule):
    """A Python task names neither a cluster nor an environment.

    ## What it does

    Checks tasks that run a Python file or a wheel.

    ## Why is this bad?

    Such a task runs on serverless compute, which needs an environment. A deployment of the job fails.

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
    name = "python-task-without-environment"
    severity = "warning"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a Python task without compute."""
        kind = next(
            (kind for kind in ("spark_python_task", "python_wheel_task") if task.spec.get(kind)), None
        )
        if kind and not any(task.spec.get(field) for field in _COMPUTE):
            yield self.at(
                task,
                kind,
                f"a serverless {kind} needs an environment",
                detail="the task names neither a cluster nor an environment_key",
                fix="add `environment_key: default` here and "
                "`environments: [{environment_key: default, spec: {…}}]` to the job",
            )
