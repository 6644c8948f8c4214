"""LW208: The variable file does not contain a JSON object."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class BadVariableFile(Rule):
    """The variable file does not contain a JSON object.

    ## What it does

    Reports a `.databricks/bundle/<target>/variable-overrides.json` that contains a list or a single value.

    ## Why is this bad?

    Only an object can give values to variables by their names.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {default: dev_shop}}
    ```

    ```json .databricks/bundle/default/variable-overrides.json
    ["prod_shop"]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {default: dev_shop}}
    ```

    ```json .databricks/bundle/default/variable-overrides.json
    {"catalog": "prod_shop"}
    ```
    """

    code = "LW208"
    name = "bad-variable-file"
    severity = "error"

    @classmethod
    def of(cls, file: str, location: Location | None) -> Diagnostic:
        """Return the finding for the file's name and the place of its value."""
        return cls.finding(
            f"{file} must hold a JSON object", location=location, fix='write `{"name": "value"}`'
        )
