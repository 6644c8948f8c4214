"""LW523: `run_as` does not name exactly one identity."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class RunAsWithoutOneIdentity(Rule):
    """`run_as` does not name exactly one identity.

    ## What it does

    Reports a `run_as` with both `user_name` and `service_principal_name`, or with neither.

    ## Why is this bad?

    It is not clear as whom the jobs run. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    run_as: {user_name: ana@example.org, service_principal_name: 8a1f0e5e-6a4c-4b5c-9d0a-5f3f0c1d2e3f}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    run_as: {service_principal_name: 8a1f0e5e-6a4c-4b5c-9d0a-5f3f0c1d2e3f}
    ```
    """

    code = "LW523"
    name = "run-as-without-one-identity"
    severity = "error"

    @classmethod
    def of(cls, *, both: bool) -> Diagnostic:
        """Return the finding; `both` says whether two identities are named or none."""
        problem = (
            "cannot specify both user_name and service_principal_name"
            if both
            else "must specify exactly one identity"
        )
        return cls.finding(
            f"run_as section {problem}",
            path="run_as",
            fix="keep one of `service_principal_name` and `user_name`"
            if both
            else "name one: `service_principal_name` or `user_name`",
        )
