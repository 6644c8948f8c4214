"""LW126: Two files, or a file and a target, give one key values of different kinds."""

from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ClashingKinds(Rule):
    """Two files, or a file and a target, give one key values of different kinds.

    ## What it does

    Reports a map that would be merged over a list, a string over a number, and so on.

    ## Why is this bad?

    There is no sensible result. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: [jobs.yml]
    variables: {limits: {type: complex, default: {rows: 10}}}
    ```

    ```yaml jobs.yml
    variables: {limits: {type: complex, default: [10]}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    include: [jobs.yml]
    variables: {limits: {type: complex, default: {rows: 10}}}
    ```

    ```yaml jobs.yml
    variables: {limits: {type: complex, default: {files: 2}}}
    ```
    """

    code = "LW126"
    name = "clashing-kinds"
    severity = "error"

    @classmethod
    def of(
        cls, path: str, override: str, base: str, location: Location | None, related: Iterable[Location]
    ) -> Diagnostic:
        """Return the finding for the key path and the kinds of the two values."""
        return cls.finding(
            f"cannot merge a {override} over a {base} at `{path}`",
            location=location,
            path=path,
            related=related,
            fix=f"write `{path}` as a {base} in both places",
        )
