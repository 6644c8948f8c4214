"""LW201: A value is given to a variable that the bundle does not declare."""

from collections.abc import Iterable

from databricks_utils.nearest import did_you_mean
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UndeclaredVariable(Rule):
    """A value is given to a variable that the bundle does not declare.

    ## What it does

    Reports names in `--var`, in a target's `variables` and in `bundle_variables` of `config/local.yaml` that are
    missing under `variables`. In `bundle_variables` it is a warning, because a local run ignores the value.

    ## Why is this bad?

    The value has no effect. Usually the name is misspelled, and the real variable keeps another value.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {default: dev_shop}}
    targets: {dev: {variables: {catalogue: prod_shop}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {default: dev_shop}}
    targets: {dev: {variables: {catalog: prod_shop}}}
    ```
    """

    code = "LW201"
    name = "undeclared-variable"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of_option(cls, name: str, declared: Iterable[str]) -> Diagnostic:
        """Return the finding for a name that `--var` gives."""
        return cls.finding(
            f"variable {name} has not been defined",
            detail="it was given by --var",
            path="variables",
            fix=_fix(name, declared),
        )

    @classmethod
    def of_target(
        cls, name: str, declared: Iterable[str], target: str, location: Location | None
    ) -> Diagnostic:
        """Return the finding for a name under a target's `variables`."""
        return cls.finding(
            f"variable {name} is not defined but is assigned a value",
            location=location,
            path=f"targets.{target}.variables.{name}",
            fix=_fix(name, declared),
        )

    @classmethod
    def of_overlay(cls, name: str, declared: Iterable[str], location: Location | None) -> Diagnostic:
        """Return the finding for a name under `bundle_variables`."""
        return cls.finding(
            f"`bundle_variables` sets {name}, which the bundle does not declare",
            severity="warning",
            location=location,
            fix=did_you_mean(name, declared) or "remove it, or declare the variable in the bundle",
        )


def _fix(name: str, declared: Iterable[str]) -> str:
    return did_you_mean(name, declared) or f"declare it: `variables: {{{name}: {{description: …}}}}`"
