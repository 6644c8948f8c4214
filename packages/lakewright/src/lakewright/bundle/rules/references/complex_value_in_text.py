"""LW225: A map or a list is put into a text."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ComplexValueInText(Rule):
    """A map or a list is put into a text.

    ## What it does

    Reports a reference inside of a longer text whose value is a map or a list.

    ## Why is this bad?

    A text can hold only single values. The Databricks CLI refuses it.

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
