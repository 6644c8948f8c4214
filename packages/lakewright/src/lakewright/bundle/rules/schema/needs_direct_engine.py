"""LW315: A resource or a setting needs the direct engine, and the bundle deploys with Terraform.

Source: databricks/cli, bundle/config/mutator/validate_direct_only_resources.go, validate_lifecycle_started.go
    and validate_cascade_on_destroy.go.
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule

_KINDS = (
    "catalogs",
    "external_locations",
    "genie_spaces",
    "instance_pools",
    "job_runs",
    "secrets",
    "vector_search_endpoints",
    "vector_search_indexes",
)
_STARTED = ("apps", "clusters", "sql_warehouses")


class NeedsDirectEngine(BundleRule):
    """A resource or a setting needs the direct engine, and the bundle deploys with Terraform.

    ## What it does

    Reports, beside `engine: terraform`: resources of kinds that only the direct engine deploys (such as `catalogs` and `secrets`),
    `lifecycle.started`, and `cascade_on_destroy` of a pipeline.

    ## Why is this bad?

    The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle:
      name: shop
      engine: terraform  # lakewright: ignore LW313 (until the state is migrated)
    resources:
      catalogs:
        shop: {name: dev_shop}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop, engine: direct}
    resources:
      catalogs:
        shop: {name: dev_shop}
    ```
    """

    code = "LW315"
    name = "needs-direct-engine"
    severity = "error"
    can_be_silenced = False

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield what a bundle with `engine: terraform` cannot deploy."""
        if (view.bundle.resolved.get("bundle") or {}).get("engine") != "terraform":
            return
        for kind in _KINDS:
            for key in view.resources(kind):
                yield self._refused(view, f"resources.{kind}.{key}", f"resources of the kind {kind}")
        for kind in _STARTED:
            for key, resource in view.resources(kind).items():
                if (resource.get("lifecycle") or {}).get("started") is not None:
                    yield self._refused(
                        view, f"resources.{kind}.{key}.lifecycle.started", "`lifecycle.started`"
                    )
        for key, pipeline in view.resources("pipelines").items():
            if pipeline.get("cascade_on_destroy") is not None:
                yield self._refused(
                    view, f"resources.pipelines.{key}.cascade_on_destroy", "`cascade_on_destroy`"
                )

    def _refused(self, view: BundleView, path: str, what: str) -> Diagnostic:
        return self.at(
            view, path, f"only the direct engine deploys {what}", fix="write `engine: direct` in `bundle`"
        )
