"""LW206: A variable has a map or a list as its default, but lacks `type: complex`."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UntypedComplexVariable(Rule):
    """A variable has a map or a list as its default, but lacks `type: complex`.

    ## What it does

    Reports a variable without `type: complex` whose default is a map or a list.

    ## Why is this bad?

    Without the type, people and editors expect a single value.

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
