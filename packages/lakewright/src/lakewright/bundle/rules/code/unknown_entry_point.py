"""LW701: A wheel task names an entry point that its package does not have."""

from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.python_projects.project import PythonProject
from lakewright.bundle.rules.base import TaskRule


class UnknownEntryPoint(TaskRule):
    """A wheel task names an entry point that its package does not have.

    ## What it does

    Reads the entry points of the project that builds the package, in the bundle's folder and in the folders of
    `artifacts`: from `pyproject.toml`, `setup.cfg` or `setup.py`. Functions of the package itself count too. Entry
    points that `setup.py` computes are checked by `lakewright run --dry-run`, because only executing it shows them.

    ## Why is this bad?

    The task fails when it starts.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: load
              environment_key: default
              python_wheel_task: {package_name: shop, entry_point: laod}
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
    ```

    ```toml pyproject.toml
    [project]
    name = "shop"
    [project.scripts]
    load = "shop.main:load"
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: load
              environment_key: default
              python_wheel_task: {package_name: shop, entry_point: load}
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
    ```

    ```toml pyproject.toml
    [project]
    name = "shop"
    [project.scripts]
    load = "shop.main:load"
    ```
    """

    code = "LW701"
    name = "unknown-entry-point"
    severity = "error"
    fixable = "if one name is similar"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield an entry point that the project of its package lacks."""
        if task.entry_point is None:
            return
        package, entry_point = task.entry_point
        own = next((project for project in task.job.view.python_projects if project.builds(package)), None)
        if own and not own.is_computed and own.target(entry_point) is None:
            yield self.at(
                task,
                "python_wheel_task.entry_point",
                f"the package `{package}` has no entry point `{entry_point}`",
                detail=f"{own.file} declares {listing(own.entry_points)}",
                fix=did_you_mean(entry_point, own.entry_points) or _add(own, entry_point),
            )


def _add(project: PythonProject, entry_point: str) -> str:
    target = f"{project.module}.main:main"
    if project.file.name == "pyproject.toml":
        return f'add it to pyproject.toml: `[project.scripts]` `{entry_point} = "{target}"`'
    return f"add it to {project.file.name}: `{entry_point} = {target}`, in the group `console_scripts`"
