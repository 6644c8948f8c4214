"""LW229: The key of a resource contains a reference."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ReferenceInResourceKey(Rule):
    """The key of a resource contains a reference.

    ## What it does

    Reports `${…}` in a key below `resources.jobs`, `resources.pipelines` and so on.

    ## Why is this bad?

    References in keys are not resolved. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {layer: {default: gold}}
    resources: {jobs: {"load_${var.layer}": {name: Load}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {layer: {default: gold}}
    resources: {jobs: {load: {name: "Load ${var.layer}"}}}
    ```
    """

    code = "LW229"
    name = "reference-in-resource-key"
    severity = "error"

    @classmethod
    def of(cls, key: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a key."""
        return cls.finding(
            f"the key of a resource must not hold a reference: {key}",
            location=location,
            path=path,
            fix="use a plain key and put the reference into `name`",
        )
