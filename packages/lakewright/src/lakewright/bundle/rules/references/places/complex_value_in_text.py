"""LW225: A text contains a reference to a map or a list."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ComplexValueInText(Rule):
    """A text contains a reference to a map or a list.

    ## What it does

    Reports a reference to a map or a list if other text stands beside it.

    ## Why is this bad?

    Only single values can be inserted into a text. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {limits: {type: complex, default: {rows: 10}}}
    resources: {jobs: {load: {name: "load ${var.limits}"}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {limits: {type: complex, default: {rows: 10}}}
    resources: {jobs: {load: {name: "load ${var.limits.rows}"}}}
    ```
    """

    code = "LW225"
    name = "complex-value-in-text"
    severity = "error"

    @classmethod
    def of(cls, kind: str, text: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a reference and the kind of its value."""
        return cls.finding(
            f"cannot put the {kind} `{text}` into a text",
            location=location,
            path=path,
            fix=f"use `{text}` alone as the whole value, or name one of its fields",
        )
