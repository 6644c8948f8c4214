"""LW228: A field for signing in contains a reference."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class ReferenceInAuthentication(Rule):
    """A field for signing in contains a reference.

    ## What it does

    Reports `${…}` in `workspace.host`, `workspace.profile` and the other fields for signing in.

    ## Why is this bad?

    The Databricks CLI signs in before it resolves references, so it uses the text `${…}` itself.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {host: {default: "https://example.org"}}
    workspace: {host: "${var.host}"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    workspace: {host: "https://example.org"}
    ```
    """

    code = "LW228"
    name = "reference-in-authentication"
    severity = "warning"

    @classmethod
    def of(cls, field: str) -> Diagnostic:
        """Return the finding for a field of `workspace`."""
        return cls.finding(
            f"Variable interpolation is not supported for fields that configure authentication: workspace.{field}",
            path=f"workspace.{field}",
            fix=f"write it out under `targets.*.workspace.{field}`, or use the environment variable of the CLI",
        )
