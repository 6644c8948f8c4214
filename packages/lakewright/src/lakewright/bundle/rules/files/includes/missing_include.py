"""LW124: An included file does not exist."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class MissingInclude(Rule):
    """An included file does not exist.

    ## What it does

    Reports an entry of `include` without a pattern if the file that it names does not exist.

    ## Why is this bad?

    The resources of this file are missing. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: [job.yml]
    ```

    ```yaml jobs.yml
    resources: {jobs: {load: {}}}
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

    code = "LW124"
    name = "missing-include"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, pattern: str, fix: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for an entry of `include`; the fix depends on what lies in the folder."""
        return cls.finding(
            f"{pattern or 'an empty name'} defined in 'include' section does not match any files",
            location=location,
            path=path,
            fix=fix,
        )
