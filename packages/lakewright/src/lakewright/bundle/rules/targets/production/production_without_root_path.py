"""LW512: A production target does not say where it is deployed."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location, Severity
from lakewright.bundle.rules.base import Rule


class ProductionWithoutRootPath(Rule):
    """A production target does not say where it is deployed.

    ## What it does

    Reports a target with `mode: production` that has no `workspace.root_path`. It is a recommendation if a service
    principal deploys or every job has a `run_as`, and a warning if the user is only guessed from this machine.

    ## Why is this bad?

    By default every user deploys to their own folder, so production could exist twice.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: Load}}}
    targets: {prod: {mode: production, workspace: {host: https://shop.cloud.databricks.com}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: Load}}}
    targets: {prod: {mode: production, workspace: {host: https://shop.cloud.databricks.com, root_path: /Workspace/shop}}}
    ```
    """

    code = "LW512"
    name = "production-without-root-path"
    severity = "error"

    @classmethod
    def of(cls, target: str, user: str, location: Location | None, severity: Severity) -> Diagnostic:
        """Return the finding for a target and the current user."""
        must = "should" if severity == "recommendation" else "must"
        return cls.finding(
            f"target with 'mode: production' {must} set 'workspace.root_path' "
            "to make sure only one copy is deployed",
            severity=severity,
            path=f"targets.{target}",
            location=location,
            fix=f"set `root_path: /Workspace/Users/{user}/.bundle/${{bundle.name}}/${{bundle.target}}`",
        )
