"""LW129: Two resources or scripts have the same key."""

from collections.abc import Sequence

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class DuplicateResourceKey(Rule):
    """Two resources or scripts have the same key.

    ## What it does

    Reports a key that two resources, two scripts, or a resource and a script have, in two files or in two sections.

    ## Why is this bad?

    A key must be unique in the whole bundle. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: [jobs.yml]
    resources: {jobs: {load: {name: Load}}}
    ```

    ```yaml jobs.yml
    resources: {jobs: {load: {name: Load again}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    include: [jobs.yml]
    resources: {jobs: {load: {name: Load}}}
    ```

    ```yaml jobs.yml
    resources: {jobs: {load_again: {name: Load again}}}
    ```
    """

    code = "LW129"
    name = "duplicate-resource-key"
    severity = "error"

    @classmethod
    def of(cls, key: str, names: Sequence[str], places: Sequence[Location | None]) -> Diagnostic:
        """Return the finding for a key, the full names of what has it and their places, in the same order."""
        first, *others = places
        return cls.finding(
            f"multiple resources or scripts have been defined with the same key: {key}",
            detail=f"{', '.join(names)}: the second stands at {others[0]}",
            location=first,
            related=[place for place in others if place],
            path=names[0],
            fix="rename one of them, or define it once and override it under `targets`",
        )
