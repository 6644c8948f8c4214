"""Catalogs, schemas and volumes that the bundle itself makes: references to them, and the paths of volumes."""

import re

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.references import is_pure
from lakewright.bundle.model.tree import Node, match, parse_path
from lakewright.bundle.rules.schema.fields.computed_field import ComputedField

# Where a catalog and its schemas are named: pattern of the holder, the catalog's field, the schemas' fields.
_SCHEMA_USES = (
    ("resources.volumes.*", "catalog_name", ("schema_name",)),
    ("resources.registered_models.*", "catalog_name", ("schema_name",)),
    ("resources.secrets.*", "catalog_name", ("schema_name",)),
    ("resources.pipelines.*", "catalog", ("schema", "target")),
    (
        "resources.model_serving_endpoints.*.ai_gateway.inference_table_config",
        "catalog_name",
        ("schema_name",),
    ),
    ("resources.model_serving_endpoints.*.config.auto_capture_config", "catalog_name", ("schema_name",)),
)


def capture_dependencies(draft: Draft) -> None:
    """Replace the names of schemas that the bundle creates by references to them, as the CLI does."""
    schemas = {
        (schema.text("catalog_name"), schema.text("name")): f"${{resources.schemas.{key}.name}}"
        for key, schema in draft.resources("schemas")
        if schema.text("name")
    }
    catalogs = {
        catalog.text("name"): f"${{resources.catalogs.{key}.name}}"
        for key, catalog in draft.resources("catalogs")
        if catalog.text("name")
    }
    for pattern, catalog_field, fields in _SCHEMA_USES:
        for _, resource in match(draft.tree, pattern):
            catalog = resource.text(catalog_field)
            for field in fields:
                if reference := schemas.get((catalog, resource.text(field))):
                    resource.set(reference, field)
            if catalog in catalogs:
                resource.set(catalogs[catalog], catalog_field)
    for _, monitor in draft.resources("quality_monitors"):
        catalog, _, schema = monitor.text("output_schema_name").partition(".")
        if catalog in catalogs or (catalog, schema) in schemas:
            monitor.set(
                f"{catalogs.get(catalog, catalog)}.{schemas.get((catalog, schema), schema)}",
                "output_schema_name",
            )
    for _, schema_node in draft.resources("schemas"):
        if schema_node.text("catalog_name") in catalogs:
            schema_node.set(catalogs[schema_node.text("catalog_name")], "catalog_name")


def fill_volume_paths(draft: Draft) -> None:
    """Set `volume_path` of every volume, and put it where `${resources.volumes.x.volume_path}` stands."""
    for key, volume in draft.resources("volumes"):
        if volume.get("volume_path") is not None:
            draft.add(ComputedField.of(f"resources.volumes.{key}.volume_path"))
            continue
        parts = [_name(draft, volume.text(field)) for field in ("catalog_name", "schema_name", "name")]
        volume.set("/Volumes/" + "/".join(parts), "volume_path")
    _replace_volume_paths(draft, draft.tree)


def _name(draft: Draft, text: str) -> str:
    if is_pure(text) and text.startswith("${resources."):
        return draft.tree.text(*parse_path(text[2:-1])) or text
    return text


_VOLUME_PATH = re.compile(r"\$\{(resources\.volumes\.[^.}]+\.volume_path)\}")


def _replace_volume_paths(draft: Draft, node: Node) -> None:
    if isinstance(node.value, str):
        if "volume_path}" in node.value:
            node.value = _VOLUME_PATH.sub(
                lambda found: draft.tree.text(*parse_path(found[1])) or found[0], node.value
            )
        return
    for child in node.children():
        _replace_volume_paths(draft, child)
