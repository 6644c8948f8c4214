"""LW207: A variable is looked up in a workspace."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class VariableFromLookup(Rule):
    """A variable is looked up in a workspace.

    ## What it does

    Reports a variable with `lookup` that gets no value from another place. Where nothing runs here, a service principal is known by
    its name and not reported.

    ## Why is this bad?

    No workspace is contacted here, so the variable has no value. Tasks that use it cannot run on this machine.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {warehouse: {lookup: {warehouse: Shared}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {warehouse: {lookup: {warehouse: Shared}}}
    ```

    ```console
    $ lakewright validate --var warehouse=1234567890abcdef
    ```
    """

    code = "LW207"
    name = "variable-from-lookup"
    severity = "recommendation"

    @classmethod
    def of(cls, name: str, kind: str, wanted: str) -> Diagnostic:
        """Return the finding for a variable and the kind and name of what it looks up."""
        return cls.finding(
            f"variable {name} is looked up in a workspace ({kind} `{wanted}`), so it has no value here",
            path=f"variables.{name}.lookup",
            fix=f"tasks that need it are [CLOUD]; give it a value with `--var {name}=…` or in config/local.yaml",
        )
