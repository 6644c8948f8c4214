"""LW303: A field has no value."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class EmptyValue(Rule):
    """A field has no value.

    ## What it does

    Reports a field for a single value that is followed by nothing.

    ## Why is this bad?

    The field is dropped, and its default applies.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          name: Load
          max_concurrent_runs:
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          name: Load
          max_concurrent_runs: 2
    ```
    """

    code = "LW303"
    name = "empty-value"
    severity = "warning"

    @classmethod
    def of(cls, expected: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a field and what belongs there, in words."""
        return cls.finding(
            f"`{path}` is empty: expected {expected}",
            location=location,
            path=path,
            fix="give it a value or remove the line",
        )
