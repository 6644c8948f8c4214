"""LW507: `trigger_pause_status` is neither `PAUSED` nor `UNPAUSED`."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class UnknownPauseStatus(Rule):
    """`trigger_pause_status` is neither `PAUSED` nor `UNPAUSED`.

    ## What it does

    Checks `presets.trigger_pause_status` of the chosen target.

    ## Why is this bad?

    It is not clear whether schedules run. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {presets: {trigger_pause_status: STOPPED}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {presets: {trigger_pause_status: PAUSED}}}
    ```
    """

    code = "LW507"
    name = "unknown-pause-status"
    severity = "error"

    @classmethod
    def of(cls) -> Diagnostic:
        """Return the finding."""
        return cls.finding(
            "Invalid value for trigger_pause_status, should be PAUSED or UNPAUSED",
            path="presets.trigger_pause_status",
            fix="write PAUSED or UNPAUSED",
        )
