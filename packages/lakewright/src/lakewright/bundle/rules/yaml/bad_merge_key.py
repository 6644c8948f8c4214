"""LW108: A map contains the merge key `<<` twice, or `<<` merges something that is not a map."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class BadMergeKey(Rule):
    """A map contains the merge key `<<` twice, or `<<` merges something that is not a map.

    ## What it does

    Reports a second `<<` in one map, and a `<<` whose value is not an alias of a map or a list of maps.

    ## Why is this bad?

    Such a merge has no meaning, so the file cannot be read.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {<<: daily, name: Load}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {export: &daily {max_concurrent_runs: 1}, load: {<<: *daily, name: Load}}}
    ```
    """

    code = "LW108"
    name = "bad-merge-key"
    severity = "error"

    @classmethod
    def of_second(cls, location: Location) -> Diagnostic:
        """Return the finding for the second `<<` of a map."""
        return cls.finding(
            "the merge key `<<` stands twice in one mapping",
            location=location,
            fix="merge several with a list: `<<: [*one, *two]`",
        )

    @classmethod
    def of_map(cls, location: Location) -> Diagnostic:
        """Return the finding for a `<<` whose map is written out in place."""
        return cls.finding(
            "`<<` can merge only an alias or a list",
            detail="the Databricks CLI refuses a map that is written out after `<<`",
            location=location,
            fix="write the entries without `<<`, or put the map into a list: `<<: [{…}]`",
        )

    @classmethod
    def of_value(cls, location: Location) -> Diagnostic:
        """Return the finding for a `<<` whose value is not a map."""
        return cls.finding(
            "`<<` can merge only a map or a list of maps",
            location=location,
            fix="let `<<` name an anchor of a map: `<<: *defaults`",
        )
