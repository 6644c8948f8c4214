"""LW510: Developers share the name prefix of a development target."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class SharedDevelopmentPrefix(Rule):
    """Developers share the name prefix of a development target.

    ## What it does

    Reports `presets.name_prefix` in a target with `mode: development` if it does not contain the user's name. It is a
    warning if the name is only guessed from this machine.

    ## Why is this bad?

    Two developers would deploy jobs and schemas with the same names. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {mode: development, presets: {name_prefix: "[dev] "}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {mode: development, presets: {name_prefix: "[${workspace.current_user.short_name}] "}}}
    ```
    """

    code = "LW510"
    name = "shared-development-prefix"
    severity = "error"

    @classmethod
    def of(cls) -> Diagnostic:
        """Return the finding."""
        return cls.finding(
            "prefix should contain the current username or ${workspace.current_user.short_name} "
            "to ensure uniqueness when using 'mode: development'",
            path="presets.name_prefix",
            fix='write `name_prefix: "[${workspace.current_user.short_name}] "`',
        )
