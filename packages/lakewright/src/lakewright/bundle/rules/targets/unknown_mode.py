"""LW505: A target's mode is neither `development` nor `production`."""

from collections.abc import Iterable

from databricks_utils.nearest import did_you_mean
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownMode(Rule):
    """A target's mode is neither `development` nor `production`.

    ## What it does

    Checks the `mode` of the chosen target.

    ## Why is this bad?

    Prefixes, schedules and locks depend on the mode. The Databricks CLI refuses other values.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {mode: develop}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {mode: development}}
    ```
    """

    code = "LW505"
    name = "unknown-mode"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, mode: str, modes: Iterable[str], target: str, location: Location | None) -> Diagnostic:
        """Return the finding for a mode, the modes there are, and the target."""
        return cls.finding(
            f"unsupported value '{mode}' specified for 'mode': must be either 'development' or 'production'",
            location=location,
            path=f"targets.{target}.mode",
            fix=did_you_mean(mode, modes) or "write `mode: development` or `mode: production`",
        )
