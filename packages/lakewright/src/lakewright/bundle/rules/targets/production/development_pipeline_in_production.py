"""LW511: A production target contains a pipeline in development mode."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class DevelopmentPipelineInProduction(Rule):
    """A production target contains a pipeline in development mode.

    ## What it does

    Reports `development: true` of a pipeline in a target with `mode: production`.

    ## Why is this bad?

    Such a pipeline keeps its cluster and does not retry. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {pipelines: {orders: {name: orders, development: true}}}
    targets: {prod: {mode: production, workspace: {host: https://shop.cloud.databricks.com, root_path: /Workspace/shop}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {pipelines: {orders: {name: orders}}}
    targets: {prod: {mode: production, workspace: {host: https://shop.cloud.databricks.com, root_path: /Workspace/shop}}}
    ```
    """

    code = "LW511"
    name = "development-pipeline-in-production"
    severity = "error"

    @classmethod
    def of(cls, path: str) -> Diagnostic:
        """Return the finding for the key path of the pipeline's `development`."""
        return cls.finding(
            "target with 'mode: production' cannot include a pipeline with 'development: true'",
            path=path,
            fix="remove `development: true`: the mode decides it",
        )
