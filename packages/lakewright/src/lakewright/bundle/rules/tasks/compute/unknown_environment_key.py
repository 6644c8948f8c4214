"""LW629: A task names an environment that the job does not have."""

from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class UnknownEnvironmentKey(TaskRule):
    """A task names an environment that the job does not have.

    ## What it does

    Compares `environment_key` of tasks with the job's `environments`.

    ## Why is this bad?

    The task has no libraries to run with. A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
          tasks: [{task_key: load, environment_key: defualt, spark_python_task: {python_file: load.py}}]
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

    code = "LW629"
    name = "unknown-environment-key"
    severity = "error"
    fixable = "if one name is similar"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a task whose environment is not among those of its job."""
        entries = task.job.spec.get("environments") or []
        known = [str(entry["environment_key"]) for entry in entries if entry.get("environment_key")]
        key = task.spec.get("environment_key")
        if key is not None and key not in known and "${" not in str(key):
            yield self.at(
                task,
                "environment_key",
                f"environment_key {key} is not defined",
                detail=f"`environments` of this job holds {listing(known)}",
                fix=did_you_mean(str(key), known) or f"add it to `{task.job.path}.environments`",
            )
