"""LW521: All users of the workspace may change the bundle's files."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class RootPathOpenToAll(Rule):
    """All users of the workspace may change the bundle's files.

    ## What it does

    Reports a `root_path` below `/Workspace/Shared`, unless `permissions` let all users manage the bundle.

    ## Why is this bad?

    Everybody can change the files in the shared folder, and with them the code of the jobs. The Databricks CLI warns
    too.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    workspace: {root_path: /Workspace/Shared/shop}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    workspace: {root_path: /Workspace/Shared/shop}
    permissions: [{level: CAN_MANAGE, group_name: users}]
    ```
    """

    code = "LW521"
    name = "root-path-open-to-all"
    severity = "warning"

    @classmethod
    def of(cls, root: str) -> Diagnostic:
        """Return the finding for a root path."""
        return cls.finding(
            "the bundle root path is writable by all workspace users",
            detail=f"workspace.root_path is {root}",
            path="workspace.root_path",
            fix="add `permissions: [{level: CAN_MANAGE, group_name: users}]`, or choose a path of your own",
        )
