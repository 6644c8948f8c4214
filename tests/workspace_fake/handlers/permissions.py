"""Permissions on objects of the workspace: jobs, pipelines, folders, experiments, endpoints, warehouses, …"""

from typing import Any

from databricks.sdk.service import iam as types

from workspace_fake.bodies import fields_of_call
from workspace_fake.errors import denied, invalid, not_found
from workspace_fake.handlers.files import may_write
from workspace_fake.routes import Call, routes

_API = "/api/2.0/permissions"
_LEVELS = {
    "jobs": {"CAN_VIEW", "CAN_MANAGE_RUN", "IS_OWNER", "CAN_MANAGE"},
    "pipelines": {"CAN_VIEW", "CAN_RUN", "CAN_MANAGE", "IS_OWNER"},
    "directories": {"CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"},
    "experiments": {"CAN_READ", "CAN_EDIT", "CAN_MANAGE"},
    "serving-endpoints": {"CAN_VIEW", "CAN_QUERY", "CAN_MANAGE"},
    "sql/warehouses": {"CAN_USE", "CAN_MONITOR", "CAN_VIEW", "CAN_MANAGE", "IS_OWNER"},
    "dashboards": {"CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"},
    "alertsv2": {"CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"},
    "cluster-policies": {"CAN_USE"},
    "instance-pools": {"CAN_ATTACH_TO", "CAN_MANAGE"},
    "clusters": {"CAN_ATTACH_TO", "CAN_RESTART", "CAN_MANAGE"},
}
_ONE_OWNER = {"jobs": "job", "pipelines": "pipeline"}
_CREATORS = ("creator_user_name", "owner_user_name", "creator_name", "creator", "owner")
_WHO = ("user_name", "group_name", "service_principal_name")


def _objects(call: Call, kind: str) -> Any:
    state = call.state
    folders = {
        str(each.number): {"path": path} for path, each in state.entries.items() if each.kind == "DIRECTORY"
    }
    endpoints = {each["id"]: each for each in state.endpoints.values()}
    known: dict[str, Any] = {
        "jobs": {str(number): job for number, job in state.jobs.items()},
        "pipelines": state.pipelines,
        "directories": folders,
        "experiments": state.experiments,
        "serving-endpoints": endpoints,
        "sql/warehouses": state.warehouses,
        "dashboards": state.dashboards,
        "alertsv2": state.alerts,
        "cluster-policies": state.policies,
        "instance-pools": state.pools,
        "clusters": state.clusters,
    }
    if kind not in known:
        raise invalid(f"request_object_type is not recognized: {kind}")
    return known[kind]


def _object(call: Call) -> tuple[str, str, dict[str, Any]]:
    kind, _, number = call.vars["object"].rpartition("/")
    found = _objects(call, kind).get(number)
    if found is None:
        raise not_found(f"{kind.rstrip('s').capitalize()} {number} does not exist.")
    return kind, f"/{kind}/{number}", found


def can_manage(call: Call, key: str, creator: str | None) -> bool:
    """Whether the caller may change an object: its creator, its owner, who manages it, an administrator."""
    people, me = call.state.people, call.caller.name
    mine = {me, *people.groups_of(me)}
    listed = call.state.permissions.get(key, [])
    if people.is_admin(me):
        return True
    if any(
        acl["permission_level"] in ("CAN_MANAGE", "IS_OWNER") and {acl.get(each) for each in _WHO} & mine
        for acl in listed
    ):
        return True
    has_owner = any(acl["permission_level"] == "IS_OWNER" for acl in listed)
    return creator == me and not has_owner


def demand_manage_object(call: Call, key: str, creator: str | None, what: str) -> None:
    if not can_manage(call, key, creator):
        raise denied(f"{call.caller.name} does not have Manage permissions on {what}.")


def _shown(call: Call, kind: str, key: str) -> dict[str, Any]:
    listed = [
        {
            **{each: acl[each] for each in _WHO if acl.get(each)},
            "all_permissions": [{"permission_level": acl["permission_level"], "inherited": False}],
        }
        for acl in call.state.permissions.get(key, [])
    ]
    inherited = [
        {"permission_level": "CAN_MANAGE", "inherited": True, "inherited_from_object": [f"/{kind}/"]}
    ]
    return {
        "object_id": key,
        "object_type": kind.rstrip("s"),
        "access_control_list": [*listed, {"group_name": "admins", "all_permissions": inherited}],
    }


@routes("GET", f"{_API}/{{object...}}")
def get(call: Call) -> Any:
    kind, key, _ = _object(call)
    return _shown(call, kind, key)


@routes("PUT", f"{_API}/{{object...}}")
def put(call: Call) -> Any:
    """Replace the permissions of an object; a job and a pipeline keep one owner."""
    kind, key, found = _object(call)
    listed = _checked(call, kind)
    _demand(call, kind, key, found)
    owners = sum(each["permission_level"] == "IS_OWNER" for each in listed)
    if kind in _ONE_OWNER and owners != 1:
        raise invalid(f"The {_ONE_OWNER[kind]} must have exactly one owner.")
    call.state.permissions[key] = listed
    return _shown(call, kind, key)


@routes("PATCH", f"{_API}/{{object...}}")
def patch(call: Call) -> Any:
    """Add permissions, or replace those of the same principals."""
    kind, key, found = _object(call)
    listed = _checked(call, kind)
    _demand(call, kind, key, found)
    named = {_who(acl) for acl in listed}
    kept = [acl for acl in call.state.permissions.get(key, []) if _who(acl) not in named]
    call.state.permissions[key] = [*kept, *listed]
    return _shown(call, kind, key)


def _who(acl: dict[str, Any]) -> tuple[str, str]:
    return next((each, acl[each]) for each in _WHO if acl.get(each))


def _demand(call: Call, kind: str, key: str, found: dict[str, Any]) -> None:
    if kind == "directories" and may_write(call, found["path"]):
        return
    creator = next((found[name] for name in _CREATORS if found.get(name)), None)
    demand_manage_object(call, key, creator, f"{kind.rstrip('s')} {key.rpartition('/')[2]}")


def _checked(call: Call, kind: str) -> list[dict[str, Any]]:
    fields = fields_of_call(types.PermissionsAPI.set)
    body = call.checked(fields, without=("request_object_type", "request_object_id"))
    people = call.state.people
    listed: list[dict[str, Any]] = body.get("access_control_list", [])
    for acl in listed:
        named = [each for each in _WHO if acl.get(each)]
        if len(named) != 1:
            raise invalid("Exactly one of user_name, group_name, service_principal_name must be provided.")
        (who,) = named
        known = people.groups if who == "group_name" else people.principals
        if acl[who] not in known or (who == "user_name") != getattr(
            people.principals.get(acl[who]), "is_user", who == "user_name"
        ):
            raise not_found(f"Principal: {_title(who)}({acl[who]}) does not exist")
        if acl.get("permission_level") not in _LEVELS[kind]:
            level = acl.get("permission_level")
            raise invalid(f"Permission type {level} is not supported for {kind}: {sorted(_LEVELS[kind])}")
    return listed


def _title(who: str) -> str:
    return {"user_name": "UserName", "group_name": "GroupName"}.get(who, "ServicePrincipalName")
