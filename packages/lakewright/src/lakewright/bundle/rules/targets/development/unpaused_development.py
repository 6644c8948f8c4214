"""LW508: A development target runs all schedules."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class UnpausedDevelopment(Rule):
    """A development target runs all schedules.

    ## What it does

    Reports `trigger_pause_status: UNPAUSED` in a target with `mode: development`.

    ## Why is this bad?

    Every developer's copy of every job would run on its schedule. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {mode: development, presets: {trigger_pause_status: UNPAUSED}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {mode: development}}
    ```
    """

    code = "LW508"
    name = "unpaused-development"
    severity = "error"

    @classmethod
    def of(cls) -> Diagnostic:
        """Return the finding."""
        return cls.finding(
            "target with 'mode: development' cannot set trigger pause status to UNPAUSED by default",
            path="presets.trigger_pause_status",
            fix="remove it, and unpause single jobs by their own `pause_status`",
        )
