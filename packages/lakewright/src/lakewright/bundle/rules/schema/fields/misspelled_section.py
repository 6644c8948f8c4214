"""LW310: A section of the bundle is misspelled."""

from collections.abc import Iterable

from databricks_utils.nearest import did_you_mean
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class MisspelledSection(Rule):
    """A section of the bundle is misspelled.

    ## What it does

    Compares the keys at the top level of each file, and those of each target, with the sections that the Databricks
    CLI knows. Reports a key that is similar to one of them.

    ## Why is this bad?

    The whole section is ignored. The errors that follow do not name the cause: an unknown target, a variable without a
    value, a missing job. The Databricks CLI only warns.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    target: {dev: {mode: development}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {mode: development}}
    ```
    """

    code = "LW310"
    name = "misspelled-section"
    severity = "error"
    fixable = "if one name is similar"
    can_be_silenced = True

    @classmethod
    def of(cls, key: str, known: Iterable[str], location: Location | None, path: str) -> Diagnostic | None:
        """Return the finding for a key, the sections there are, and the key path of the map; None if no section is near."""
        fix = did_you_mean(key, known)
        if fix is None:
            return None
        return cls.finding(
            f"unknown section: {key}",
            detail="everything in it is ignored",
            location=location,
            path=path,
            fix=fix,
        )
