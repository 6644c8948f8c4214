"""LW304: A required field is missing."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class MissingField(Rule):
    """A required field is missing.

    ## What it does

    Reports fields that the API of a resource requires and that have no value.

    ## Why is this bad?

    A deployment of the resource fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {schemas: {gold: {name: gold}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {schemas: {gold: {name: gold, catalog_name: dev_shop}}}
    ```
    """

    code = "LW304"
    name = "missing-field"
    severity = "warning"

    @classmethod
    def of(cls, field: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a field and the key path of the map that lacks it."""
        return cls.finding(
            f'required field "{field}" is not set',
            location=location,
            path=path,
            fix=f"add `{field}` to `{path}`",
        )
