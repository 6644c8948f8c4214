"""LW308: The aliases of a registered model are not deployed."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class IgnoredModelAliases(BundleRule):
    """The aliases of a registered model are not deployed.

    ## What it does

    Reports `aliases` of a registered model.

    ## Why is this bad?

    A deployment accepts them but does not set them, so no version gets the alias.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      registered_models:
        churn:
          catalog_name: dev_shop
          schema_name: models
          name: churn
          aliases: [{alias_name: champion, version_num: 1}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      registered_models:
        churn: {catalog_name: dev_shop, schema_name: models, name: churn}
    ```
    """

    code = "LW308"
    name = "ignored-model-aliases"
    severity = "warning"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each registered model with aliases."""
        models = (view.bundle.resolved.get("resources") or {}).get("registered_models") or {}
        for key, model in models.items():
            if isinstance(model, dict) and model.get("aliases"):
                yield self.at(
                    view,
                    f"resources.registered_models.{key}.aliases",
                    "aliases of a registered model are not applied by a deployment",
                    fix="set them where the version is registered: `client.set_registered_model_alias(…)`",
                )
