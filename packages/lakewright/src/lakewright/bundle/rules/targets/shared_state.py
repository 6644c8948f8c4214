"""LW516: Two targets keep their state in the same place.

Source: databricks/cli, bundle/config/mutator/default_workspace_paths.go and bundle/statemgmt: the state lies below `workspace.state_path`.
"""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class SharedState(Rule):
    """Two targets keep their state in the same place.

    ## What it does

    Reports, with `--all`, two targets with the same `workspace.state_path`, host and profile.

    ## Why is this bad?

    A deployment of one target takes the resources of the other for its own: it renames them, and deletes those that its own configuration
    lacks.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    workspace: {root_path: /Workspace/Users/ana@example.org/shop}
    targets: {test: {}, prod: {}}
    ```

    ```console
    $ lakewright validate --all
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    workspace: {root_path: "/Workspace/Users/ana@example.org/shop/${bundle.target}"}
    targets: {test: {}, prod: {}}
    ```

    ```console
    $ lakewright validate --all
    ```
    """

    code = "LW516"
    name = "shared-state"
    severity = "warning"
    can_be_silenced = True

    @classmethod
    def of(cls, target: str, other: str, state: str, location: Location | None) -> Diagnostic:
        """Return the finding for two targets and the path of their state."""
        return cls.finding(
            f"the targets `{other}` and `{target}` keep their state in the same place",
            detail=f"`{state}`",
            location=location,
            path="workspace.root_path",
            fix="end `root_path` with `/${bundle.target}`",
        )
