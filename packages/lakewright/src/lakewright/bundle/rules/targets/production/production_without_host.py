"""LW517: A production target does not name its workspace.

Source: https://docs.databricks.com/dev-tools/bundles/deployment-modes (production mode) and databricks/cli, bundle/config/workspace.go.
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule

_FIELDS = ("host", "profile", "azure_workspace_resource_id")


class ProductionWithoutHost(BundleRule):
    """A production target does not name its workspace.

    ## What it does

    Reports a target with `mode: production` without `workspace.host`, `workspace.profile` and `workspace.azure_workspace_resource_id`.

    ## Why is this bad?

    The deployment goes to whatever workspace the person or the pipeline is signed in to.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {prod: {mode: production, workspace: {root_path: /Workspace/shop}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {prod: {mode: production, workspace: {host: https://shop.cloud.databricks.com, root_path: /Workspace/shop}}}
    ```
    """

    code = "LW517"
    name = "production-without-host"
    severity = "recommendation"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield a production target whose workspace is not named."""
        workspace = view.bundle.resolved.get("workspace") or {}
        if view.bundle.mode == "production" and not any(workspace.get(field) for field in _FIELDS):
            yield self.at(
                view,
                "bundle.mode",
                f"the production target `{view.bundle.target}` does not name its workspace",
                fix="add `workspace: {host: https://…}` to the target",
            )
