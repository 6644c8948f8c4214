"""The values that the CLI fills in for what a bundle leaves open, and its annotations of jobs and pipelines."""

import posixpath
import re
from typing import Any

from lakewright.bundle.draft import Draft
from lakewright.bundle.references import is_pure
from lakewright.bundle.schema import types
from lakewright.bundle.tree import Node, Path, match, parse_path

# Pattern of the holder, field, value. Source: the defaults of the Jobs, Pipelines and Clusters APIs and of the CLI.
_DEFAULTS: tuple[tuple[str, str, Any], ...] = (
    ("resources.dashboards.*", "embed_credentials", False),
    ("resources.volumes.*", "volume_type", "MANAGED"),
    ("resources.jobs.*", "name", "Untitled"),
    ("resources.jobs.*", "max_concurrent_runs", 1),
    ("resources.jobs.*.schedule", "pause_status", "UNPAUSED"),
    ("resources.jobs.*.trigger", "pause_status", "UNPAUSED"),
    ("resources.jobs.*.continuous", "pause_status", "UNPAUSED"),
    ("resources.jobs.*", "queue", {"enabled": True}),
    ("resources.jobs.*.job_clusters[*].new_cluster.workload_type.clients", "notebooks", True),
    ("resources.jobs.*.job_clusters[*].new_cluster.workload_type.clients", "jobs", True),
    ("resources.pipelines.*", "edition", "ADVANCED"),
    ("resources.pipelines.*", "channel", "CURRENT"),
    ("resources.sql_warehouses.*", "auto_stop_mins", 120),
    ("resources.sql_warehouses.*", "enable_photon", True),
    ("resources.sql_warehouses.*", "max_num_clusters", 1),
    ("resources.sql_warehouses.*", "spot_instance_policy", "COST_OPTIMIZED"),
    ("resources.apps.*", "description", ""),
    ("resources.clusters.*", "autotermination_minutes", 60),
    ("resources.clusters.*.workload_type.clients", "notebooks", True),
    ("resources.clusters.*.workload_type.clients", "jobs", True),
)
_PARENT_PATH = ("dashboards", "genie_spaces", "alerts")


def fill_defaults(draft: Draft) -> None:
    """Fill in what is left open, in place."""
    for pattern, field, value in _DEFAULTS:
        for _, holder in match(draft.tree, pattern):
            if holder.is_map and (holder.get(field) is None or holder.value[field].value is None):
                holder.set(value, field)
    for kind in _PARENT_PATH:
        for _, resource in draft.resources(kind):
            if not resource.text("parent_path"):
                resource.set(draft.tree.text("workspace", "resource_path"), "parent_path")
            elif not resource.text("parent_path").startswith(("/Workspace", "${")) and kind != "alerts":
                resource.set(
                    posixpath.join("/Workspace", resource.text("parent_path").lstrip("/")), "parent_path"
                )
    for _, task in [*match(draft.tree, "resources.jobs.*.tasks[*]"), *_inner_tasks(draft)]:
        if task.is_map and task.get("task_key") is None:
            task.value["task_key"] = Node("")
    _pooled_clusters(draft)


def _inner_tasks(draft: Draft) -> list[tuple[Path, Node]]:
    return list(match(draft.tree, "resources.jobs.*.tasks[*].for_each_task.task"))


def _pooled_clusters(draft: Draft) -> None:
    """Drop what an instance pool decides; show the zero workers of a cluster that says nothing."""
    for _, cluster in match(draft.tree, "resources.jobs.*.job_clusters[*].new_cluster"):
        if cluster.is_map and cluster.get("autoscale") is None and cluster.get("num_workers") is None:
            cluster.value["num_workers"] = Node(0)
    patterns = (
        "resources.jobs.*.job_clusters[*].new_cluster",
        "resources.jobs.*.tasks[*].new_cluster",
        "resources.clusters.*",
    )
    for pattern in patterns:
        for _, cluster in match(draft.tree, pattern):
            if not cluster.is_map:
                continue
            if not cluster.text("instance_pool_id"):
                cluster.value.pop("driver_instance_pool_id", None)
                continue
            for field in ("enable_elastic_disk", "node_type_id", "driver_node_type_id"):
                cluster.value.pop(field, None)


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
    """Write names of schemas that the bundle itself makes as references to them, as the CLI does."""
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
            draft.error(
                f"resources.volumes.{key}.volume_path is computed and read-only",
                path=f"resources.volumes.{key}.volume_path",
                fix="remove it from the configuration",
            )
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


def annotate(draft: Draft) -> None:
    """Mark jobs and pipelines as deployed by a bundle."""
    metadata = posixpath.join(draft.tree.text("workspace", "state_path"), "metadata.json")
    for _, job in draft.resources("jobs"):
        job.set({"kind": "BUNDLE", "metadata_file_path": metadata}, "deployment")
        job.set("UI_LOCKED", "edit_mode")
        job.set("MULTI_TASK", "format")
    for _, pipeline in draft.resources("pipelines"):
        pipeline.set({"kind": "BUNDLE", "metadata_file_path": metadata}, "deployment")


def drop_empty_strings(draft: Draft) -> None:
    """Leave out empty strings in resources: the API would take them for values."""
    section = draft.tree.get("resources")
    if section is not None:
        _drop_empty(section, "Resources")


def _drop_empty(node: Node, kind: str) -> None:
    if kind.startswith("["):
        for child in node.elements():
            _drop_empty(child, kind[1:-1])
    elif kind.startswith("{"):
        for child in node.children():
            _drop_empty(child, kind[1:-1])
    elif node.is_map and "fields" in (definition := types().get(kind, {})):
        for field, child in node.items():
            keep = field in definition.get("required", ()) or (kind == "App" and field == "description")
            if child.value == "" and not keep:
                del node.value[field]
            elif field in definition["fields"]:
                _drop_empty(child, definition["fields"][field])
