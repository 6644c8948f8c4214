"""LW524: A permission of the bundle has an unknown level."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class UnknownPermissionLevel(Rule):
    """A permission of the bundle has an unknown level.

    ## What it does

    Compares the levels under the bundle's `permissions` with `CAN_MANAGE`, `CAN_VIEW` and `CAN_RUN`.

    ## Why is this bad?

    No permission of a job, a pipeline or another resource corresponds to the level. The Databricks CLI refuses the
    bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    permissions: [{level: CAN_VIEW_ALL, group_name: analysts}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    permissions: [{level: CAN_VIEW, group_name: analysts}]
    ```
    """

    code = "LW524"
    name = "unknown-permission-level"
    severity = "error"

    @classmethod
    def of(cls, level: str, path: str) -> Diagnostic:
        """Return the finding for a level and its key path."""
        return cls.finding(
            f"invalid permission level: {level}", path=path, fix="use CAN_MANAGE, CAN_VIEW or CAN_RUN"
        )
