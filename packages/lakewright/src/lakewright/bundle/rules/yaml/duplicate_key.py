"""LW107: A key stands twice in one map."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class DuplicateKey(Rule):
    """A key stands twice in one map.

    ## What it does

    Reports the second of two equal keys in one map of a file.

    ## Why is this bad?

    The last one counts and the first one is ignored, which is hard to see when they are far apart.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          name: Load
          max_concurrent_runs: 1
          name: Load the shop
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          name: Load the shop
          max_concurrent_runs: 1
    ```
    """

    code = "LW107"
    name = "duplicate-key"
    severity = "warning"

    @classmethod
    def of(cls, key: str, location: Location, first: Location) -> Diagnostic:
        """Return the finding for the second place of a key, with the first one."""
        return cls.finding(
            f"the key `{key}` stands twice in one mapping; the last one counts",
            location=location,
            related=(first,),
            fix=f"remove one of the two (the first is on line {first.line})",
        )
