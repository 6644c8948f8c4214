"""LW526: A permission of the bundle is left out for a resource that names the same principal.

Source: databricks/cli, bundle/config/mutator/resourcemutator/apply_bundle_permissions.go.
"""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class OverlappingPermission(Rule):
    """A permission of the bundle is left out for a resource that names the same principal.

    ## What it does

    Reports a principal that is named in `permissions` of the bundle or the target, and in `permissions` of a resource.

    ## Why is this bad?

    The permission of the resource wins, even if it is the lower one: who may manage the bundle may then not manage this resource.
    Two entries with one level do no harm until one of them is changed. The Databricks CLI warns of both.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    permissions: [{level: CAN_MANAGE, group_name: operators}]
    resources: {jobs: {load: {name: load, permissions: [{level: CAN_VIEW, group_name: operators}]}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    permissions: [{level: CAN_MANAGE, group_name: operators}]
    resources: {jobs: {load: {name: load, permissions: [{level: CAN_VIEW, group_name: analysts}]}}}
    ```
    """

    code = "LW526"
    name = "overlapping-permission"
    severity = "warning"

    @classmethod
    def of(cls, principal: str, levels: tuple[str, str], location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a principal, its level by the bundle and by the resource, and the resource's list."""
        of_bundle, own = levels
        is_same = of_bundle == own
        return cls.finding(
            f"{principal} gets {own} here, and by the `permissions` of the bundle as well"
            if is_same
            else f"{principal} gets {own}, not {of_bundle} as the `permissions` of the bundle say",
            location=location,
            path=path,
            fix="remove the entry here"
            if is_same
            else f"remove the entry here if {of_bundle} is right, or name the principal in one of the two lists only",
        )
