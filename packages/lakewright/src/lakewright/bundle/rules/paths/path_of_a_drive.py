"""LW414: A path begins with the letter of a drive.

Source: databricks/cli, bundle/libraries/local_path.go and bundle/config/mutator/translate_paths.go:
    a text before a colon is the scheme of an address.
"""

import re
from collections.abc import Iterator

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule

_DRIVE = re.compile(r"[A-Za-z]:[\\/](?!/)")


class PathOfADrive(JobRule):
    """A path begins with the letter of a drive.

    ## What it does

    Reports notebooks, Python and SQL files, libraries and dependencies such as `C:/work/load.py`, with slashes or backslashes.

    ## Why is this bad?

    The Databricks CLI takes the letter for the scheme of an address and deploys the path as it is. No workspace has such a drive, so the
    task fails when it starts.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
          tasks: [{task_key: load, environment_key: default, spark_python_task: {python_file: 'C:/work/load.py'}}]
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

    code = "LW414"
    name = "path-of-a-drive"
    severity = "error"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield each path of a job that begins with a drive."""
        for field, value in _paths(job):
            if isinstance(value, str) and _DRIVE.match(value):
                yield self.at(
                    job,
                    field,
                    f"`{value}` is a path of a drive, which a workspace does not have",
                    fix="write a path relative to this file, with slashes",
                )


def _paths(job: JobView) -> Iterator[tuple[str, object]]:
    for task in job.all_tasks:
        prefix = task.path.removeprefix(f"{job.path}.")
        file = task.part("sql_task").get("file")
        yield f"{prefix}.notebook_task.notebook_path", task.part("notebook_task").get("notebook_path")
        yield f"{prefix}.spark_python_task.python_file", task.part("spark_python_task").get("python_file")
        yield f"{prefix}.sql_task.file.path", file.get("path") if isinstance(file, dict) else None
        for index, library in enumerate(task.spec.get("libraries") or []):
            for kind in ("whl", "jar", "requirements") if isinstance(library, dict) else ():
                yield f"{prefix}.libraries[{index}].{kind}", library.get(kind)
    for index, environment in enumerate(job.spec.get("environments") or []):
        spec = environment.get("spec") if isinstance(environment, dict) else None
        for number, dependency in enumerate((spec or {}).get("dependencies") or []):
            yield f"environments[{index}].spec.dependencies[{number}]", dependency
