"""LW226: A reference to the current user can be resolved only in a workspace."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ReferenceKnownOnlyInWorkspace(Rule):
    """A reference to the current user can be resolved only in a workspace.

    ## What it does

    Reports fields of `${workspace.current_user}` that only a workspace knows, such as `id`.

    ## Why is this bad?

    The reference is not replaced here, so the checks and the local run use another value than the deployment.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: "load of ${workspace.current_user.id}"}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: "load of ${workspace.current_user.short_name}"}}}
    ```
    """

    code = "LW226"
    name = "reference-known-only-in-workspace"
    severity = "recommendation"

    @classmethod
    def of(cls, text: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a reference."""
        return cls.finding(
            f"{text} is known only in a workspace and stays as it is",
            location=location,
            path=path,
            fix="use `${workspace.current_user.short_name}` or `.userName`, which are known here",
        )
