"""LW123: An include pattern matches no file."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class IncludePatternWithoutMatch(Rule):
    """An include pattern matches no file.

    ## What it does

    Reports an entry of `include` with `*`, `?` or `[…]` that matches nothing.

    ## Why is this bad?

    Usually the folder was renamed or is misspelled, and the resources in it are missing from the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: ["resource/*.yml"]
    ```

    ```yaml resources/jobs.yml
    resources: {jobs: {load: {}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    include: ["resources/*.yml"]
    ```

    ```yaml resources/jobs.yml
    resources: {jobs: {load: {}}}
    ```
    """

    code = "LW123"
    name = "include-pattern-without-match"
    severity = "recommendation"

    @classmethod
    def of(cls, pattern: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for an entry of `include`."""
        return cls.finding(
            f"the include pattern `{pattern}` matches no file",
            location=location,
            path=path,
            fix="remove it, or correct the folder's name",
        )
