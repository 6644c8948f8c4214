"""LW313: A setting still works, and will not for long."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule

_ENGINE_PAGE = "https://docs.databricks.com/aws/en/dev-tools/bundles/direct"


class DeprecatedField(BundleRule):
    """A setting still works, and will not for long.

    ## What it does

    Reports `bundle.engine: terraform`, and `served_models` of a serving endpoint.

    ## Why is this bad?

    A later version of the Databricks CLI deploys with its own engine only, and the service recommends `served_entities`. The CLI warns
    too.

    ## Example that fails

    ```yaml
    bundle: {name: shop, engine: terraform}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop, engine: direct}
    ```
    """

    code = "LW313"
    name = "deprecated-field"
    severity = "warning"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield the engine, and each endpoint with the old field alone; with both fields the bundle is refused."""
        resolved = view.bundle.resolved
        if (resolved.get("bundle") or {}).get("engine") == "terraform":
            yield self.at(
                view,
                "bundle.engine",
                "deploying with Terraform is deprecated and will end with a later version of the Databricks CLI",
                fix=f"write `engine: direct`; for a bundle that is deployed see {_ENGINE_PAGE}",
            )
        endpoints = (resolved.get("resources") or {}).get("model_serving_endpoints") or {}
        for key, endpoint in endpoints.items():
            config = endpoint.get("config") if isinstance(endpoint, dict) else None
            if isinstance(config, dict) and config.get("served_models") and not config.get("served_entities"):
                yield self.at(
                    view,
                    f"resources.model_serving_endpoints.{key}.config.served_models",
                    "`served_models` is deprecated",
                    fix="write `served_entities`, with `entity_name` for `model_name` and `entity_version` for `model_version`",
                )
