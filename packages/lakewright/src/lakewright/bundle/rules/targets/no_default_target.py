"""LW503: No target is marked as default, and none is chosen."""

from collections.abc import Sequence

from databricks_utils.nearest import listing
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class NoDefaultTarget(Rule):
    """No target is marked as default, and none is chosen.

    ## What it does

    Reports a bundle with several targets if none has `default: true` and `-t` is missing.

    ## Why is this bad?

    It is not clear which target is meant. The Databricks CLI requires one too.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {}, prod: {}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {default: true}, prod: {}}
    ```
    """

    code = "LW503"
    name = "no-default-target"
    severity = "error"

    @classmethod
    def of(cls, names: Sequence[str]) -> Diagnostic:
        """Return the finding for the names of the targets."""
        return cls.finding(
            "please specify target: none is marked as default",
            detail=f"available targets: {listing(names)}",
            path="targets",
            fix=f"add `default: true` to one of them, or choose with `-t {names[0]}`",
        )
