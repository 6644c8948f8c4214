"""SQL warehouses, alerts (v2), dashboards, pipelines."""

import json
from typing import Any

from databricks.sdk.service import dashboards, pipelines, sql

from workspace_fake.bodies import Fields, fields_of_call, fields_of_type
from workspace_fake.errors import ApiError, already_there, invalid, missing, not_found
from workspace_fake.handlers.files import plain
from workspace_fake.handlers.jobs import check_run_as
from workspace_fake.handlers.permissions import demand_manage_object
from workspace_fake.people import steady_uuid
from workspace_fake.routes import Call, routes
from workspace_fake.state import Entry, Json

_WAREHOUSES = "/api/2.0/sql/warehouses"
_ALERTS = "/api/2.0/alerts"
_DASHBOARDS = "/api/2.0/lakeview/dashboards"
_PIPELINES = "/api/2.0/pipelines"
_SIZES = (
    "2X-Small",
    "X-Small",
    "Small",
    "Medium",
    "Large",
    "X-Large",
    "2X-Large",
    "3X-Large",
    "4X-Large",
    "5X-Large",
)


def _id(call: Call, kind: str) -> str:
    return steady_uuid(f"{kind} {call.state.number()}").replace("-", "")[:16]


def _of(found: dict[str, Json], number: str, message: str) -> Json:
    if number not in found:
        raise not_found(message)
    return found[number]


def _check_warehouse(call: Call, body: Json, number: str | None = None) -> None:
    if body.get("cluster_size") not in _SIZES:
        raise invalid(f"{body.get('cluster_size')} is not a supported cluster size: {', '.join(_SIZES)}")
    if not body.get("name"):
        raise invalid("Endpoint name must be provided")
    if any(each["name"] == body["name"] and key != number for key, each in call.state.warehouses.items()):
        raise ApiError(
            400, "INVALID_PARAMETER_VALUE", f"SQL warehouse with name `{body['name']}` already exists"
        )


@routes("POST", _WAREHOUSES)
def create_warehouse(call: Call) -> Any:
    body = call.checked(fields_of_call(sql.WarehousesAPI.create))
    _check_warehouse(call, body)
    number = _id(call, "warehouse")
    defaults = {
        "auto_stop_mins": 120, "min_num_clusters": 1, "max_num_clusters": 1, "enable_photon": True,
        "spot_instance_policy": "COST_OPTIMIZED",
        "warehouse_type": "PRO", "enable_serverless_compute": False, "channel": {"name": "CHANNEL_NAME_CURRENT"},
    }  # fmt: skip
    call.state.warehouses[number] = {
        **defaults,
        **body,
        "id": number,
        "creator_name": call.caller.name,
        "state": "RUNNING",
    }
    return {"id": number}


def _warehouse(call: Call) -> Json:
    number = call.vars["number"]
    return _of(call.state.warehouses, number, f"SQL warehouse {number} does not exist.")


@routes("GET", f"{_WAREHOUSES}/{{number}}")
def get_warehouse(call: Call) -> Any:
    return _warehouse(call)


@routes("GET", _WAREHOUSES)
def list_warehouses(call: Call) -> Any:
    return {"warehouses": list(call.state.warehouses.values())}


@routes("POST", f"{_WAREHOUSES}/{{number}}/edit")
def edit_warehouse(call: Call) -> Any:
    found = _warehouse(call)
    demand_manage_object(
        call, f"/sql/warehouses/{found['id']}", found["creator_name"], f"warehouse {found['id']}"
    )
    body = call.checked(fields_of_call(sql.WarehousesAPI.edit), without=("id",))
    _check_warehouse(call, {**found, **body}, found["id"])
    found.update({k: v for k, v in body.items() if k != "id"})


@routes("DELETE", f"{_WAREHOUSES}/{{number}}")
def delete_warehouse(call: Call) -> Any:
    found = _warehouse(call)
    demand_manage_object(
        call, f"/sql/warehouses/{found['id']}", found["creator_name"], f"warehouse {found['id']}"
    )
    del call.state.warehouses[found["id"]]


def _check_alert(call: Call, body: Json) -> None:
    for name in ("display_name", "query_text", "warehouse_id", "evaluation", "schedule"):
        if not body.get(name):
            raise invalid(f"Missing required field: {name}")
    if body["warehouse_id"] not in call.state.warehouses:
        raise not_found(f"SQL warehouse {body['warehouse_id']} does not exist.")
    check_run_as(call, body.get("run_as") or {})


@routes("POST", _ALERTS)
def create_alert(call: Call) -> Any:
    body = call.checked(fields_of_type(sql.AlertV2))
    _check_alert(call, body)
    number = _id(call, "alert")
    parent = body.get("parent_path", f"/Workspace/Users/{call.caller.name}")
    if plain(parent) not in call.state.entries:
        raise not_found(f"Path ({parent}) doesn't exist.")
    call.state.alerts[number] = {
        **body, "id": number, "owner_user_name": call.caller.name, "lifecycle_state": "ACTIVE", "parent_path": parent,
        "create_time": "2026-11-01T00:00:00Z", "run_as_user_name": call.caller.name,
    }  # fmt: skip
    return call.state.alerts[number]


@routes("GET", _ALERTS)
def list_alerts(call: Call) -> Any:
    return {"alerts": list(call.state.alerts.values())}


def _alert(call: Call) -> Json:
    number = call.vars["number"]
    return _of(call.state.alerts, number, f"Alert with ID {number} does not exist")


@routes("GET", f"{_ALERTS}/{{number}}")
def get_alert(call: Call) -> Any:
    return _alert(call)


@routes("PATCH", f"{_ALERTS}/{{number}}")
def update_alert(call: Call) -> Any:
    found = _alert(call)
    demand_manage_object(call, f"/alertsv2/{found['id']}", found["owner_user_name"], f"alert {found['id']}")
    body = call.checked(Fields(fields_of_type(sql.AlertV2).types))  # only what changes is sent
    _check_alert(call, {**found, **body})
    found.update(body)
    return found


@routes("DELETE", f"{_ALERTS}/{{number}}")
def delete_alert(call: Call) -> Any:
    del call.state.alerts[_alert(call)["id"]]


@routes("POST", _DASHBOARDS)
def create_dashboard(call: Call) -> Any:
    body = call.checked(fields_of_type(dashboards.Dashboard))
    _check_dashboard(call, body)
    parent = body.get("parent_path", f"/Users/{call.caller.name}")
    if plain(parent) not in call.state.entries:
        raise not_found(f"Path ({parent}) doesn't exist.")
    path = f"{plain(parent)}/{body['display_name']}.lvdash.json"
    if path in call.state.entries:
        raise already_there(f"Node named '{body['display_name']}.lvdash.json' already exists")
    number = _id(call, "dashboard") + "0" * 16
    call.state.entries[path] = Entry("DASHBOARD", call.state.number())
    call.state.dashboards[number] = {
        **body, "dashboard_id": number, "path": path, "parent_path": parent, "etag": str(call.state.number()),
        "lifecycle_state": "ACTIVE", "creator": call.caller.name,
    }  # fmt: skip
    return call.state.dashboards[number]


def _check_dashboard(call: Call, body: Json) -> None:
    if not body.get("display_name"):
        raise invalid("Missing required field: display_name")
    warehouse = body.get("warehouse_id")
    if warehouse and warehouse not in call.state.warehouses:
        raise not_found(f"SQL warehouse {warehouse} does not exist.")
    try:
        json.loads(body.get("serialized_dashboard") or "{}")
    except ValueError as error:
        raise invalid("Failed to parse serialized dashboard") from error


def _dashboard(call: Call) -> Json:
    number = call.vars["number"]
    return _of(call.state.dashboards, number, f"Unable to find dashboard [dashboardId={number}]")


@routes("GET", f"{_DASHBOARDS}/{{number}}")
def get_dashboard(call: Call) -> Any:
    return _dashboard(call)


@routes("PATCH", f"{_DASHBOARDS}/{{number}}")
def update_dashboard(call: Call) -> Any:
    found = _dashboard(call)
    demand_manage_object(
        call, f"/dashboards/{found['dashboard_id']}", found["creator"], f"dashboard {found['dashboard_id']}"
    )
    body = call.checked(fields_of_type(dashboards.Dashboard))
    if body.get("etag") not in (None, found["etag"]):
        raise ApiError(409, "ABORTED", "The dashboard was changed by another: the etag does not match")
    _check_dashboard(call, {**found, **body})
    found.update(
        {k: v for k, v in body.items() if k not in ("dashboard_id", "path", "etag")},
        etag=str(call.state.number()),
    )
    return found


@routes("POST", f"{_DASHBOARDS}/{{number}}/published")
def publish_dashboard(call: Call) -> Any:
    found = _dashboard(call)
    body = call.checked(fields_of_call(dashboards.LakeviewAPI.publish), without=("dashboard_id",))
    found["published"] = {
        "embed_credentials": body.get("embed_credentials", False),
        "warehouse_id": body.get("warehouse_id"),
    }
    return found["published"]


@routes("GET", f"{_DASHBOARDS}/{{number}}/published")
def published_dashboard(call: Call) -> Any:
    found = _dashboard(call)
    if "published" not in found:
        raise not_found(f"Unable to find published dashboard [dashboardId={found['dashboard_id']}]")
    return found["published"]


@routes("DELETE", f"{_DASHBOARDS}/{{number}}")
def trash_dashboard(call: Call) -> Any:
    found = _dashboard(call)
    call.state.entries.pop(found["path"], None)
    del call.state.dashboards[found["dashboard_id"]]


def _check_pipeline(call: Call, body: Json, number: str | None = None) -> None:
    if not body.get("name"):
        raise invalid("Missing required field: name")
    named = [
        key for key, each in call.state.pipelines.items() if each["name"] == body["name"] and key != number
    ]
    if named and not body.get("allow_duplicate_names"):
        raise ApiError(
            409,
            "RESOURCE_CONFLICT",
            f"The pipeline name '{body['name']}' is already used by another pipeline.",
        )
    catalog, schema = body.get("catalog"), body.get("schema") or body.get("target")
    if catalog is not None and catalog not in call.state.catalogs:
        raise missing("Catalog", catalog)
    if catalog is not None and schema is not None and f"{catalog}.{schema}" not in call.state.schemas:
        raise missing("Schema", f"{catalog}.{schema}")
    check_run_as(call, body.get("run_as") or {})


@routes("POST", _PIPELINES)
def create_pipeline(call: Call) -> Any:
    body = call.checked(fields_of_call(pipelines.PipelinesAPI.create))
    _check_pipeline(call, body)
    number = steady_uuid(f"pipeline {call.state.number()}")
    call.state.pipelines[number] = {**body, "id": number, "creator_user_name": call.caller.name}
    return {"pipeline_id": number}


def _pipeline(call: Call) -> Json:
    number = call.vars["number"]
    return _of(call.state.pipelines, number, f"The specified pipeline {number} was not found.")


@routes("GET", f"{_PIPELINES}/{{number}}")
def get_pipeline(call: Call) -> Any:
    found = _pipeline(call)
    spec = {
        k: v for k, v in found.items() if k not in ("creator_user_name", "run_as", "allow_duplicate_names")
    }
    return {
        "pipeline_id": found["id"], "name": found["name"], "spec": spec | {"channel": spec.get("channel", "CURRENT")},
        "state": "IDLE", "creator_user_name": found["creator_user_name"], "run_as_user_name": found["creator_user_name"],
    }  # fmt: skip


@routes("PUT", f"{_PIPELINES}/{{number}}")
def edit_pipeline(call: Call) -> Any:
    found = _pipeline(call)
    demand_manage_object(
        call, f"/pipelines/{found['id']}", found["creator_user_name"], f"pipeline {found['id']}"
    )
    body = call.checked(fields_of_call(pipelines.PipelinesAPI.update), without=("pipeline_id",))
    _check_pipeline(call, body, found["id"])
    kept = {k: found[k] for k in ("id", "creator_user_name")}
    found.clear()
    found.update(**{k: v for k, v in body.items() if k not in ("pipeline_id", "id")}, **kept)


@routes("DELETE", f"{_PIPELINES}/{{number}}")
def delete_pipeline(call: Call) -> Any:
    found = _pipeline(call)
    demand_manage_object(
        call, f"/pipelines/{found['id']}", found["creator_user_name"], f"pipeline {found['id']}"
    )
    del call.state.pipelines[found["id"]]
