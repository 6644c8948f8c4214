"""LW161: Python code of the bundle fails."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class PythonCodeFailed(Rule):
    """Python code of the bundle fails.

    ## What it does

    Runs the functions of `python.resources` and `python.mutators` in a process of their own, and reports what they raise: type,
    text and the line of the project's file. It also reports a process that is killed, or whose output cannot be read.

    ## Why is this bad?

    The Databricks CLI runs the same code for each command. When the code fails, nothing can be deployed.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    python: {resources: ["jobs_of_shop:load_resources"]}
    ```

    ```python jobs_of_shop.py
    from databricks.bundles.core import Resources


    def load_resources() -> Resources:
        resources = Resources()
        resources.add_job("load", {"name": "Load", "max_concurrent_runs": "many"})
        return resources
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    python: {resources: ["jobs_of_shop:load_resources"]}
    ```

    ```python jobs_of_shop.py
    from databricks.bundles.core import Resources


    def load_resources() -> Resources:
        resources = Resources()
        resources.add_job("load", {"name": "Load", "max_concurrent_runs": 1})
        return resources
    ```
    """

    code = "LW161"
    name = "python-code-failed"
    severity = "error"

    @classmethod
    def of_exception(
        cls, summary: str, *, detail: str | None, place: Location | None, path: str, fix: str
    ) -> Diagnostic:
        """Return the finding for an exception; `summary` holds what failed, its type and its text."""
        return cls.finding(summary, detail=detail, location=place, path=path, fix=fix)

    @classmethod
    def of_end(cls, how: str, output: str, place: Location | None, path: str, again: str) -> Diagnostic:
        """Return the finding for a process that ended without a result."""
        return cls.finding(
            f"the process of the bundle's Python code {how}",
            detail=output or None,
            location=place,
            path=path,
            fix=f"look at what the code does at import and in its functions; its imports alone: `{again}`",
        )

    @classmethod
    def of_output(cls, problem: str, place: Location | None, path: str, upgrade: str) -> Diagnostic:
        """Return the finding for a result that is not what `databricks-bundles` writes."""
        return cls.finding(
            f"the result of the bundle's Python code cannot be read: {problem}",
            location=place,
            path=path,
            fix=f"the code must not write to the files of `databricks-bundles`; else install the library again: `{upgrade}`",
        )
