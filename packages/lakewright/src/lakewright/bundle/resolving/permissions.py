"""Who may do what: `run_as`, the bundle's permissions on its resources, and the deployer's own."""

from typing import Any

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, from_plain
from lakewright.bundle.resolving.identity import is_service_principal
from lakewright.bundle.rules.permissions.overlapping_permission import OverlappingPermission
from lakewright.bundle.rules.permissions.root_path_open_to_all import RootPathOpenToAll
from lakewright.bundle.rules.permissions.run_as_not_supported import RunAsNotSupported
from lakewright.bundle.rules.permissions.run_as_without_one_identity import RunAsWithoutOneIdentity
from lakewright.bundle.rules.permissions.unknown_permission_level import UnknownPermissionLevel

_LEVELS = {
    "jobs": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_VIEW", "CAN_RUN": "CAN_MANAGE_RUN"},
    "pipelines": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_VIEW", "CAN_RUN": "CAN_RUN"},
    "experiments": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_READ"},
    "models": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_READ"},
    "model_serving_endpoints": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_VIEW", "CAN_RUN": "CAN_QUERY"},
    "dashboards": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_READ"},
    "genie_spaces": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_READ"},
    "apps": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_USE"},
    "secret_scopes": {"CAN_MANAGE": "MANAGE", "CAN_VIEW": "READ"},
    "alerts": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_READ", "CAN_RUN": "CAN_RUN"},
    "sql_warehouses": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_VIEW", "CAN_RUN": "CAN_MONITOR"},
    "database_instances": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_USE"},
    "postgres_projects": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_USE"},
    "clusters": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_ATTACH_TO", "CAN_RUN": "CAN_RESTART"},
    "vector_search_endpoints": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_USE"},
    "instance_pools": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_ATTACH_TO"},
}
_OWNED = {"jobs", "pipelines", "sql_warehouses"}
_PRINCIPALS = ("user_name", "service_principal_name", "group_name")
_RANKS = (
    ("IS_OWNER",),
    ("CAN_MANAGE", "MANAGE"),
    ("CAN_MANAGE_RUN", "CAN_EDIT", "WRITE"),
    ("CAN_RESTART", "CAN_RUN", "CAN_QUERY", "CAN_MONITOR"),
)
_WITHOUT_RUN_AS = ("model_serving_endpoints", "quality_monitors", "apps")


def apply_run_as(draft: Draft) -> None:
    """Put the bundle's `run_as` into jobs, pipelines and alerts that have none."""
    run_as = draft.tree.get("run_as")
    if run_as is None or run_as.value is None:
        return
    names = [field for field in _PRINCIPALS[:2] if run_as.text(field)]
    if len(names) != 1:
        draft.add(RunAsWithoutOneIdentity.of(both=bool(names)))
        return
    identity = run_as.text(names[0])
    me = draft.tree.text("workspace", "current_user", "userName")
    if identity != me and draft.tree.plain("experimental", "use_legacy_run_as") is not True:
        _refuse_without_run_as(draft, identity, me)
    for kind in ("jobs", "pipelines", "alerts"):
        for _, resource in draft.resources(kind):
            if resource.get("run_as") is None:
                resource.set({names[0]: identity}, "run_as")


def _refuse_without_run_as(draft: Draft, identity: str, me: str) -> None:
    found = [(kind, f"resources.{kind}") for kind in _WITHOUT_RUN_AS if draft.resources(kind)]
    found += [
        ("dashboards with embed_credentials set to true", f"resources.dashboards.{key}")
        for key, dashboard in draft.resources("dashboards")
        if dashboard.plain("embed_credentials") is True
    ]
    for kind, path in found:
        draft.add_for_user(RunAsNotSupported.of(kind, identity, me, path))


def apply_permissions(draft: Draft) -> None:
    """Add the bundle's `permissions` to every resource that takes them, and the deployer's to each list."""
    wanted = draft.tree.get("permissions")
    for index, permission in enumerate(wanted.elements() if wanted else []):
        if permission.text("level") not in {"CAN_MANAGE", "CAN_VIEW", "CAN_RUN"}:
            draft.add(UnknownPermissionLevel.of(permission.text("level"), f"permissions[{index}].level"))
    for kind, levels in _LEVELS.items():
        for key, resource in draft.resources(kind):
            own = resource.plain("permissions") or []
            added = (
                [_at_level(permission.plain(), levels) for permission in wanted.elements()] if wanted else []
            )
            merged = [*own]
            for entry in filter(None, added):
                if (other := _overlapped(entry, own)) is None:
                    merged.append(entry)
                else:
                    _note_overlap(draft, resource, entry, own.index(other), f"resources.{kind}.{key}")
            if merged:
                resource.set(merged, "permissions")
            elif resource.is_map:
                resource.value.pop("permissions", None)  # an empty list is none, as for the CLI
    complete_permissions(draft)


def complete_permissions(draft: Draft) -> None:
    """Give the deployer what a deployment needs in each list of permissions; a second time it changes nothing."""
    me = draft.tree.text("workspace", "current_user", "userName")
    section = draft.tree.get("resources")
    for kind, resources in section.items() if section else []:
        for resource in resources.children():
            listed = resource.plain("permissions") if resource.is_map else None
            if listed and kind != "secret_scopes":
                places = resource.get("permissions")
                resource.value["permissions"] = from_plain(
                    _complete(listed, me, kind), places.locations if isinstance(places, Node) else ()
                )


def _at_level(permission: dict[str, Any], levels: dict[str, str]) -> dict[str, Any] | None:
    level = levels.get(str(permission.get("level")))
    return {**permission, "level": level} if level else None


def _principal(permission: dict[str, Any]) -> tuple[str, str]:
    for field in _PRINCIPALS:
        if permission.get(field):
            return field, str(permission[field])
    return "", ""


def _overlapped(permission: dict[str, Any], own: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the entry of a resource's own list that names the same principal."""
    return next((other for other in own if _principal(other) == _principal(permission)), None)


def _note_overlap(draft: Draft, resource: Node, permission: dict[str, Any], index: int, path: str) -> None:
    """Report that the own entry of a resource, at the index, keeps a permission of the bundle out."""
    entry = resource.elements("permissions")[index]
    levels = (str(permission["level"]), entry.text("level"))
    place = entry.location or resource.location
    draft.add(
        OverlappingPermission.of(_principal(permission)[1], levels, place, f"{path}.permissions[{index}]")
    )


def _complete(listed: list[dict[str, Any]], me: str, kind: str) -> list[dict[str, Any]]:
    """Give the deployer ownership or CAN_MANAGE, and each principal its highest level only."""
    mine = [entry for entry in listed if _principal(entry)[0] != "group_name" and _principal(entry)[1] == me]
    owned = any(entry.get("level") == "IS_OWNER" for entry in listed)
    field = "service_principal_name" if is_service_principal(me) else "user_name"
    if not any(entry.get("level") == "IS_OWNER" for entry in mine):
        level = "IS_OWNER" if kind in _OWNED and not owned else "CAN_MANAGE"
        listed = [*listed, {"level": level, field: me}]
    highest: dict[tuple[str, str], str] = {}
    for entry in listed:
        principal, level = _principal(entry), str(entry.get("level"))
        if principal[0] and (principal not in highest or _rank(level) < _rank(highest[principal])):
            highest[principal] = level
    return [{"level": level, field: name} for (field, name), level in highest.items()]


def _rank(level: str) -> int:
    return next((rank for rank, levels in enumerate(_RANKS) if level in levels), len(_RANKS))


def check_shared_root(draft: Draft) -> None:
    """Report a bundle in a folder that all users may write to."""
    root = draft.tree.text("workspace", "root_path")
    permissions = draft.tree.plain("permissions") or []
    opened = any(
        entry.get("group_name") == "users" and entry.get("level") == "CAN_MANAGE" for entry in permissions
    )
    if root.startswith("/Workspace/Shared/") and not opened:
        draft.add(RootPathOpenToAll.of(root))
