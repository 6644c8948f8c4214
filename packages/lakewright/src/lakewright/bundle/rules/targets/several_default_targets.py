"""LW502: Several targets are marked as default."""

from collections.abc import Sequence

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class SeveralDefaultTargets(Rule):
    """Several targets are marked as default.

    ## What it does

    Reports a second `default: true` if no target is chosen with `-t`.

    ## Why is this bad?

    It is not clear which target is meant. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {default: true}, prod: {default: true}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {default: true}, prod: {}}
    ```
    """

    code = "LW502"
    name = "several-default-targets"
    severity = "error"

    @classmethod
    def of(cls, defaults: Sequence[str]) -> Diagnostic:
        """Return the finding for the targets that are marked as default."""
        return cls.finding(
            f"multiple targets are marked as default ({', '.join(defaults)})",
            path=f"targets.{defaults[1]}.default",
            fix=f"keep `default: true` in one of them, or choose with `-t {defaults[0]}`",
        )
