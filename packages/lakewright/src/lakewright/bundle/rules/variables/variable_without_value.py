"""LW202: A variable has no value."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class VariableWithoutValue(Rule):
    """A variable has no value.

    ## What it does

    Reports a declared variable that has no default and no value from another place.

    ## Why is this bad?

    References to it cannot be resolved. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {description: where the tables are}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {description: where the tables are}}
    ```

    ```console
    $ lakewright validate --var catalog=dev_shop
    ```
    """

    code = "LW202"
    name = "variable-without-value"
    severity = "error"

    @classmethod
    def of(cls, name: str, target: str, location: Location | None) -> Diagnostic:
        """Return the finding for a variable; every place where a value may stand is listed."""
        return cls.finding(
            f"no value assigned to required variable {name}",
            detail=(
                f"looked in, in this order:  --var {name}=… · config/local.yaml `bundle_variables` (local runs) · "
                f"environment BUNDLE_VAR_{name} · .databricks/bundle/{target}/variable-overrides.json · "
                f"`targets.{target}.variables.{name}` · `variables.{name}.default`"
            ),
            location=location,
            path=f"variables.{name}",
            fix=f"give it one: `--var {name}=VALUE`, or `export BUNDLE_VAR_{name}=VALUE`, or a `default`",
        )
