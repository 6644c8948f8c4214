"""LW125: An included file has an `include` section of its own."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class IncludeOutsideRootFile(Rule):
    """An included file has an `include` section of its own.

    ## What it does

    Reports `include` in any file but the root file.

    ## Why is this bad?

    Only includes of the root file count, so these files are not read.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: [jobs.yml]
    ```

    ```yaml jobs.yml
    include: ["more/*.yml"]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    include: [jobs.yml]
    ```

    ```yaml jobs.yml
    resources: {jobs: {load: {}}}
    ```
    """

    code = "LW125"
    name = "include-outside-root-file"
    severity = "warning"

    @classmethod
    def of(cls, root_file: str, location: Location | None) -> Diagnostic:
        """Return the finding for the `include` of an included file."""
        return cls.finding(
            "Include section is defined outside root file",
            location=location,
            path="include",
            fix=f"move these includes to {root_file}: only its own are followed",
        )
