"""LW307: A field has a value, but Databricks computes it."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class ComputedField(Rule):
    """A field has a value, but Databricks computes it.

    ## What it does

    Reports `volume_path` of a volume, `etag` of a dashboard or a Genie space, and `deployment_id` and `version_id` in the `deployment` of a
    job or a pipeline.

    ## Why is this bad?

    The path of a volume follows from the catalog, the schema and the name; the others change with each deployment. The Databricks CLI
    refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      volumes:
        drops: {catalog_name: dev_shop, schema_name: landing, name: drops, volume_path: /Volumes/dev_shop/landing/drops}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      volumes:
        drops: {catalog_name: dev_shop, schema_name: landing, name: drops}
    ```
    """

    code = "LW307"
    name = "computed-field"
    severity = "error"

    @classmethod
    def of(cls, path: str) -> Diagnostic:
        """Return the finding for the field's key path."""
        return cls.finding(
            f"{path} is computed and read-only", path=path, fix="remove it from the configuration"
        )
