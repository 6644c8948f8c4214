"""LW131: Resources that Python code defines are not loaded."""

from collections.abc import Iterable

from databricks_utils.nearest import listing
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class PythonResourcesNotLoaded(Rule):
    """Resources that Python code defines are not loaded.

    ## What it does

    Reports the entries of `python.resources` and `python.mutators`.

    ## Why is this bad?

    This code is not executed here. Jobs that it creates are neither checked nor run, and jobs that it changes are used
    without the changes.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    python: {resources: ["resources:load_resources"]}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {}}}
    ```
    """

    code = "LW131"
    name = "python-resources-not-loaded"
    severity = "warning"

    @classmethod
    def of(cls, modules: Iterable[str], path: str) -> Diagnostic:
        """Return the finding for the modules that a section names."""
        return cls.finding(
            "resources that are defined in Python are not loaded: their code is not executed here",
            detail=f"left out: {listing(modules)}",
            path=path,
            fix="run `databricks bundle validate` for them; jobs written in YAML run here",
        )
