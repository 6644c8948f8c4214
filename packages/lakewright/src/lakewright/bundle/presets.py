"""Target modes and presets: name prefixes, tags, paused triggers; what a resource says itself wins."""

import posixpath

from lakewright.bundle.draft import Draft
from lakewright.bundle.identity import is_service_principal, normalise_name
from lakewright.bundle.tree import Node, from_plain

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
_CONCURRENT_RUNS_IN_DEVELOPMENT = 4


def apply_mode(draft: Draft) -> None:
    """Fill the presets that `mode: development` implies, where the configuration leaves them open."""
    if draft.tree.text("bundle", "mode") != "development":
        return
    tree = draft.tree
    if tree.plain("bundle", "deployment", "lock", "enabled") is not True:
        tree.set(False, "bundle", "deployment", "lock", "enabled")  # noqa: FBT003 (the value that is set)
    short = tree.text("workspace", "current_user", "short_name")
    # The prefix keeps developers apart in one workspace; a local lakehouse has one developer, and plain names.
    if not tree.text("presets", "name_prefix") and draft.local is None:
        tree.set(f"[dev {short}] ", "presets", "name_prefix")
    if tree.get("presets", "tags", "dev") is None:
        tree.set(short, "presets", "tags", "dev")
    if not tree.plain("presets", "jobs_max_concurrent_runs"):
        tree.set(_CONCURRENT_RUNS_IN_DEVELOPMENT, "presets", "jobs_max_concurrent_runs")
    if not tree.text("presets", "trigger_pause_status"):
        tree.set("PAUSED", "presets", "trigger_pause_status")
    if tree.plain("presets", "pipelines_development") is not False:
        tree.set(True, "presets", "pipelines_development")  # noqa: FBT003 (the value that is set)


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
        draft.error(
            "Invalid value for trigger_pause_status, should be PAUSED or UNPAUSED",
            path="presets.trigger_pause_status",
            fix="write PAUSED or UNPAUSED",
        )
        return
    _prefix_names(draft, tree.text("presets", "name_prefix"))
    tags = {str(key): str(value) for key, value in sorted((tree.plain("presets", "tags") or {}).items())}
    _add_tags(draft, tags)
    _limit_runs(draft)
    _pause(draft, status)
    if tree.plain("presets", "pipelines_development") is True:
        for _, pipeline in draft.resources("pipelines"):
            pipeline.set(True, "development")  # noqa: FBT003 (the value that is set)


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
                pipeline.set(False, "continuous")  # noqa: FBT003 (the value that is set)
        for _, monitor in draft.resources("quality_monitors"):
            if monitor.get("schedule") and monitor.text("schedule", "pause_status") != "UNPAUSED":
                del monitor.value["schedule"]


def check_mode(draft: Draft) -> None:
    """Check what `mode: development` and `mode: production` demand of a target."""
    mode = draft.tree.text("bundle", "mode")
    if mode == "development":
        _check_development(draft)
    elif mode == "production":
        _check_production(draft)


def _check_development(draft: Draft) -> None:
    tree = draft.tree
    user = [
        tree.text("workspace", "current_user", field)
        for field in ("userName", "short_name", "domain_friendly_name")
    ]
    if tree.text("presets", "trigger_pause_status") == "UNPAUSED":
        draft.error(
            "target with 'mode: development' cannot set trigger pause status to UNPAUSED by default",
            path="presets.trigger_pause_status",
            fix="remove it, and unpause single jobs by their own `pause_status`",
        )
    for field in ("root_path", "file_path", "resource_path", "artifact_path", "state_path"):
        value = tree.text("workspace", field)
        if value and not any(name and name in value for name in user[:2]):
            volume = field == "artifact_path" and value.startswith("/Volumes")
            start = "should contain" if volume else "must start with '~/' or contain"
            draft.report_by_user(
                f"{field} {start} the current username to ensure uniqueness when using 'mode: development'",
                path=f"workspace.{field}",
                detail=f"it is {value}",
                fix="put `${workspace.current_user.short_name}` into it, or begin it with `~/`",
            )
            break
    prefix = tree.text("presets", "name_prefix")
    if prefix and not any(name and name in prefix for name in user):
        draft.report_by_user(
            "prefix should contain the current username or ${workspace.current_user.short_name} "
            "to ensure uniqueness when using 'mode: development'",
            path="presets.name_prefix",
            fix='write `name_prefix: "[${workspace.current_user.short_name}] "`',
        )


def _check_production(draft: Draft) -> None:
    for key, pipeline in draft.resources("pipelines"):
        if pipeline.plain("development") is True:
            draft.error(
                "target with 'mode: production' cannot include a pipeline with 'development: true'",
                path=f"resources.pipelines.{key}.development",
                fix="remove `development: true`: the mode decides it",
            )
    if draft.target_node.text("workspace", "root_path"):
        return
    jobs = draft.resources("jobs")
    name = draft.tree.text("workspace", "current_user", "userName")
    only_run_as = all(job.get("run_as") is not None for _, job in jobs) or is_service_principal(name)
    report = draft.recommend if only_run_as else draft.report_by_user
    report(
        f"target with 'mode: production' {'should' if only_run_as else 'must'} set 'workspace.root_path' "
        "to make sure only one copy is deployed",
        path=f"targets.{draft.target}",
        location=draft.target_node.location,
        fix=f"root_path: /Workspace/Users/{name}/.bundle/${{bundle.name}}/${{bundle.target}}",
    )
