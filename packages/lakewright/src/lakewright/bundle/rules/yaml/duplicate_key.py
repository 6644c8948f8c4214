"""LW107: A map contains a key twice.

Source: databricks/cli, libs/dyn/yamlloader/loader.go: the second value takes the place of the first, without a word.
"""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class DuplicateKey(Rule):
    """A map contains a key twice.

    ## What it does

    Reports the second of two equal keys in one map of a file.

    ## Why is this bad?

    Only the last one counts, and the Databricks CLI does not report it. This is hard to see when the two are far apart.

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
