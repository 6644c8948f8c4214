"""LW126: A key has values of different kinds in two files, or in a file and a target."""

from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ClashingKinds(Rule):
    """A key has values of different kinds in two files, or in a file and a target.

    ## What it does

    Reports a key that has a map in one place and a list in the other, or text and a number, and so on.

    ## Why is this bad?

    The two values cannot be merged. The Databricks CLI refuses the bundle.

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
