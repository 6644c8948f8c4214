"""LW128: A file that is named after one resource contains others too."""

from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class SeveralResourcesInOneFile(Rule):
    """A file that is named after one resource contains others too.

    ## What it does

    Checks files such as `load.job.yml`. Reports them if they contain more than one resource, or a resource of another
    kind.

    ## Why is this bad?

    The name promises a single job. People expect the other resources in other files and do not find them.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: [load.job.yml]
    ```

    ```yaml load.job.yml
    resources: {jobs: {load: {}, export: {}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    include: [load.job.yml]
    ```

    ```yaml load.job.yml
    resources: {jobs: {load: {}}}
    ```
    """

    code = "LW128"
    name = "several-resources-in-one-file"
    severity = "recommendation"

    @classmethod
    def of(
        cls,
        kind: str,
        suffix: str,
        resources: Iterable[str],
        location: Location | None,
        related: Iterable[Location],
    ) -> Diagnostic:
        """Return the finding for a file named after `kind` that holds `resources`."""
        return cls.finding(
            f"define a single {kind.replace('_', ' ')} in a file with the .{kind}{suffix} extension.",
            detail="\n".join(["defined or configured in this file:", *resources]),
            location=location,
            related=related,
            fix="move each into a file of its own",
        )
