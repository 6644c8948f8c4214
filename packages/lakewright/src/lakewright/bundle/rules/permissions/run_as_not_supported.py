"""LW522: A resource that can only run as its owner has another `run_as`."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class RunAsNotSupported(Rule):
    """A resource that can only run as its owner has another `run_as`.

    ## What it does

    Reports serving endpoints, quality monitors, apps and dashboards with embedded credentials if the bundle's `run_as`
    is not the user who deploys. It is a warning if this user is only guessed from this machine.

    ## Why is this bad?

    These resources always run as their owner. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    run_as: {service_principal_name: 8a1f0e5e-6a4c-4b5c-9d0a-5f3f0c1d2e3f}
    resources: {apps: {dashboard: {name: dashboard, source_code_path: ./dashboard}}}
    ```

    ```python dashboard/app.py
    print("hello")
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    run_as: {service_principal_name: 8a1f0e5e-6a4c-4b5c-9d0a-5f3f0c1d2e3f}
    resources: {jobs: {load: {name: Load}}}
    ```
    """

    code = "LW522"
    name = "run-as-not-supported"
    severity = "error"

    @classmethod
    def of(cls, kind: str, identity: str, me: str, path: str) -> Diagnostic:
        """Return the finding for a kind of resource, the identity of `run_as`, and the user who deploys."""
        return cls.finding(
            f"{kind} do not support a run_as identity that is different from the owner",
            detail=f"deployed by {me}, run as {identity}",
            path=path,
            fix=f"deploy as {identity}, or move `run_as` to the jobs and pipelines that need it",
        )
