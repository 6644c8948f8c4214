"""LW409: An artifact's pattern matches no file."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ArtifactWithoutFiles(Rule):
    """An artifact's pattern matches no file.

    ## What it does

    Reports a pattern under `files` of an artifact without a `build` command if it matches nothing.

    ## Why is this bad?

    There is nothing to upload, and no command that creates it. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    artifacts: {shop: {files: [{source: "dist/*.whl"}]}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    artifacts: {shop: {build: uv build, files: [{source: "dist/*.whl"}]}}
    ```
    """

    code = "LW409"
    name = "artifact-without-files"
    severity = "error"

    @classmethod
    def of(cls, pattern: str, location: Location | None) -> Diagnostic:
        """Return the finding for a pattern."""
        return cls.finding(
            f"{pattern}: no matching files",
            location=location,
            path="artifacts",
            fix="correct the pattern, or add the `build` command that makes the files",
        )
