"""LW518: `DATABRICKS_BUNDLE_ENGINE` names no engine.

Source: databricks/cli, bundle/config/engine/engine.go and cmd/bundle/utils/process.go: the variable counts where the bundle sets no engine.
"""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownEngine(Rule):
    """`DATABRICKS_BUNDLE_ENGINE` names no engine.

    ## What it does

    Reports the environment variable `DATABRICKS_BUNDLE_ENGINE` if it is neither `direct` nor `terraform`, in a bundle that does not set
    `bundle.engine` itself.

    ## Why is this bad?

    Each command of the Databricks CLI about the bundle stops with an error.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    ```

    ```console
    $ export DATABRICKS_BUNDLE_ENGINE=opentofu
    $ lakewright validate
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop, engine: direct}
    ```
    """

    code = "LW518"
    name = "unknown-engine"
    severity = "error"

    @classmethod
    def of(cls, value: str, location: Location) -> Diagnostic:
        """Return the finding for the variable's value."""
        return cls.finding(
            f"`DATABRICKS_BUNDLE_ENGINE` is `{value}`, which is no engine",
            location=location,
            fix="run `unset DATABRICKS_BUNDLE_ENGINE`, or set it to `direct` or `terraform`",
        )
