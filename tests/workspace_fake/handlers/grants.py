"""Unity Catalog's privileges: who may do what, grants, effective grants.

A privilege on a catalog or a schema counts for everything inside. The owner of a securable may do everything with it and what is in it.
"""

from typing import Any

from databricks.sdk.service import catalog as types

from workspace_fake.bodies import fields_of_call
from workspace_fake.errors import ApiError, denied, invalid, missing
from workspace_fake.routes import Call, routes

_API = "/api/2.1/unity-catalog"
_TITLES = {
    "catalog": "Catalog",
    "schema": "Schema",
    "volume": "Volume",
    "table": "Table",
    "function": "Function",
    "registered_model": "RegisteredModel",
}
_FIT = {
    "table": {"SELECT", "MODIFY", "APPLY_TAG", "MANAGE", "ALL_PRIVILEGES", "READ_METADATA", "BROWSE"},
    "volume": {"READ_VOLUME", "WRITE_VOLUME", "APPLY_TAG", "MANAGE", "ALL_PRIVILEGES"},
    "function": {"EXECUTE", "APPLY_TAG", "MANAGE", "ALL_PRIVILEGES", "CREATE_MODEL_VERSION"},
}
_FIT["schema"] = set().union(*_FIT.values()) | {
    "USE_SCHEMA", "CREATE_TABLE", "CREATE_VOLUME", "CREATE_FUNCTION", "CREATE_MODEL",
    "CREATE_MATERIALIZED_VIEW", "REFRESH", "EXTERNAL_USE_SCHEMA",
}  # fmt: skip
_USE = {"catalog": "USE_CATALOG", "schema": "USE_SCHEMA"}
_FIT["catalog"] = _FIT["schema"] | {"USE_CATALOG", "CREATE_SCHEMA"}


def places(call: Call, kind: str) -> dict[str, dict[str, Any]]:
    """Return the securables of a kind; `function` holds models too, as the API has it."""
    state = call.state
    known = {
        "catalog": state.catalogs,
        "schema": state.schemas,
        "volume": state.volumes,
        "table": state.tables,
        "registered_model": state.models,
        "function": {**state.functions, **state.models},
    }
    if kind not in known:
        raise invalid(f"Securable type {kind} is not known to the fake workspace")
    return known[kind]


def kept_as(kind: str) -> str:
    return "function" if kind == "registered_model" else kind


def above(kind: str, name: str) -> list[tuple[str, str]]:
    """Return a securable and those that hold it, the innermost first."""
    parts = name.split(".")
    found = [(kept_as(kind), name)]
    if len(parts) == 3:
        found.append(("schema", ".".join(parts[:2])))
    if len(parts) > 1:
        found.append(("catalog", parts[0]))
    return found


def owns(call: Call, kind: str, name: str) -> bool:
    """Whether the caller, or a group of theirs, owns a securable or what holds it, or administers the metastore."""
    people, me = call.state.people, call.caller.name
    mine = {me, *people.groups_of(me)}
    owners = {places(call, each).get(whole, {}).get("owner") for each, whole in above(kind, name)}
    return people.is_admin(me) or bool(owners & mine)


def has(call: Call, privilege: str, kind: str, name: str) -> bool:
    """Whether the caller holds a privilege on a securable, here or above, themselves or by a group."""
    if owns(call, kind, name):
        return True
    mine = {call.caller.name, *call.state.people.groups_of(call.caller.name), "account users"}
    for place in above(kind, name):
        for principal, privileges in call.state.grants.get(place, {}).items():
            if principal in mine and privileges & {privilege, "ALL_PRIVILEGES"}:
                return True
    return False


def demand(call: Call, privilege: str, kind: str, name: str) -> None:
    """Refuse a caller who lacks a privilege, or the use of what holds the securable."""
    for each, whole in reversed(above(kind, name)):
        if each in _USE:
            _demand_one(call, _USE[each], each, whole)
    _demand_one(call, privilege, kind, name)


def _demand_one(call: Call, privilege: str, kind: str, name: str) -> None:
    if not has(call, privilege, kind, name):
        words = privilege.replace("_", " ")
        raise denied(f"User does not have {words} on {_TITLES[kind]} '{name}'.")


def demand_manage(call: Call, kind: str, name: str) -> None:
    """Refuse a caller who neither owns a securable nor has MANAGE on it."""
    if not has(call, "MANAGE", kind, name):
        raise denied(f"User is not an owner of {_TITLES[kind]} '{name}'.")


def _securable(call: Call) -> tuple[str, str]:
    kind, name = call.vars["kind"].lower(), call.vars["name"].lower()
    if name not in places(call, kind):
        raise missing(_TITLES[kind], name)
    return kept_as(kind), name


def _assignments(granted: dict[str, set[str]]) -> list[dict[str, Any]]:
    return [{"principal": who, "privileges": sorted(granted[who])} for who in sorted(granted) if granted[who]]


@routes("GET", f"{_API}/permissions/{{kind}}/{{name}}")
def get(call: Call) -> Any:
    place = _securable(call)
    if not has(call, "MANAGE", *place) and not any(has(call, each, *place) for each in _FIT[place[0]]):
        raise denied(f"User does not have permission to see the grants on {_TITLES[place[0]]} '{place[1]}'.")
    granted = call.state.grants.get(place, {})
    wanted = call.query.get("principal")
    return {"privilege_assignments": _assignments({k: v for k, v in granted.items() if wanted in (None, k)})}


@routes("GET", f"{_API}/effective-permissions/{{kind}}/{{name}}")
def effective(call: Call) -> Any:
    place = _securable(call)
    wanted = call.query.get("principal")
    people = call.state.people
    mine = None if wanted is None else {wanted, *people.groups_of(wanted)}
    found: dict[str, list[dict[str, Any]]] = {}
    for outer in above(*place):
        for principal, privileges in call.state.grants.get(outer, {}).items():
            if mine is not None and principal not in mine:
                continue
            for privilege in sorted(privileges):
                inherited = (
                    {}
                    if outer == place
                    else {"inherited_from_type": outer[0].upper(), "inherited_from_name": outer[1]}
                )
                found.setdefault(principal, []).append({"privilege": privilege, **inherited})
    return {"privilege_assignments": [{"principal": k, "privileges": v} for k, v in sorted(found.items())]}


@routes("PATCH", f"{_API}/permissions/{{kind}}/{{name}}")
def update(call: Call) -> Any:
    place = _securable(call)
    body = call.checked(fields_of_call(types.GrantsAPI.update), without=("securable_type", "full_name"))
    demand_manage(call, *place)
    changes = body.get("changes", [])
    for change in changes:
        _check_change(call, place[0], change)
    granted = call.state.grants.setdefault(place, {})
    for change in changes:
        mine = granted.setdefault(change["principal"], set())
        removed = set(change.get("remove") or ())
        mine -= mine if "ALL_PRIVILEGES" in removed else removed
        mine |= set(change.get("add") or ())
        if not mine:
            del granted[change["principal"]]
    return {"privilege_assignments": _assignments(granted)}


def _check_change(call: Call, kind: str, change: dict[str, Any]) -> None:
    principal = change.get("principal") or ""
    if not call.state.people.in_catalog(principal):
        raise missing_principal(principal)
    if set(change.get("add") or ()) & set(change.get("remove") or ()):
        raise invalid(f"Duplicate privileges to add and delete for principal {principal}.")
    for privilege in change.get("add") or ():
        if privilege not in _FIT[kind]:
            words = privilege.replace("_", " ")
            raise invalid(
                f"Privilege {words} is not applicable to this entity [{_TITLES[kind]}:{kind.upper()}]."
            )


def missing_principal(name: str) -> ApiError:
    """The refusal of a principal that the account does not have."""
    return ApiError(404, "PRINCIPAL_DOES_NOT_EXIST", f"Could not find principal with name {name}.")
