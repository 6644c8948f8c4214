"""Who is signed in, and look-ups of users, groups and service principals (SCIM)."""

import re
from typing import Any

from workspace_fake.errors import invalid, not_found
from workspace_fake.people import Principal
from workspace_fake.routes import Call, routes

_SCIM = "/api/2.0/preview/scim/v2"
_FILTER = re.compile(r"\s*(\S+)\s+eq\s+[\"']?([^\"']*)[\"']?\s*", re.IGNORECASE)


def _user(call: Call, who: Principal) -> dict[str, Any]:
    groups = call.state.people.groups_of(who.name)
    found: dict[str, Any] = {
        "id": who.number,
        "displayName": who.display_name,
        "active": True,
        "groups": [{"display": name, "type": "direct", "value": _group_id(name)} for name in sorted(groups)],
    }
    if who.is_user:
        return found | {
            "userName": who.name,
            "emails": [{"type": "work", "value": who.name, "primary": True}],
        }
    return found | {"applicationId": who.name}


def _group_id(name: str) -> str:
    return str(700_000 + sum(map(ord, name)))


def _group(call: Call, name: str) -> dict[str, Any]:
    """Return a group with its direct members, groups among them, and the groups that it belongs to."""
    people = call.state.people
    members = []
    for each in sorted(people.groups[name]):
        if each in people.principals:
            who = people.principals[each]
            members.append({"value": who.number, "display": who.display_name})
        elif each in people.groups:
            members.append({"value": _group_id(each), "display": each, "$ref": f"Groups/{_group_id(each)}"})
    outer = [
        {"display": each, "type": "direct", "value": _group_id(each)}
        for each in sorted(people.groups_of(name))
    ]
    return {"id": _group_id(name), "displayName": name, "members": members, "groups": outer}


@routes("GET", f"{_SCIM}/Me")
def me(call: Call) -> Any:
    found = _user(call, call.caller)
    return found | {"userName": call.caller.name}  # of a service principal too


def _listed(call: Call, found: list[dict[str, Any]]) -> dict[str, Any]:
    asked = call.query.get("filter")
    if asked:
        parts = _FILTER.fullmatch(asked)
        if parts is None:
            raise invalid(f"Given filter operator is not supported: {asked}")
        name, value = parts.groups()
        found = [each for each in found if str(each.get(name, "")).lower() == value.lower()]
    start, count = int(call.query.get("startIndex", "1")), int(call.query.get("count", "100"))
    return {
        "totalResults": len(found),
        "startIndex": start,
        "itemsPerPage": min(count, len(found)),
        "Resources": found[start - 1 : start - 1 + count],
    }


@routes("GET", f"{_SCIM}/Users")
def users(call: Call) -> Any:
    people = call.state.people.principals.values()
    return _listed(call, [_user(call, each) for each in people if each.is_user])


@routes("GET", f"{_SCIM}/ServicePrincipals")
def service_principals(call: Call) -> Any:
    people = call.state.people.principals.values()
    return _listed(call, [_user(call, each) for each in people if not each.is_user])


@routes("GET", f"{_SCIM}/Groups")
def groups(call: Call) -> Any:
    return _listed(call, [_group(call, name) for name in sorted(call.state.people.groups)])


@routes("GET", f"{_SCIM}/Groups/{{number}}")
def group(call: Call) -> Any:
    for name in call.state.people.groups:
        if _group_id(name) == call.vars["number"]:
            return _group(call, name)
    raise not_found(f"Group with id {call.vars['number']} not found.")
