"""Secret scopes, their access lists, and secrets (whose values are never given back)."""

from typing import Any

from databricks.sdk.service import workspace as types

from workspace_fake.bodies import fields_of_call
from workspace_fake.errors import already_there, denied, invalid, not_found
from workspace_fake.routes import Call, routes
from workspace_fake.state import Json

_API = "/api/2.0/secrets"


def _scope(call: Call, name: str | None) -> Json:
    if not name or name not in call.state.scopes:
        raise not_found(f"Scope {name} does not exist!")
    return call.state.scopes[name]


def _demand_manage(call: Call, scope: Json) -> None:
    people, me = call.state.people, call.caller.name
    mine = {me, *people.groups_of(me)}
    if not people.is_admin(me) and not any(scope["acls"].get(each) == "MANAGE" for each in mine):
        raise denied(f"User {me} does not have MANAGE permission on scope {scope['name']}")


@routes("POST", f"{_API}/scopes/create")
def create(call: Call) -> Any:
    body = call.checked(fields_of_call(types.SecretsAPI.create_scope))
    name = body["scope"]
    if name in call.state.scopes:
        raise already_there(f"Scope {name} already exists!")
    manager = body.get("initial_manage_principal", call.caller.name)
    if manager not in ("users", call.caller.name):
        raise invalid("initial_manage_principal may be `users` or be left out")
    kind = body.get("scope_backend_type", "DATABRICKS")
    call.state.scopes[name] = {"name": name, "backend_type": kind, "acls": {manager: "MANAGE"}, "secrets": {}}


@routes("GET", f"{_API}/scopes/list")
def scopes(call: Call) -> Any:
    found = call.state.scopes.values()
    return {"scopes": [{"name": each["name"], "backend_type": each["backend_type"]} for each in found]}


@routes("POST", f"{_API}/scopes/delete")
def delete(call: Call) -> Any:
    body = call.checked(fields_of_call(types.SecretsAPI.delete_scope))
    _demand_manage(call, _scope(call, body["scope"]))
    del call.state.scopes[body["scope"]]


@routes("GET", f"{_API}/acls/list")
def acls(call: Call) -> Any:
    scope = _scope(call, call.query.get("scope"))
    return {
        "items": [{"principal": who, "permission": level} for who, level in sorted(scope["acls"].items())]
    }


@routes("POST", f"{_API}/acls/put")
def put_acl(call: Call) -> Any:
    body = call.checked(fields_of_call(types.SecretsAPI.put_acl))
    scope = _scope(call, body["scope"])
    _demand_manage(call, scope)
    who, people = body["principal"], call.state.people
    if who not in people.principals and who not in people.groups:
        raise not_found(f"Principal {who} does not exist")
    scope["acls"][who] = body["permission"]


@routes("POST", f"{_API}/acls/delete")
def delete_acl(call: Call) -> Any:
    body = call.checked(fields_of_call(types.SecretsAPI.delete_acl))
    scope = _scope(call, body["scope"])
    _demand_manage(call, scope)
    if scope["acls"].pop(body["principal"], None) is None:
        raise not_found(f"Failed to get secret acl for {body['principal']} for scope {body['scope']}.")


@routes("POST", f"{_API}/put")
def put(call: Call) -> Any:
    body = call.checked(fields_of_call(types.SecretsAPI.put_secret))
    scope = _scope(call, body["scope"])
    _demand_manage(call, scope)
    scope["secrets"][body["key"]] = call.state.now()


@routes("GET", f"{_API}/list")
def listed(call: Call) -> Any:
    scope = _scope(call, call.query.get("scope"))
    return {"secrets": [{"key": k, "last_updated_timestamp": v} for k, v in sorted(scope["secrets"].items())]}
