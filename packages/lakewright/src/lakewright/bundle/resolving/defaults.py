"""The values that the CLI fills in for what a bundle leaves open, and its annotations of jobs and pipelines."""

import posixpath
from typing import Any

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, match
from lakewright.bundle.schema.types import types

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
_REPEATED = "resources.jobs.*.tasks[*].for_each_task.task"
_PARENT_PATH = ("dashboards", "genie_spaces", "alerts")


def fill_defaults(draft: Draft) -> None:
    """Fill in what is left open, in place."""
    for pattern, field, value in _DEFAULTS:
        for _, holder in match(draft.tree, pattern):
            if holder.is_map and (holder.get(field) is None or holder.value[field].value is None):
                holder.set(value, field)
    for kind in _PARENT_PATH:
        for _, resource in draft.resources(kind):
            _parent_path(resource, kind, draft.tree.text("workspace", "resource_path"))
    for _, task in [*match(draft.tree, "resources.jobs.*.tasks[*]"), *match(draft.tree, _REPEATED)]:
        if task.is_map and task.get("task_key") is None:
            task.value["task_key"] = Node("")
    fit_clusters(draft)


def _parent_path(resource: Node, kind: str, default: str) -> None:
    """Fill in the folder of a dashboard, a Genie space or an alert; an empty text is no gap, it is the top folder."""
    if resource.plain("parent_path") is None:
        resource.set(default, "parent_path")
    written = resource.text("parent_path")
    if kind == "alerts" or written == "/Workspace" or written.startswith(("/Workspace/", "${")):
        return
    resource.set(posixpath.normpath(f"/Workspace/{written}"), "parent_path")


def fit_clusters(draft: Draft) -> None:
    """Drop the fields that an instance pool decides, and add `num_workers: 0` to a job cluster without a size."""
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


def drop_filled_in_keys(draft: Draft) -> None:
    """Leave out the keys that `fill_defaults` gave to repeated tasks; without them, LW304 would repeat LW626."""
    for _, task in match(draft.tree, _REPEATED):
        key = task.get("task_key")
        if key is not None and key.value == "" and not key.locations:
            del task.value["task_key"]


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
