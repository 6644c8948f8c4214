"""Presets: name prefixes, tags, paused triggers. A value of the resource itself wins."""

import posixpath

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, from_plain
from lakewright.bundle.resolving.identity import normalise_name
from lakewright.bundle.rules.targets.development.unknown_pause_status import UnknownPauseStatus

_NAMES = {
    "jobs": "name",
    "pipelines": "name",
    "models": "name",
    "clusters": "cluster_name",
    "instance_pools": "instance_pool_name",
    "dashboards": "display_name",
    "genie_spaces": "title",
    "alerts": "display_name",
    "sql_warehouses": "name",
}
_IDENTIFIERS = {"schemas": "name", "registered_models": "name", "model_serving_endpoints": "name"}
_TAG_MAPS = {"jobs": "tags", "pipelines": "tags", "clusters": "custom_tags", "instance_pools": "custom_tags"}
_TAG_LISTS = {"models": ("tags",), "experiments": ("tags",), "sql_warehouses": ("tags", "custom_tags")}
_STATUSES = ("PAUSED", "UNPAUSED")


def identifier_prefix(prefix: str) -> str:
    """Return a name prefix as it stands before schemas and models.

    Examples:
        >>> identifier_prefix("[dev alice] ")
        'dev_alice_'
    """
    bare = prefix.replace("[", "").strip(" ")
    return normalise_name(bare) + ("_" if bare.endswith("]") else "")


def apply_presets(draft: Draft) -> None:
    """Apply `presets` to all resources."""
    tree = draft.tree
    status = tree.text("presets", "trigger_pause_status")
    if status and status not in _STATUSES:
        draft.add(UnknownPauseStatus.of())
        return
    _prefix_names(draft, tree.text("presets", "name_prefix"))
    tags = {str(key): str(value) for key, value in sorted((tree.plain("presets", "tags") or {}).items())}
    _add_tags(draft, tags)
    _limit_runs(draft)
    _pause(draft, status)
    if tree.plain("presets", "pipelines_development") is True:
        for _, pipeline in draft.resources("pipelines"):
            pipeline.set(True, "development")  # noqa: FBT003 - the value that is set


def _prefix_names(draft: Draft, prefix: str) -> None:
    if not prefix:
        return
    for kind, field in _NAMES.items():
        for _, resource in draft.resources(kind):
            resource.set(prefix + resource.text(field), field)
    for kind, field in _IDENTIFIERS.items():
        if kind == "schemas" and draft.tree.plain("experimental", "skip_name_prefix_for_schema") is True:
            continue
        for _, resource in draft.resources(kind):
            resource.set(identifier_prefix(prefix) + resource.text(field), field)
    for _, experiment in draft.resources("experiments"):
        folder, name = posixpath.split(experiment.text("name"))
        experiment.set(posixpath.join(folder, prefix + name), "name")


def _add_tags(draft: Draft, tags: dict[str, str]) -> None:
    if not tags:
        return
    for kind, field in _TAG_MAPS.items():
        for _, resource in draft.resources(kind):
            own = resource.plain(field) or {}
            for key, value in tags.items():
                if not own.get(key):
                    resource.set(value, field, key)
    for kind, path in _TAG_LISTS.items():
        for _, resource in draft.resources(kind):
            listed = resource.get(*path)
            present = [element.text("key") for element in listed.elements()] if listed else []
            missing = [{"key": key, "value": value} for key, value in tags.items() if key not in present]
            if missing:
                elements = [*(listed.elements() if listed else []), *from_plain(missing).elements()]
                resource.set(Node(elements, listed.locations if listed else ()), *path)


def _limit_runs(draft: Draft) -> None:
    limit = draft.tree.plain("presets", "jobs_max_concurrent_runs")
    for _, job in draft.resources("jobs") if limit else []:
        if not job.plain("max_concurrent_runs"):
            job.set(limit, "max_concurrent_runs")


def _pause(draft: Draft, status: str) -> None:
    if not status:
        return
    for _, job in draft.resources("jobs"):
        for trigger in ("schedule", "continuous", "trigger"):
            node = job.get(trigger)
            if node is not None and node.is_map and not node.text("pause_status"):
                node.set(status, "pause_status")
    for _, alert in draft.resources("alerts"):
        if alert.text("schedule", "quartz_cron_schedule") and not alert.text("schedule", "pause_status"):
            alert.set(status, "schedule", "pause_status")
    if status == "PAUSED":
        for _, pipeline in draft.resources("pipelines"):
            if pipeline.plain("continuous"):
                pipeline.set(False, "continuous")  # noqa: FBT003 - the value that is set
        for _, monitor in draft.resources("quality_monitors"):
            if monitor.get("schedule") and monitor.text("schedule", "pause_status") != "UNPAUSED":
                del monitor.value["schedule"]
