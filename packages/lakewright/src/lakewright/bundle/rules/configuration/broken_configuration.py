"""LW801: The project's configuration for the target has a mistake."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class BrokenConfiguration(Rule):
    """The project's configuration for the target has a mistake.

    ## What it does

    Loads `config/<environment>.yaml` with its defaults, as a job does, if the project uses `databricks-utils` and has
    a file for the target.

    ## Why is this bad?

    Every job of the target fails when it starts.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {}}
    ```

    ```yaml config/dev.yaml
    project: shop
    catalog: {name: dev_shop, shema: shop}
    ```

    ```text requirements.txt
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {}}
    ```

    ```yaml config/dev.yaml
    project: shop
    catalog: {name: dev_shop, schema: shop}
    ```

    ```text requirements.txt
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl
    ```
    """

    code = "LW801"
    name = "broken-configuration"
    severity = "error"

    @classmethod
    def of(cls, summary: str, detail: str | None, fix: str | None, location: Location | None) -> Diagnostic:
        """Return the finding for what the configuration's loader reports."""
        return cls.finding(summary, detail=detail, location=location, fix=fix)
