"""LW305: The bundle has no name."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class MissingBundleName(Rule):
    """The bundle has no name.

    ## What it does

    Reports an empty or missing `bundle.name`.

    ## Why is this bad?

    The name is part of every path of a deployment. The Databricks CLI refuses a bundle without one.

    ## Example that fails

    ```yaml
    resources: {jobs: {load: {}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {}}}
    ```
    """

    code = "LW305"
    name = "missing-bundle-name"
    severity = "error"

    @classmethod
    def of(cls, file: str, location: Location | None) -> Diagnostic:
        """Return the finding for the name of the root file and the place of its `bundle` section."""
        return cls.finding(
            "required field `bundle.name` is not set",
            path="bundle",
            location=location,
            fix=f"add `bundle: {{name: …}}` to {file}",
        )
