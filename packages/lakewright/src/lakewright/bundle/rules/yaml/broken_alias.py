"""LW105: An alias has no anchor, or its anchor contains the alias."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class BrokenAlias(Rule):
    """An alias has no anchor, or its anchor contains the alias.

    ## What it does

    Reports `*name` without an `&name` above it, and a value whose anchor is used inside that value.

    ## Why is this bad?

    The alias has no value, so the file cannot be read.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: *defaults}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: &defaults {max_concurrent_runs: 1}, export: *defaults}}
    ```
    """

    code = "LW105"
    name = "broken-alias"
    severity = "error"

    @classmethod
    def of_cycle(cls, anchor: str, location: Location) -> Diagnostic:
        """Return the finding for an anchor whose value uses the anchor."""
        return cls.finding(
            f"anchor `{anchor}` refers to itself",
            location=location,
            fix="give the value that is needed twice an anchor of its own, outside of this one",
        )

    @classmethod
    def of_missing(cls, anchor: str, location: Location) -> Diagnostic:
        """Return the finding for an alias without an anchor above it."""
        return cls.finding(
            f"alias `*{anchor}` has no anchor above it",
            location=location,
            fix=f"add `&{anchor}` to the value it stands for",
        )
