"""LW702: A wheel task names a package that no project here builds."""

from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class UnknownPackage(TaskRule):
    """A wheel task names a package that no project here builds.

    ## What it does

    Compares `package_name` with the projects in the bundle's folder and in the folders of `artifacts`. Reports a name
    that is similar to that of a project. Other names are packages from outside.

    ## Why is this bad?

    The name is probably misspelled, and the task does not find its package.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: load
              environment_key: default
              python_wheel_task: {package_name: shop_elt, entry_point: load}
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
    ```

    ```toml pyproject.toml
    [project]
    name = "shop-etl"
    [project.scripts]
    load = "shop_etl.main:load"
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
              python_wheel_task: {package_name: shop_etl, entry_point: load}
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
    ```

    ```toml pyproject.toml
    [project]
    name = "shop-etl"
    [project.scripts]
    load = "shop_etl.main:load"
    ```
    """

    code = "LW702"
    name = "unknown-package"
    severity = "warning"
    fixable = "if one name is similar"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a package whose name is nearly that of a project here."""
        if task.entry_point is None:
            return
        package, _ = task.entry_point
        projects = task.job.view.python_projects
        if any(project.builds(package) for project in projects):
            return
        names = [project.name for project in projects if project.name]
        if fix := did_you_mean(package, names):
            yield self.at(
                task,
                "python_wheel_task.package_name",
                f"no project here builds the package `{package}`",
                detail=f"the projects here build {listing(names)}",
                fix=fix,
            )
