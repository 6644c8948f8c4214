"""LW133: Two fields exclude each other."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class ExclusiveFields(Rule):
    """Two fields exclude each other.

    ## What it does

    Reports fields that say the same thing in two ways: `served_models` and `served_entities` of a serving endpoint,
    `file_path` of an alert or a Genie space and a field that stands in that file, `python` and a different
    `experimental.python`.

    ## Why is this bad?

    It is open which of them counts. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      alerts:
        late: {display_name: Late, warehouse_id: a1, file_path: late.dbalert.json, query_text: SELECT 1}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      alerts:
        late: {display_name: Late, warehouse_id: a1, file_path: late.dbalert.json}
    ```
    """

    code = "LW133"
    name = "exclusive-fields"
    severity = "error"

    @classmethod
    def of(cls, kept: str, removed: str, path: str) -> Diagnostic:
        """Return the finding for the field that may stay, and for the other one with its key path."""
        return cls.finding(
            f"`{kept}` and `{removed}` exclude each other", path=path, fix=f"remove `{removed}` or `{kept}`"
        )
