"""The resources that a deployment makes, and the names under which somebody else may have made them.

Source: https://github.com/databricks/cli/blob/main/bundle/config/resources (`Exists` of each kind: what `bind` takes as the id)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lakewright.bundle import Bundle
from lakewright.deploy.preflight.wanted.named import known_text, section

_NAMES = {
    "jobs": ("name",),
    "pipelines": ("name",),
    "catalogs": ("name",),
    "schemas": ("catalog_name", "name"),
    "volumes": ("catalog_name", "schema_name", "name"),
    "registered_models": ("catalog_name", "schema_name", "name"),
    "experiments": ("name",),
    "model_serving_endpoints": ("name",),
    "sql_warehouses": ("name",),
    "secret_scopes": ("name",),
    "external_locations": ("name",),
    "quality_monitors": ("table_name",),
    "apps": ("name",),
}
_DASHBOARD = ".lvdash.json"
_WORDS = {
    "jobs": "job",
    "pipelines": "pipeline",
    "catalogs": "catalog",
    "schemas": "schema",
    "volumes": "volume",
    "registered_models": "registered model",
    "experiments": "experiment",
    "model_serving_endpoints": "serving endpoint",
    "sql_warehouses": "SQL warehouse",
    "secret_scopes": "secret scope",
    "external_locations": "external location",
    "quality_monitors": "quality monitor of",
    "apps": "app",
    "dashboards": "dashboard",
}


@dataclass(frozen=True)
class Made:
    """A resource that a deployment makes.

    Attributes:
        section: Its section of `resources`, such as `jobs`.
        key: Its key.
        name: The name in the workspace; a path for a dashboard.
    """

    section: str
    key: str
    name: str

    @property
    def path(self) -> str:
        """Its key path, which is also its key in the state of a deployment."""
        return f"resources.{self.section}.{self.key}"

    @property
    def words(self) -> str:
        """What it is, for people: `job main_pipeline`."""
        return f"{_WORDS[self.section]} {self.name}"


def made_by(bundle: Bundle) -> tuple[Made, ...]:
    """Return the resources of a bundle whose names are known before the deployment."""
    return (*_named(bundle), *_dashboards(bundle))


def _named(bundle: Bundle) -> Iterator[Made]:
    for kind, fields in _NAMES.items():
        for key, resource in section(bundle, kind):
            parts = [known_text(bundle, resource.get(field)) for field in fields]
            if all(parts):
                yield Made(kind, key, ".".join(str(part) for part in parts))


def _dashboards(bundle: Bundle) -> Iterator[Made]:
    folder = (bundle.resolved.get("workspace") or {}).get("resource_path")
    for key, resource in section(bundle, "dashboards"):
        name = known_text(bundle, resource.get("display_name"))
        parent = known_text(bundle, resource.get("parent_path") or folder)
        if name and parent:
            yield Made("dashboards", key, f"{parent.rstrip('/')}/{name}{_DASHBOARD}")
