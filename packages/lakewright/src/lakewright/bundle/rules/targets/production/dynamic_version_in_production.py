"""LW513: A production target gives artifacts a new version at every deployment."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class DynamicVersionInProduction(BundleRule):
    """A production target gives artifacts a new version at every deployment.

    ## What it does

    Reports `presets.artifacts_dynamic_version: true` in a target with `mode: production`.

    ## Why is this bad?

    Every deployment, and every `databricks bundle plan`, shows changes even if nothing has changed.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets:
      prod:
        mode: production
        workspace: {host: https://shop.cloud.databricks.com, root_path: /Workspace/shop}
        presets: {artifacts_dynamic_version: true}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets:
      prod:
        mode: production
        workspace: {host: https://shop.cloud.databricks.com, root_path: /Workspace/shop}
    ```
    """

    code = "LW513"
    name = "dynamic-version-in-production"
    severity = "warning"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield a finding if the preset is set in production."""
        presets = view.bundle.resolved.get("presets") or {}
        if view.bundle.mode == "production" and presets.get("artifacts_dynamic_version") is True:
            yield self.at(
                view,
                "presets.artifacts_dynamic_version",
                "`artifacts_dynamic_version` makes each deployment show changes",
                fix="set it in development targets only",
            )
