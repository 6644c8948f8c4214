"""LW411: A task needs a module or a notebook that a deployment does not upload."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ModuleNotUploaded(Rule):
    """A task needs a module or a notebook that a deployment does not upload.

    ## What it does

    Follows the imports and `%run` lines of each task's file within the project. Checks whether `.gitignore`,
    `sync.exclude` and `sync.paths` leave out one of these files. Modules that the task gets from a wheel are not
    checked.

    ## Why is this bad?

    A local run works, but in the workspace the import fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
          tasks: [{task_key: load, environment_key: default, spark_python_task: {python_file: load.py}}]
    ```

    ```python load.py
    import settings
    ```

    ```python settings.py
    LIMIT = 10
    ```

    ```text .gitignore
    settings.py
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    sync: {include: [settings.py]}
    resources:
      jobs:
        load:
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
          tasks: [{task_key: load, environment_key: default, spark_python_task: {python_file: load.py}}]
    ```

    ```python load.py
    import settings
    ```

    ```python settings.py
    LIMIT = 10
    ```

    ```text .gitignore
    settings.py
    ```
    """

    code = "LW411"
    name = "module-not-uploaded"
    severity = "warning"

    @classmethod
    def of(
        cls, file: str, reason: str, need: tuple[str, Location], location: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a file, what leaves it out, and who needs it (in words, and the place of the import)."""
        return cls.finding(
            f"{file} is not deployed: {reason}",
            detail=need[0],
            location=location,
            path=path,
            related=(need[1],),
            fix=f"add it to what is uploaded: `sync: {{include: [{file}]}}`, or remove the pattern",
        )
