"""LW127: A resource has no fields."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UndefinedResource(Rule):
    """A resource has no fields.

    ## What it does

    Reports a resource or an artifact whose key is followed by nothing.

    ## Why is this bad?

    Usually its fields are not indented enough, so they belong to something else. The Databricks CLI refuses the
    resource.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          name: Load
    ```
    """

    code = "LW127"
    name = "undefined-resource"
    severity = "error"

    @classmethod
    def of(cls, kind: str, key: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a resource of a kind such as `jobs`, or for an artifact."""
        return cls.finding(
            f"{kind.removesuffix('s')} {key} is not defined",
            location=location,
            path=path,
            fix="write its fields below this line and indent them, or remove it",
        )
