"""LW206: A variable holds a map or a list but does not say so."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UntypedComplexVariable(Rule):
    """A variable holds a map or a list but does not say so.

    ## What it does

    Reports a default that is a map or a list where `type: complex` is missing.

    ## Why is this bad?

    Without the type, readers and editors take the variable for a single value.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {limits: {default: {rows: 10}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {limits: {type: complex, default: {rows: 10}}}
    ```
    """

    code = "LW206"
    name = "untyped-complex-variable"
    severity = "recommendation"
    fixable = "yes"

    @classmethod
    def of(cls, name: str, kind: str, location: Location | None) -> Diagnostic:
        """Return the finding for a variable whose default is a `map` or a `sequence`."""
        return cls.finding(
            f"variable {name} has a {kind} as its value but is not of type complex",
            location=location,
            path=f"variables.{name}.default",
            fix=f"add `type: complex` to `variables.{name}`",
        )
