"""LW221: A reference names a value that does not exist."""

from collections.abc import Sequence

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownReference(Rule):
    """A reference names a value that does not exist.

    ## What it does

    Resolves `${var.…}`, `${bundle.…}` and `${workspace.…}` and reports those without a value.

    ## Why is this bad?

    The Databricks CLI refuses a bundle in which a value is missing.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {default: dev_shop}}
    resources: {jobs: {load: {name: "load ${var.catalg}"}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {default: dev_shop}}
    resources: {jobs: {load: {name: "load ${var.catalog}"}}}
    ```
    """

    code = "LW221"
    name = "unknown-reference"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of(
        cls, text: str, near: Sequence[str], otherwise: str, location: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a reference, the references it may mean, and the fix where there are none."""
        return cls.finding(
            f"reference does not exist: {text}",
            location=location,
            path=path,
            fix=f"did you mean {' or '.join(near)}?" if near else otherwise,
        )
