"""LW514: `DATABRICKS_BUNDLE_ROOT` points to another folder than the bundle.

Source: databricks/cli, bundle/root.go: the variable wins over the current folder, and a folder without a root file is an error.
"""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class OtherBundleRoot(Rule):
    """`DATABRICKS_BUNDLE_ROOT` points to another folder than the bundle.

    ## What it does

    Reports the environment variable `DATABRICKS_BUNDLE_ROOT` if it is set to another folder than the one that is checked.

    ## Why is this bad?

    The Databricks CLI would validate, deploy or destroy the bundle in that folder, or refuse a folder without a bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    ```

    ```console
    $ export DATABRICKS_BUNDLE_ROOT=/srv/other
    $ lakewright validate
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    ```
    """

    code = "LW514"
    name = "other-bundle-root"
    severity = "warning"

    @classmethod
    def of(cls, value: str, problem: str | None, location: Location) -> Diagnostic:
        """Return the finding for the variable's value, and why the CLI refuses it if it does."""
        summary = "`DATABRICKS_BUNDLE_ROOT` points to another folder than this bundle"
        return cls.finding(
            summary,
            detail=f"`{value}`" + (f": {problem}" if problem else ""),
            location=location,
            fix="run `unset DATABRICKS_BUNDLE_ROOT`, or set it to the folder of this bundle",
        )
