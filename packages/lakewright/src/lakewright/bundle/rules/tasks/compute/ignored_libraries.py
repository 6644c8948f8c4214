"""LW631: A task has both an environment and `libraries`."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class IgnoredLibraries(TaskRule):
    """A task has both an environment and `libraries`.

    ## What it does

    Reports `libraries` beside `environment_key`.

    ## Why is this bad?

    On serverless compute, libraries come from the environment. Those of the task are ignored.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
          tasks:
            - task_key: load
              environment_key: default
              libraries: [{pypi: {package: requests}}]
              spark_python_task: {python_file: load.py}
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
          environments:
            - {environment_key: default, spec: {environment_version: "4", dependencies: [requests]}}
          tasks: [{task_key: load, environment_key: default, spark_python_task: {python_file: load.py}}]
    ```

    ```python load.py
    print("loading")
    ```
    """

    code = "LW631"
    name = "ignored-libraries"
    severity = "warning"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a task with an environment and libraries."""
        key = task.spec.get("environment_key")
        if key is not None and task.spec.get("libraries"):
            yield self.at(
                task,
                "libraries",
                "libraries are ignored on a task with an environment_key",
                fix=f"move them to `spec.dependencies` of the environment `{key}`",
            )
