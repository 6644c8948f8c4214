"""LW204: A complex variable gets its value from text."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class ComplexVariableFromText(Rule):
    """A complex variable gets its value from text.

    ## What it does

    Reports a value from `--var` or `BUNDLE_VAR_…` for a variable of `type: complex`.

    ## Why is this bad?

    The command line and the environment contain only text, but a complex variable needs a map or a list. The
    Databricks CLI refuses the value.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {limits: {type: complex, default: {rows: 10}}}
    ```

    ```console
    $ lakewright validate --var limits=10
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {limits: {type: complex, default: {rows: 10}}}
    ```

    ```json .databricks/bundle/default/variable-overrides.json
    {"limits": {"rows": 20}}
    ```
    """

    code = "LW204"
    name = "complex-variable-from-text"
    severity = "error"

    @classmethod
    def of(cls, name: str, source: str, target: str) -> Diagnostic:
        """Return the finding for a variable and the option or environment variable that sets it."""
        return cls.finding(
            f"setting the complex variable {name} by {source} is not supported",
            path=f"variables.{name}",
            fix=f'put it into .databricks/bundle/{target}/variable-overrides.json: `{{"{name}": …}}`',
        )
