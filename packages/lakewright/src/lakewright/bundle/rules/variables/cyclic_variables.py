"""LW203: Variables refer to each other in a circle."""

from collections.abc import Sequence

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class CyclicVariables(Rule):
    """Variables refer to each other in a circle.

    ## What it does

    Follows the references from value to value. Reports each circle once.

    ## Why is this bad?

    None of these variables has a value. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables:
      catalog: {default: "${var.schema}"}
      schema: {default: "${var.catalog}"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables:
      catalog: {default: shop}
      schema: {default: "${var.catalog}"}
    ```
    """

    code = "LW203"
    name = "cyclic-variables"
    severity = "error"

    @classmethod
    def of(cls, names: Sequence[str], location: Location | None, path: str | None) -> Diagnostic:
        """Return the finding for a circle; the first name is repeated at the end."""
        return cls.finding(
            f"cycle of variables: {' → '.join(names)}",
            location=location,
            path=path,
            fix=f"give one of them a value of its own: {', '.join(f'`{name}`' for name in names[:-1])}",
        )
