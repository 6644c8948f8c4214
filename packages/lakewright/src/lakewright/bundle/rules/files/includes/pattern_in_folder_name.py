"""LW135: The path of the bundle's folder holds a character of patterns.

Source: databricks/cli, bundle/config/loader/process_root_includes.go.
"""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class PatternInFolderName(Rule):
    """The path of the bundle's folder holds a character of patterns.

    ## What it does

    Reports `*`, `?`, `[`, `]` and `^` anywhere in the path of the folder that holds databricks.yml.

    ## Why is this bad?

    The Databricks CLI puts this path in front of the patterns of `include`, and the characters would be read as part of
    the pattern. It refuses the bundle, even if it includes nothing.

    ## Example that fails

    ```yaml [shop]/databricks.yml
    bundle: {name: shop}
    ```

    ```console
    $ cd [shop]
    $ lakewright validate
    ```

    ## Example that passes

    ```yaml shop/databricks.yml
    bundle: {name: shop}
    ```

    ```console
    $ cd shop
    $ lakewright validate
    ```
    """

    code = "LW135"
    name = "pattern-in-folder-name"
    severity = "error"

    @classmethod
    def of(cls, folder: str, character: str, location: Location) -> Diagnostic:
        """Return the finding for the bundle's folder and the first such character."""
        return cls.finding(
            f"the path of the bundle's folder holds `{character}`, which the Databricks CLI refuses",
            detail=folder,
            location=location,
            fix="rename the folder, or move the bundle to another one",
        )
