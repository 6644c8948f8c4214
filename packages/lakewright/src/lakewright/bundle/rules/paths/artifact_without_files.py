"""LW409: An artifact has no files."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ArtifactWithoutFiles(Rule):
    """An artifact has no files.

    ## What it does

    Reports a file or a pattern under `files` of an artifact without a `build` command if it matches nothing, and an
    artifact without both `build` and `files`. A wheel (`type: whl`) has defaults for both.

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

    @classmethod
    def of_artifact(cls, name: str, location: Location | None) -> Diagnostic:
        """Return the finding for an artifact that has neither a build nor files."""
        return cls.finding(
            f"artifact {name} has neither `build` nor `files`",
            location=location,
            path=f"artifacts.{name}",
            fix="add `files`, or the `build` command that makes them",
        )
