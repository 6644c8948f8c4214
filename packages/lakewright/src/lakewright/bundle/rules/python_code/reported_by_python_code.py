"""LW164: Python code of the bundle reports something itself."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location, Severity
from lakewright.bundle.rules.base import Rule


class ReportedByPythonCode(Rule):
    """Python code of the bundle reports something itself.

    ## What it does

    Shows what a function adds with `Resources.add_diagnostics`, and what `databricks-bundles` says about the code.

    ## Why is this bad?

    That depends on the report. After an error the Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    python: {resources: ["jobs_of_shop:load_resources"]}
    ```

    ```python jobs_of_shop.py
    from databricks.bundles.core import Diagnostics, Location, Resources


    def load_resources() -> Resources:
        resources = Resources()
        place = Location(file="jobs_of_shop.py", line=6)
        resources.add_diagnostics(Diagnostics.create_error("the shop has no sources", location=place))
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
        return Resources()
    ```
    """

    code = "LW164"
    name = "reported-by-python-code"
    severity = "error"

    @classmethod
    def of(  # noqa: PLR0913 - the fields of a diagnostic
        cls,
        severity: Severity,
        summary: str,
        *,
        detail: str | None,
        place: Location | None,
        path: str,
        fix: str,
    ) -> Diagnostic:
        """Return the finding for a report."""
        return cls.finding(summary, severity=severity, detail=detail, location=place, path=path, fix=fix)
