"""LW122: An include matches a file that is neither YAML nor JSON."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class IncludeOfOtherFileType(Rule):
    """An include matches a file that is neither YAML nor JSON.

    ## What it does

    Reports files that an entry of `include` matches, unless their name ends in `.yml`, `.yaml` or `.json`.

    ## Why is this bad?

    Included files are read as configuration. The Databricks CLI refuses other files.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: ["resources/*"]
    ```

    ```yaml resources/jobs.yml
    resources: {jobs: {load: {}}}
    ```

    ```text resources/notes.txt
    Ask Ana about the schedule.
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

    code = "LW122"
    name = "include-of-other-file-type"
    severity = "error"

    @classmethod
    def of(cls, file: str, pattern: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a file that an entry of `include` matches."""
        return cls.finding(
            "Files in the 'include' configuration section must be YAML or JSON files.",
            detail=f"{file} matches `{pattern}`",
            location=location,
            path=path,
            fix="narrow the pattern (`resources/*.yml`); files to upload belong in `sync.include`",
        )
