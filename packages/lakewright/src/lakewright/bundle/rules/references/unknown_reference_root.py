"""LW222: A `${…}` begins with a word that no reference begins with."""

from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownReferenceRoot(Rule):
    """A `${…}` begins with a word that no reference begins with.

    ## What it does

    Reports references whose first word is none of `var`, `variables`, `bundle`, `workspace`, `resources`
    and `artifacts`, except in fields that hold shell commands.

    ## Why is this bad?

    It stays as text. `${env.HOME}`, for instance, is not replaced.

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
    fixable = "where one name is near"

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
