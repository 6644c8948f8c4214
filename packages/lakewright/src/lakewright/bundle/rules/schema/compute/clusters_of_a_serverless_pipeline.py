"""LW320: A serverless pipeline has clusters.

Source: https://github.com/databricks/cli/issues/1688 (accepted by `bundle validate`, refused by the API).
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class ClustersOfAServerlessPipeline(BundleRule):
    """A serverless pipeline has clusters.

    ## What it does

    Reports `clusters` of a pipeline with `serverless: true`.

    ## Why is this bad?

    The API refuses the pipeline: serverless compute takes no cluster settings. The Databricks CLI does not look.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      pipelines:
        load: {name: load, catalog: dev_shop, schema: silver, serverless: true, clusters: [{label: default, num_workers: 1}]}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      pipelines:
        load: {name: load, catalog: dev_shop, schema: silver, serverless: true}
    ```
    """

    code = "LW320"
    name = "clusters-of-a-serverless-pipeline"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each serverless pipeline with clusters."""
        for key, pipeline in view.resources("pipelines").items():
            if pipeline.get("serverless") is True and pipeline.get("clusters"):
                yield self.at(
                    view,
                    f"resources.pipelines.{key}.clusters",
                    f"the pipeline `{key}` is serverless and has clusters",
                    fix="remove `clusters`, or `serverless: true`",
                )
