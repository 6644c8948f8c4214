"""LW205: The variable file gives a variable a value of the wrong type."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class VariableTypeMismatch(Rule):
    """The variable file gives a variable a value of the wrong type.

    ## What it does

    Compares the values in `variable-overrides.json` with the types of the variables: a map or a list needs a variable
    of `type: complex`, a single value one without it.

    ## Why is this bad?

    The Databricks CLI refuses the value.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {limits: {type: complex, default: {rows: 10}}}
    ```

    ```json .databricks/bundle/default/variable-overrides.json
    {"limits": 10}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {limits: {type: complex, default: {rows: 10}}}
    ```

    ```json .databricks/bundle/default/variable-overrides.json
    {"limits": {"rows": 20}}
    ```
    """

    code = "LW205"
    name = "variable-type-mismatch"
    severity = "error"

    @classmethod
    def of(cls, name: str, location: Location | None, *, complex_type: bool) -> Diagnostic:
        """Return the finding for a variable; `complex_type` is its declared type."""
        summary, fix = (
            (
                f"variable {name} is of type complex, but the value in the variable file is not a complex type",
                "give it a map or a list",
            )
            if complex_type
            else (
                f"variable {name} is not of type complex, but the value in the variable file is a complex type",
                f"add `type: complex` to `variables.{name}`",
            )
        )
        return cls.finding(summary, location=location, path=f"variables.{name}", fix=fix)
