"""LW413: A path of the workspace lies in a volume that it cannot use."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class WorkspacePathInVolume(Rule):
    """A path of the workspace lies in a volume that it cannot use.

    ## What it does

    Reports `workspace.root_path`, `file_path`, `state_path` and `resource_path` if they begin with `/Volumes/`, and an
    `artifact_path` there that does not name a catalog, a schema and a volume.

    ## Why is this bad?

    Only artifacts can be uploaded to a volume. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    workspace: {file_path: /Volumes/main/shop/files}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    workspace: {artifact_path: /Volumes/main/shop/files}
    ```
    """

    code = "LW413"
    name = "workspace-path-in-volume"
    severity = "error"

    @classmethod
    def of(cls, field: str) -> Diagnostic:
        """Return the finding for a path that never lies in a volume."""
        return cls.finding(
            f"`workspace.{field}` cannot lie in a volume",
            detail="only `workspace.artifact_path` can begin with /Volumes/",
            path=f"workspace.{field}",
            fix="use a path below /Workspace, or leave the field out",
        )

    @classmethod
    def of_artifacts(cls, value: str) -> Diagnostic:
        """Return the finding for a path of artifacts that is too short."""
        return cls.finding(
            f"`workspace.artifact_path` names no volume: {value}",
            path="workspace.artifact_path",
            fix="write `/Volumes/<catalog>/<schema>/<volume>`",
        )
