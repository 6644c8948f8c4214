"""LW123: An include pattern matches no file."""

from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class IncludePatternWithoutMatch(Rule):
    """An include pattern matches no file.

    ## What it does

    Reports an entry of `include` with `*`, `?` or `[…]` that matches nothing. The finding is only a recommendation if
    the folder exists. It is not reported for a bundle with Python resources (`python:`), whose folders may be empty.

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
    severity = "warning"

    @classmethod
    def of(
        cls, pattern: str, folder: str, near: Iterable[str], location: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a pattern whose folder is missing, and the patterns with folders of nearly this name."""
        meant = " or ".join(f"`{each}`" for each in near)
        return cls.finding(
            f"the include pattern `{pattern}` matches no file: there is no folder `{folder}`",
            location=location,
            path=path,
            fix=f"did you mean {meant}?" if meant else "correct the folder's name, or remove the entry",
        )

    @classmethod
    def of_empty_folder(cls, pattern: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a pattern whose folder is there; it may be meant for files to come."""
        return cls.finding(
            f"the include pattern `{pattern}` matches no file",
            severity="recommendation",
            location=location,
            path=path,
            fix="write slashes in place of backslashes"
            if "\\" in pattern
            else "remove the entry until there is such a file",
        )
