"""Data-quality monitors of tables, by the interface that took the place of `quality_monitors`.

Source: https://docs.databricks.com/api/workspace/dataquality
"""

from typing import Any

from databricks.sdk.service import dataquality as types

from workspace_fake.bodies import check_body, fields_of_type
from workspace_fake.errors import ApiError, invalid, missing, not_found
from workspace_fake.handlers.grants import demand, demand_manage, has, owns
from workspace_fake.routes import Call, routes
from workspace_fake.state import Json

_API = "/api/data-quality/v1/monitors"
_ONE = f"{_API}/{{object_type}}/{{object_id}}"
_PROFILE = "data_profiling_config"
_KINDS = ("snapshot", "time_series", "inference_log")


def _table(call: Call, kind: str, number: str) -> str:
    """Return the name of the table with an id; monitors of schemas are not known here."""
    if kind != "table":
        raise invalid(f"Object type {kind} is not known to the fake workspace")
    found = next((name for name, each in call.state.tables.items() if each["table_id"] == number), None)
    if found is None:
        raise missing("Table", number)
    return found


def _demand_rights(call: Call, table: str) -> None:
    if not owns(call, "table", table):
        demand_manage(call, "table", table)


def _checked(call: Call, profile: Json) -> None:
    given = [kind for kind in _KINDS if profile.get(kind) is not None]
    if len(given) != 1:
        raise invalid(f"Exactly one of {', '.join(_KINDS)} must be given, found {given or 'none'}")
    number = profile["output_schema_id"]
    schema = next((name for name, each in call.state.schemas.items() if each["schema_id"] == number), None)
    if schema is None:
        raise missing("Schema", number)
    demand(call, "CREATE_TABLE", "schema", schema)


def _body(call: Call) -> Json:
    call.ignored += check_body(call.body, fields_of_type(types.Monitor))
    if not isinstance(call.body.get(_PROFILE), dict):
        raise invalid(f"Missing required field: {_PROFILE}")
    return dict(call.body)


@routes("POST", _API)
def create_monitor(call: Call) -> Any:
    body = _body(call)
    table = _table(call, body["object_type"], body["object_id"])
    _checked(call, body[_PROFILE])
    _demand_rights(call, table)
    if body["object_id"] in call.state.data_monitors:
        raise ApiError(409, "ALREADY_EXISTS", f"Monitor for table {body['object_id']} already exists.")
    profile = {**body[_PROFILE], "monitored_table_name": table, "status": "DATA_PROFILING_STATUS_ACTIVE"}
    if not profile.get("slicing_exprs"):
        profile.pop("slicing_exprs", None)  # an empty list is left out of an answer
    call.state.data_monitors[body["object_id"]] = {**body, _PROFILE: profile}
    return call.state.data_monitors[body["object_id"]]


def _found(call: Call) -> Json:
    number = call.vars["object_id"]
    table = _table(call, call.vars["object_type"], number)
    if number not in call.state.data_monitors:
        raise not_found(f"Monitor for table {number} does not exist.")
    if not any(has(call, each, "table", table) for each in ("SELECT", "MANAGE")):
        raise ApiError(403, "PERMISSION_DENIED", f"User does not have SELECT on Table '{table}'.")
    return call.state.data_monitors[number]


@routes("GET", _ONE)
def get_monitor(call: Call) -> Any:
    return _found(call)


@routes("PATCH", _ONE)
def update_monitor(call: Call) -> Any:
    found, body = _found(call), _body(call)
    _demand_rights(call, found[_PROFILE]["monitored_table_name"])
    mask = call.query.get("update_mask")
    if not mask:
        raise invalid("Missing required field: update_mask")
    changed = dict(found[_PROFILE])
    for path in mask.split(","):
        section, _, field = path.partition(".")
        if section != _PROFILE or field not in fields_of_type(types.DataProfilingConfig).types:
            raise invalid(f"Invalid field in update_mask: {path}")
        if body[_PROFILE].get(field) in (None, []):
            changed.pop(field, None)
        else:
            changed[field] = body[_PROFILE][field]
    _checked(call, changed)
    found[_PROFILE] = changed
    return found


@routes("DELETE", _ONE)
def delete_monitor(call: Call) -> Any:
    found = _found(call)
    _demand_rights(call, found[_PROFILE]["monitored_table_name"])
    del call.state.data_monitors[call.vars["object_id"]]
