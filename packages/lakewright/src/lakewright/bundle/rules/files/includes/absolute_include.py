"""LW121: An include is an absolute path."""

from pathlib import Path

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class AbsoluteInclude(Rule):
    """An include is an absolute path.

    ## What it does

    Reports an entry of `include` that begins at the root of the file system.

    ## Why is this bad?

    The path exists on one machine only. The Databricks CLI refuses it.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: [/home/ana/shop/jobs.yml]
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

    code = "LW121"
    name = "absolute-include"
    severity = "error"

    @classmethod
    def of(cls, pattern: str, root: Path, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for an entry of `include`."""
        return cls.finding(
            f"{pattern}: includes must be relative paths",
            location=location,
            path=path,
            fix=f"write it relative to {root}",
        )
