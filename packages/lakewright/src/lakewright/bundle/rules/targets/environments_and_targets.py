"""LW504: The bundle has both `targets` and `environments`, its old name."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class EnvironmentsAndTargets(Rule):
    """The bundle has both `targets` and `environments`, its old name.

    ## What it does

    Reports a top-level `environments` section beside `targets`.

    ## Why is this bad?

    Only one of them counts. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {}}
    environments: {prod: {}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {default: true}, prod: {}}
    ```
    """

    code = "LW504"
    name = "environments-and-targets"
    severity = "error"

    @classmethod
    def of(cls, location: Location | None) -> Diagnostic:
        """Return the finding for the place of `environments`."""
        return cls.finding(
            "both 'environments' and 'targets' are specified; only 'targets' should be used",
            location=location,
            path="environments",
            fix="move what is under `environments` to `targets`",
        )
