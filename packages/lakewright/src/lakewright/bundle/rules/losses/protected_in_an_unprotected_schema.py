"""LW561: A protected resource is deleted with its schema, which is not protected."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule

_PLACES = ("schema_name", "schema", "target", "catalog_name", "catalog")
_HOLDER = re.compile(r"\$\{resources\.(schemas|catalogs)\.([^.}\[]+)\.")


class ProtectedInAnUnprotectedSchema(BundleRule):
    """A protected resource is deleted with its schema, which is not protected.

    ## What it does

    Reports `lifecycle: {prevent_destroy: true}` of a volume, a model, a pipeline or a schema that lies in a schema or a catalog of the
    bundle without it.

    ## Why is this bad?

    The Databricks CLI deletes a schema with force, and looks at the protection of the schema alone. A new `catalog_name` of the schema
    deletes it with all its volumes, models and tables. `lakewright plan-gate` refuses such a plan.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      schemas:
        raw: {catalog_name: main, name: raw}
      volumes:
        landing:
          catalog_name: main
          schema_name: ${resources.schemas.raw.name}
          name: landing
          lifecycle: {prevent_destroy: true}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      schemas:
        raw: {catalog_name: main, name: raw, lifecycle: {prevent_destroy: true}}
      volumes:
        landing:
          catalog_name: main
          schema_name: ${resources.schemas.raw.name}
          name: landing
          lifecycle: {prevent_destroy: true}
    ```
    """

    code = "LW561"
    name = "protected-in-an-unprotected-schema"
    severity = "warning"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each protected resource once for each schema or catalog around it that is not protected."""
        resources = view.bundle.resolved.get("resources") or {}
        for kind, section in resources.items():
            for key, resource in (section or {}).items() if isinstance(section, dict) else ():
                if not _is_protected(resource):
                    continue
                for holder in _holders(resource, resources):
                    yield self.at(
                        view,
                        f"resources.{kind}.{key}.lifecycle.prevent_destroy",
                        f"resources.{kind}.{key} is protected, and {holder} around it is not",
                        detail="a deployment that recreates what is around it deletes it all the same",
                        fix=f"add `lifecycle: {{prevent_destroy: true}}` to {holder}",
                    )


def _holders(resource: Mapping[str, Any], resources: Mapping[str, Any]) -> list[str]:
    """Return the paths of the schemas and catalogs of the bundle around a resource that are not protected."""
    texts = [str(resource.get(field) or "") for field in _PLACES]
    named = dict.fromkeys(found.groups() for text in texts for found in _HOLDER.finditer(text))
    return [
        f"resources.{kind}.{key}"
        for kind, key in named
        if not _is_protected((resources.get(kind) or {}).get(key))
    ]


def _is_protected(resource: object) -> bool:
    lifecycle = resource.get("lifecycle") if isinstance(resource, dict) else None
    return isinstance(lifecycle, dict) and lifecycle.get("prevent_destroy") is True
