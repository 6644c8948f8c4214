"""LW509: Developers share a path of a development target."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class SharedDevelopmentPath(Rule):
    """Developers share a path of a development target.

    ## What it does

    Reports `root_path` and the other paths of `workspace` in a target with `mode: development` if they do not contain
    the user's name. It is a warning if the name is only guessed from this machine.

    ## Why is this bad?

    Two developers would overwrite each other's files. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {mode: development, workspace: {root_path: /Workspace/shop}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {mode: development, workspace: {root_path: ~/shop}}}
    ```
    """

    code = "LW509"
    name = "shared-development-path"
    severity = "error"

    @classmethod
    def of(cls, field: str, value: str) -> Diagnostic:
        """Return the finding for a field of `workspace` and its value."""
        in_volume = field == "artifact_path" and value.startswith("/Volumes")
        must = "should contain" if in_volume else "must start with '~/' or contain"
        return cls.finding(
            f"{field} {must} the current username to ensure uniqueness when using 'mode: development'",
            path=f"workspace.{field}",
            detail=f"it is {value}",
            fix="put `${workspace.current_user.short_name}` into it, or begin it with `~/`",
        )
