"""MLflow experiments, data-quality monitors, serving endpoints."""

from typing import Any

from databricks.sdk.service import catalog as catalog_types
from databricks.sdk.service import ml, serving

from workspace_fake.bodies import fields_of_call
from workspace_fake.errors import ApiError, already_there, invalid, missing, not_found
from workspace_fake.handlers.files import plain
from workspace_fake.handlers.grants import demand, demand_manage, owns
from workspace_fake.handlers.permissions import demand_manage_object
from workspace_fake.people import steady_uuid
from workspace_fake.routes import Call, routes
from workspace_fake.state import Entry, Json

_MLFLOW = "/api/2.0/mlflow/experiments"
_SERVING = "/api/2.0/serving-endpoints"
_MONITOR = "/api/2.1/unity-catalog/tables/{name}/monitor"


@routes("POST", f"{_MLFLOW}/create")
def create_experiment(call: Call) -> Any:
    body = call.checked(fields_of_call(ml.ExperimentsAPI.create_experiment))
    path = plain(body["name"])
    if not body["name"].startswith("/"):
        raise invalid(
            f"Got an invalid experiment name '{body['name']}'. An experiment name must be an absolute path."
        )
    if path in call.state.entries:
        raise already_there(f"Node named '{path.rpartition('/')[2]}' already exists")
    if path.rpartition("/")[0] not in call.state.entries:
        raise not_found(f"Parent directory {path.rpartition('/')[0]} does not exist.")
    number = str(call.state.number())
    call.state.entries[path] = Entry("MLFLOW_EXPERIMENT", int(number))
    call.state.experiments[number] = {
        "experiment_id": number, "name": path, "lifecycle_stage": "active", "owner": call.caller.name,
        "artifact_location": body.get("artifact_location", f"dbfs:/databricks/mlflow-tracking/{number}"),
        "tags": body.get("tags", []),
    }  # fmt: skip
    return {"experiment_id": number}


def _experiment(call: Call) -> Json:
    number = str(call.query.get("experiment_id", call.body.get("experiment_id")))
    if number not in call.state.experiments:
        raise not_found(f"Experiment with id '{number}' does not exist.")
    return call.state.experiments[number]


@routes("GET", f"{_MLFLOW}/get")
def get_experiment(call: Call) -> Any:
    return {"experiment": _experiment(call)}


@routes("GET", f"{_MLFLOW}/get-by-name")
def experiment_by_name(call: Call) -> Any:
    name = plain(call.query.get("experiment_name", ""))
    for each in call.state.experiments.values():
        if each["name"] == name:
            return {"experiment": each}
    raise not_found(f"Node {name} does not exist.")


@routes("POST", f"{_MLFLOW}/update")
def update_experiment(call: Call) -> Any:
    body = call.checked(fields_of_call(ml.ExperimentsAPI.update_experiment))
    found = _experiment(call)
    if body.get("new_name"):
        call.state.entries[plain(body["new_name"])] = call.state.entries.pop(found["name"])
        found["name"] = plain(body["new_name"])


@routes("POST", f"{_MLFLOW}/delete")
def delete_experiment(call: Call) -> Any:
    call.checked(fields_of_call(ml.ExperimentsAPI.delete_experiment))
    found = _experiment(call)
    demand_manage_object(
        call, f"/experiments/{found['experiment_id']}", found["owner"], f"experiment {found['name']}"
    )
    call.state.entries.pop(found["name"], None)
    del call.state.experiments[found["experiment_id"]]


def _table(call: Call) -> str:
    name = call.vars["name"].lower()
    if name not in call.state.tables:
        raise missing("Table", name)
    return name


def _check_monitor(call: Call, body: Json) -> None:
    kinds = [kind for kind in ("snapshot", "time_series", "inference_log") if body.get(kind) is not None]
    if len(kinds) != 1:
        raise invalid(
            f"Exactly one of snapshot, time_series and inference_log must be given, found {kinds or 'none'}"
        )
    schema = body["output_schema_name"].lower()
    if schema not in call.state.schemas:
        raise missing("Schema", schema)
    demand(call, "CREATE_TABLE", "schema", schema)
    baseline = body.get("baseline_table_name")
    if baseline and baseline.lower() not in call.state.tables:
        raise missing("Table", baseline.lower())


@routes("POST", _MONITOR)
def create_monitor(call: Call) -> Any:
    name = _table(call)
    body = call.checked(fields_of_call(catalog_types.QualityMonitorsAPI.create), without=("table_name",))
    _check_monitor(call, body)
    if not owns(call, "table", name):
        demand_manage(call, "table", name)
    if name in call.state.monitors:
        raise ApiError(400, "RESOURCE_ALREADY_EXISTS", f"Data monitor already exists for table {name}")
    output = body["output_schema_name"]
    found = {
        **body, "table_name": name, "status": "MONITOR_STATUS_ACTIVE", "monitor_version": 0, "dashboard_id": steady_uuid(name),
        "profile_metrics_table_name": f"{output}.{name.rpartition('.')[2]}_profile_metrics",
        "drift_metrics_table_name": f"{output}.{name.rpartition('.')[2]}_drift_metrics",
    }  # fmt: skip
    found.pop("skip_builtin_dashboard", None)
    found.pop("warehouse_id", None)
    call.state.monitors[name] = found
    return found


def _monitor(call: Call) -> Json:
    name = _table(call)
    if name not in call.state.monitors:
        raise not_found(f"Data monitor does not exist for table {name}")
    return call.state.monitors[name]


@routes("GET", _MONITOR)
def get_monitor(call: Call) -> Any:
    return _monitor(call)


@routes("PUT", _MONITOR)
def update_monitor(call: Call) -> Any:
    found = _monitor(call)
    body = call.checked(fields_of_call(catalog_types.QualityMonitorsAPI.update), without=("table_name",))
    _check_monitor(call, body)
    kept = {k: v for k, v in found.items() if k in _KEPT}
    found.clear()
    found.update({**kept, **{k: v for k, v in body.items() if k != "table_name"}})
    return found


_KEPT = (
    "table_name",
    "status",
    "dashboard_id",
    "assets_dir",
    "profile_metrics_table_name",
    "drift_metrics_table_name",
    "monitor_version",
)


@routes("DELETE", _MONITOR)
def delete_monitor(call: Call) -> Any:
    del call.state.monitors[_monitor(call)["table_name"]]


def _check_entities(call: Call, config: Json) -> None:
    """A served model has to be there, with its version."""
    entities = [*config.get("served_entities", []), *config.get("served_models", [])]
    names = set()
    for entity in entities:
        model = entity.get("entity_name") or entity.get("model_name")
        version = str(entity.get("entity_version") or entity.get("model_version") or "")
        names.add(entity.get("name") or f"{str(model).rpartition('.')[2]}-{version}")
        if entity.get("external_model") or entity.get("foundation_model"):
            continue
        if not model or str(model).lower() not in call.state.models:
            raise ApiError(404, "RESOURCE_DOES_NOT_EXIST", f"RegisteredModel '{model}' does not exist.")
        known = {str(each["version"]) for each in call.state.model_versions.get(model.lower(), [])}
        if version not in known:
            raise ApiError(
                404, "RESOURCE_DOES_NOT_EXIST", f"Model version '{model}' version '{version}' does not exist."
            )
        demand(call, "EXECUTE", "registered_model", model.lower())
    routed = (config.get("traffic_config") or {}).get("routes", [])
    for route in routed:
        if route.get("served_model_name", route.get("served_entity_name")) not in names:
            raise invalid(f"Route to {route.get('served_model_name')} has no served entity of that name")
    if routed and sum(int(route["traffic_percentage"]) for route in routed) != 100:
        raise invalid("The traffic percentages of all routes must sum to 100")


def _served(config: Json) -> Json:
    found = {k: v for k, v in config.items() if k != "name"}
    for entity in found.get("served_entities", []):
        entity.setdefault(
            "name", f"{str(entity.get('entity_name')).rpartition('.')[2]}-{entity.get('entity_version')}"
        )
    return found


@routes("POST", _SERVING)
def create_endpoint(call: Call) -> Any:
    body = call.checked(fields_of_call(serving.ServingEndpointsAPI.create))
    name = body["name"]
    if name in call.state.endpoints:
        raise already_there(f"Serving endpoint with name {name} already exists")
    _check_entities(call, body.get("config") or {})
    call.state.endpoints[name] = {
        **body, "config": _served(body.get("config") or {}), "id": steady_uuid(f"endpoint {name}").replace("-", ""),
        "creator": call.caller.name, "creation_timestamp": call.state.now(),
        "state": {"ready": "READY", "config_update": "NOT_UPDATING"},
    }  # fmt: skip
    return call.state.endpoints[name]


def _endpoint(call: Call) -> Json:
    name = call.vars["name"]
    if name not in call.state.endpoints:
        raise not_found(f"Serving endpoint with name {name} not found")
    return call.state.endpoints[name]


@routes("GET", f"{_SERVING}/{{name}}")
def get_endpoint(call: Call) -> Any:
    return _endpoint(call)


@routes("GET", _SERVING)
def list_endpoints(call: Call) -> Any:
    return {"endpoints": list(call.state.endpoints.values())}


@routes("PUT", f"{_SERVING}/{{name}}/config")
def update_endpoint(call: Call) -> Any:
    found = _endpoint(call)
    demand_manage_object(
        call, f"/serving-endpoints/{found['id']}", found["creator"], f"endpoint {found['name']}"
    )
    body = call.checked(fields_of_call(serving.ServingEndpointsAPI.update_config), without=("name",))
    _check_entities(call, body)
    found["config"] = _served(body)
    return found


@routes("PATCH", f"{_SERVING}/{{name}}/tags")
def tag_endpoint(call: Call) -> Any:
    found = _endpoint(call)
    body = call.checked(fields_of_call(serving.ServingEndpointsAPI.patch), without=("name",))
    kept = [tag for tag in found.get("tags", []) if tag["key"] not in body.get("delete_tags", [])]
    added = {tag["key"] for tag in body.get("add_tags", [])}
    found["tags"] = [*(tag for tag in kept if tag["key"] not in added), *body.get("add_tags", [])]
    return found["tags"]


@routes("DELETE", f"{_SERVING}/{{name}}")
def delete_endpoint(call: Call) -> Any:
    found = _endpoint(call)
    demand_manage_object(
        call, f"/serving-endpoints/{found['id']}", found["creator"], f"endpoint {found['name']}"
    )
    del call.state.endpoints[found["name"]]
