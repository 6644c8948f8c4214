"""LW301: A field is not known."""

from collections.abc import Iterable

from databricks_utils.nearest import did_you_mean, some_of
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownField(Rule):
    """A field is not known.

    ## What it does

    Compares the fields of a bundle with those that the Databricks CLI knows. A map that only defines YAML anchors may
    have any key.

    ## Why is this bad?

    The field is ignored, so the setting has no effect. Usually it is misspelled or wrongly indented.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {max_concurent_runs: 2}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {max_concurrent_runs: 2}}}
    ```
    """

    code = "LW301"
    name = "unknown-field"
    severity = "warning"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, key: str, known: Iterable[str], location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a key, the fields that its map may have, and the map's key path."""
        fix = did_you_mean(key, known)
        return cls.finding(
            f"unknown field: {key}",
            detail=None if fix else f"`{path or 'the top level'}` knows {some_of(key, known)}",
            location=location,
            path=path,
            fix=fix or f"remove `{key}`: it is ignored",
        )
