"""LW221: A reference names a value that does not exist."""

from collections.abc import Sequence

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownReference(Rule):
    """A reference names a value that does not exist.

    ## What it does

    Resolves `${var.…}`, `${bundle.…}` and `${workspace.…}` and reports those without a value. Outside of `resources` a
    reference may not name a field of a variable whose value is a reference itself.

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

    @classmethod
    def of_field(
        cls, text: str, target: str, direct: str | None, location: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a field of a value that is a reference, and the reference that leads there directly."""
        expected = "sequence" if target.endswith("]") else "map"
        return cls.finding(
            f'{text}: expected a {expected} to index "{target}", found string',
            detail="the value is a reference, and only resources may name a field of it",
            location=location,
            path=path,
            fix=f"write `{direct}`" if direct else f"write the value in place of {text}",
        )
