"""LW131: Resources that Python code defines are not loaded."""

from collections.abc import Iterable

from databricks_utils.nearest import listing
from lakewright.bundle.model.diagnostic import Diagnostic, Severity
from lakewright.bundle.rules.base import Rule


class PythonResourcesNotLoaded(Rule):
    """Resources that Python code defines are not loaded.

    ## What it does

    Reports that the code of `python.resources` and `python.mutators` was not executed: the bundle names a virtual environment
    that is missing, its Python lacks `databricks-bundles`, `DATABRICKS_BUNDLE_RESTRICTED_CODE_EXECUTION` forbids it, or the
    bundle has errors that come before it. It is an error where the Databricks CLI would fail for the same reason; a local run,
    which can still run the jobs in YAML, and a bundle whose code you forbid yourself get a warning.

    ## Why is this bad?

    Jobs that the code creates are neither checked nor run, and jobs that it changes are used without the changes.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    python: {venv_path: .no_venv, resources: ["jobs_of_shop:load_resources"]}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {}}}
    ```
    """

    code = "LW131"
    name = "python-resources-not-loaded"
    severity = "error"

    @classmethod
    def of(cls, functions: Iterable[str], why: str, *, severity: Severity, path: str, fix: str) -> Diagnostic:
        """Return the finding for the functions that a section names, and why they were not executed."""
        return cls.finding(
            f"resources that are defined in Python are not loaded: {why}",
            severity=severity,
            detail=f"left out: {listing(functions)}",
            path=path,
            fix=fix,
        )
