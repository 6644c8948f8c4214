"""LW230: `/Workspace` precedes a path that already begins with it."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class DoubledWorkspacePrefix(Rule):
    """`/Workspace` precedes a path that already begins with it.

    ## What it does

    Reports `/Workspace${workspace.file_path}` and the like.

    ## Why is this bad?

    The path would begin with `/Workspace/Workspace`. The Databricks CLI and Lakewright remove the second one and warn.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {description: "in /Workspace${workspace.file_path}"}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {description: "in ${workspace.file_path}"}}}
    ```
    """

    code = "LW230"
    name = "doubled-workspace-prefix"
    severity = "warning"
    fixable = "yes"

    @classmethod
    def of(cls, doubled: str, old: str, new: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for the doubled part, the text that holds it, and the right text."""
        return cls.finding(
            f'substring "{doubled}" found in "{old}"',
            location=location,
            path=path,
            fix=f'write "{new}": the path already begins with /Workspace',
        )
