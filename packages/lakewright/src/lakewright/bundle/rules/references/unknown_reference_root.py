"""LW222: A `${…}` does not begin like a reference."""

from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownReferenceRoot(Rule):
    """A `${…}` does not begin like a reference.

    ## What it does

    Reports `${…}` whose first word is not `var`, `variables`, `bundle`, `workspace`, `resources` or `artifacts`.
    Fields that contain shell commands are not checked.

    ## Why is this bad?

    It is not replaced. `${env.HOME}`, for instance, stays in the text as it is.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: "load ${env.CATALOG}"}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {default: dev_shop}}
    resources: {jobs: {load: {name: "load ${var.catalog}"}}}
    ```
    """

    code = "LW222"
    name = "unknown-reference-root"
    severity = "warning"
    fixable = "if one name is similar"

    @classmethod
    def of(
        cls, text: str, roots: Iterable[str], fix: str | None, location: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a reference and the words that references begin with."""
        return cls.finding(
            f"{text} is not a reference of a bundle and stays as it is",
            detail=f"references begin with {', '.join(roots)}",
            location=location,
            path=path,
            fix=fix or "remove it, or declare a variable",
        )
