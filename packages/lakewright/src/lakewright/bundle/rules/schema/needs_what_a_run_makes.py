"""LW317: A resource needs a model version or a table that only a run can make.

Source: https://docs.databricks.com/api/workspace/servingendpoints/create (`entity_version`) and
    https://docs.databricks.com/api/workspace/qualitymonitors/create (the table must exist).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class NeedsWhatARunMakes(BundleRule):
    """A resource needs a model version or a table that only a run can make.

    ## What it does

    Reports a serving endpoint for a registered model of the same bundle, and a quality monitor of a table in a schema of the same bundle.

    ## Why is this bad?

    The first deployment creates the model or the schema, which is empty. The endpoint needs a version of the model, and the monitor needs
    the table, so the first deployment fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      registered_models:
        churn: {catalog_name: dev_shop, schema_name: models, name: churn}
      model_serving_endpoints:
        scores:
          name: scores
          config: {served_entities: [{entity_name: dev_shop.models.churn, entity_version: "1", workload_size: Small}]}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      registered_models:
        churn: {catalog_name: dev_shop, schema_name: models, name: churn}
      jobs:
        serving:
          tasks: [{task_key: endpoint, environment_key: default, spark_python_task: {python_file: endpoint.py}}]
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
    ```

    ```python endpoint.py
    print("create or update the endpoint for the version that was registered")
    ```
    """

    code = "LW317"
    name = "needs-what-a-run-makes"
    severity = "warning"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each endpoint and each monitor that the first deployment cannot create."""
        models = {_full_name(model) for model in view.resources("registered_models").values()} - {""}
        references = {f"${{resources.registered_models.{key}" for key in view.resources("registered_models")}
        for key, endpoint in view.resources("model_serving_endpoints").items():
            for field, index, name in _served(endpoint):
                if name in models or any(name.startswith(f"{each}.") for each in references):
                    yield self.at(
                        view,
                        f"resources.model_serving_endpoints.{key}.config.served_entities[{index}].{field}",
                        f"the endpoint `{key}` needs a version of a model that this bundle creates without one",
                        fix="create the endpoint in a task that runs after the model is registered",
                    )
        schemas = {
            (schema.get("catalog_name"), schema.get("name")) for schema in view.resources("schemas").values()
        }
        for key, monitor in view.resources("quality_monitors").items():
            catalog, _, rest = str(monitor.get("table_name") or "").partition(".")
            if (catalog, rest.partition(".")[0]) in schemas:
                yield self.at(
                    view,
                    f"resources.quality_monitors.{key}.table_name",
                    f"the monitor `{key}` needs a table in a schema that this bundle creates empty",
                    fix="create the monitor in a task that runs after the table is written",
                )


def _full_name(model: Mapping[str, Any]) -> str:
    parts = [model.get(field) for field in ("catalog_name", "schema_name", "name")]
    return ".".join(map(str, parts)) if all(parts) else ""


def _served(endpoint: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    for index, entity in enumerate((endpoint.get("config") or {}).get("served_entities") or []):
        if isinstance(entity, dict) and isinstance(entity.get("entity_name"), str):
            yield "entity_name", index, entity["entity_name"]
