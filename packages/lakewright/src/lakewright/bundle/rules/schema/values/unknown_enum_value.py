"""LW306: A field has a value that it does not allow."""

from collections.abc import Iterable

from databricks_utils.nearest import choose_from, some_of
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownEnumValue(Rule):
    """A field has a value that it does not allow.

    ## What it does

    Compares values with the list of values of their field, such as `PAUSED` and `UNPAUSED`: in resources, in `type` and
    `executable` of artifacts, and in `type` of variables.

    ## Why is this bad?

    The API of the resource refuses the value, unless Databricks has added it since the list was made. Elsewhere
    the value has no effect.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {queue: {enabled: true}, performance_target: PERFORMANCE_OPTIMISED}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {queue: {enabled: true}, performance_target: PERFORMANCE_OPTIMIZED}}}
    ```
    """

    code = "LW306"
    name = "unknown-enum-value"
    severity = "warning"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, value: str, allowed: Iterable[str], location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a value and the values that are allowed."""
        return cls.finding(
            f'invalid value "{value}" for enum field',
            detail=f"valid values are {some_of(value, allowed)}",
            location=location,
            path=path,
            fix=choose_from(value, allowed),
        )
