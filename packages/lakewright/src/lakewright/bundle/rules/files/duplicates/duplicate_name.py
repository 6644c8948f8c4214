"""LW134: Two resources have the same name.

Source: databricks-sdk, the methods `create` of schemas, volumes, registered_models, catalogs, warehouses and serving_endpoints;
    https://docs.databricks.com/api/workspace/pipelines/create (`allow_duplicate_names`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule

_NAMES = {
    "catalogs": ("name",),
    "schemas": ("catalog_name", "name"),
    "volumes": ("catalog_name", "schema_name", "name"),
    "registered_models": ("catalog_name", "schema_name", "name"),
    "sql_warehouses": ("name",),
    "model_serving_endpoints": ("name",),
    "apps": ("name",),
    "secret_scopes": ("name",),
    "experiments": ("name",),
    "pipelines": ("name",),
}


class DuplicateName(BundleRule):
    """Two resources have the same name.

    ## What it does

    Reports two resources of one kind with the same full name, for kinds whose names are unique: catalogs, schemas, volumes, registered
    models, SQL warehouses, serving endpoints, apps, secret scopes, experiments, and pipelines without `allow_duplicate_names`. Names with
    references that only a workspace resolves are compared as they are written.

    ## Why is this bad?

    The deployment creates the first one and fails at the second, which exists by then.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      schemas:
        landing: {catalog_name: dev_shop, name: landing}
        raw: {catalog_name: dev_shop, name: landing}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      schemas:
        landing: {catalog_name: dev_shop, name: landing}
        raw: {catalog_name: dev_shop, name: raw}
    ```
    """

    code = "LW134"
    name = "duplicate-name"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each resource whose full name another one before it has."""
        for kind, fields in _NAMES.items():
            first: dict[tuple[str, ...], str] = {}
            for key, resource in view.resources(kind).items():
                name = _full_name(kind, resource, fields)
                if name is None:
                    continue
                if name not in first:
                    first[name] = key
                    continue
                yield self.at(
                    view,
                    f"resources.{kind}.{key}.{fields[-1]}",
                    f"the {kind} `{first[name]}` and `{key}` have the same name `{'.'.join(name)}`",
                    fix="give one of them another name, or remove it",
                )


def _full_name(kind: str, resource: Mapping[str, Any], fields: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the parts of a name as Unity Catalog compares them; None if one is missing or may be used twice."""
    if kind == "pipelines" and resource.get("allow_duplicate_names"):
        return None
    parts = [resource.get(field) for field in fields]
    if not all(isinstance(part, str) and part for part in parts):
        return None
    return tuple(str(part) if "${" in str(part) else str(part).lower() for part in parts)
