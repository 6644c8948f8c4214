"""Each kind of resource: the calls that create, read, update and delete it, and what a change of each field means.

Source: databricks/cli, bundle/direct/dresources (`resources.yml` holds the rules for fields).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]
Api = Callable[..., Any]
_UC = "/api/2.1/unity-catalog"


@dataclass(frozen=True)
class Kind:
    """A kind of resource.

    Attributes:
        fields: The fields that are sent and compared; what the answer holds besides is the backend's.
        create: Creates it from its fields; returns its id.
        read: Returns its fields, as the workspace has them.
        update: Updates it; None where a change creates it anew.
        delete: Deletes it.
        recreate: Fields whose change deletes and creates it.
        named_by: Fields that its id consists of: a change recreates it, a difference that only the workspace shows is its spelling.
        renamed_by: Fields of the id that an update can change.
        defaults: Fields that the backend fills in where the bundle says nothing.
        not_compared: Fields that are sent and not given back, or changed by the backend.
        permissions: Where its permissions are: the object's type, and the field of the answer that holds the object's id.
        securable: The securable's type for its grants.
        find: For kinds of which the workspace has several of one name: returns the ids of those that this bundle may have created.
    """

    fields: tuple[str, ...]
    create: Callable[[Api, Json], str]
    read: Callable[[Api, str], Json]
    update: Callable[[Api, str, Json], str | None] | None
    delete: Callable[[Api, str], None]
    recreate: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    renamed_by: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    permissions: tuple[str, str] | None = None
    securable: str | None = None
    find: Callable[[Api, Json], list[str]] | None = None


def part(name: str) -> str:
    """Return a name as a part of a path."""
    return quote(name, safe="")


def _securable(
    plural: str, named: tuple[str, ...], more: tuple[str, ...], *, force: bool = False, **rules: Any
) -> Kind:
    """Return a kind of Unity Catalog, whose calls all have one form; its id is its whole name."""

    def update(api: Api, name: str, value: Json) -> str:
        changed = {
            each: value[each] for each in more if each in value and each not in rules.get("recreate", ())
        }
        if "name" in rules.get("renamed_by", ()) and value["name"].lower() != name.rpartition(".")[2]:
            changed["new_name"] = value["name"]
        answer = api("PATCH", f"{_UC}/{plural}/{part(name)}", body=changed)
        return str(answer["full_name"])

    def delete(api: Api, name: str) -> None:
        api("DELETE", f"{_UC}/{plural}/{part(name)}", query={"force": True} if force else None)

    return Kind(
        fields=(*named, *more),
        create=lambda api, value: str(api("POST", f"{_UC}/{plural}", body=value)["full_name"]),
        read=lambda api, name: api("GET", f"{_UC}/{plural}/{part(name)}"),
        update=update,
        delete=delete,
        **rules,
    )


_MANAGED = ("properties['unity.catalog.managed.*.defaults.*']",)


_OF_THE_ANSWER = ("settings", "has_more", "next_page_token")


def _read_job(api: Api, number: str) -> Json:
    """Return the settings of a job, and what else is known of it; tasks come in pages of a hundred."""
    job = api("GET", "/api/2.2/jobs/get", query={"job_id": int(number)})
    settings: Json = {
        **{name: each for name, each in job.items() if name not in _OF_THE_ANSWER},
        **job["settings"],
    }
    while token := job.get("next_page_token"):
        job = api("GET", "/api/2.2/jobs/get", query={"job_id": int(number), "page_token": token})
        settings["tasks"] += job["settings"].get("tasks", [])
    return settings


def _update_job(api: Api, number: str, value: Json) -> None:
    api("POST", "/api/2.2/jobs/reset", body={"job_id": int(number), "new_settings": value})


def _find_jobs(api: Api, value: Json) -> list[str]:
    """Return the jobs of a name whose metadata are those of this bundle."""
    found = api("GET", "/api/2.2/jobs/list", query={"name": value["name"]}).get("jobs", [])
    mine = value.get("deployment")
    return [str(job["job_id"]) for job in found if job["settings"].get("deployment") == mine]


JOBS = Kind(
    fields=(
        "budget_policy_id", "continuous", "deployment", "description", "edit_mode", "email_notifications", "environments", "format",
        "git_source", "health", "job_clusters", "max_concurrent_runs", "name", "notification_settings", "parameters",
        "performance_target", "queue", "run_as", "schedule", "tags", "tasks", "timeout_seconds", "trigger", "usage_policy_id",
        "webhook_notifications",
    ),
    create=lambda api, value: str(api("POST", "/api/2.2/jobs/create", body=value)["job_id"]),
    read=_read_job,
    update=_update_job,
    delete=lambda api, number: api("POST", "/api/2.2/jobs/delete", body={"job_id": int(number)}),
    defaults=(
        "format", "run_as", "tasks[*].run_if", "tasks[*].notebook_task.source", "tasks[*].spark_python_task.source",
        "tasks[*].dbt_task.source", "tasks[*].new_cluster.data_security_mode", "job_clusters[*].new_cluster.data_security_mode",
        "job_clusters[*].new_cluster.node_type_id", "tasks[*].for_each_task.task.run_if",
    ),
    not_compared=("deployment.version_id", "job_clusters[*].new_cluster.apply_policy_default_values"),
    permissions=("jobs", "id"),
    find=_find_jobs,
)  # fmt: skip


def _pipeline_of(answer: Json) -> Json:
    found: Json = answer["spec"]
    return found


PIPELINES = Kind(
    fields=(
        "allow_duplicate_names", "budget_policy_id", "catalog", "channel", "clusters", "configuration", "continuous", "deployment",
        "development", "edition", "environment", "event_log", "filters", "ingestion_definition", "libraries", "name", "notifications",
        "photon", "root_path", "run_as", "schema", "serverless", "storage", "tags", "target", "trigger",
    ),
    create=lambda api, value: str(api("POST", "/api/2.0/pipelines", body=value)["pipeline_id"]),
    read=lambda api, number: _pipeline_of(api("GET", f"/api/2.0/pipelines/{number}")),
    update=lambda api, number, value: api("PUT", f"/api/2.0/pipelines/{number}", body=value) and None,
    delete=lambda api, number: api("DELETE", f"/api/2.0/pipelines/{number}"),
    recreate=("storage", "ingestion_definition.connection_name"),
    defaults=("storage", "event_log.catalog", "event_log.schema", "channel"),
    not_compared=("run_as", "allow_duplicate_names"),
    permissions=("pipelines", "id"),
)  # fmt: skip


def _read_experiment(api: Api, number: str) -> Json:
    found: Json = api("GET", "/api/2.0/mlflow/experiments/get", query={"experiment_id": number})["experiment"]
    return found | {"name": found["name"]}


EXPERIMENTS = Kind(
    fields=("artifact_location", "name", "tags"),
    create=lambda api, value: str(
        api("POST", "/api/2.0/mlflow/experiments/create", body=value)["experiment_id"]
    ),
    read=_read_experiment,
    update=lambda api, number, value: (
        api(
            "POST",
            "/api/2.0/mlflow/experiments/update",
            body={"experiment_id": number, "new_name": value["name"]},
        )
        and None
    ),
    delete=lambda api, number: api(
        "POST", "/api/2.0/mlflow/experiments/delete", body={"experiment_id": number}
    ),
    recreate=("artifact_location",),
    defaults=("artifact_location",),
    not_compared=("tags",),
    permissions=("experiments", "id"),
)


def _monitor(table: str) -> str:
    return f"{_UC}/tables/{part(table)}/monitor"


_ONCE = ("table_name", "assets_dir", "skip_builtin_dashboard", "warehouse_id")
QUALITY_MONITORS = Kind(
    fields=(
        "table_name", "assets_dir", "baseline_table_name", "custom_metrics", "inference_log", "notifications", "output_schema_name",
        "schedule", "skip_builtin_dashboard", "slicing_exprs", "snapshot", "time_series", "warehouse_id",
    ),
    create=lambda api, value: str(
        api("POST", _monitor(value["table_name"]), body={k: v for k, v in value.items() if k != "table_name"})["table_name"]
    ),
    read=lambda api, name: api("GET", _monitor(name)),
    update=lambda api, name, value: (
        api("PUT", _monitor(name), body={k: v for k, v in value.items() if k not in _ONCE}) and None
    ),
    delete=lambda api, name: api("DELETE", _monitor(name)),
    recreate=("assets_dir",),
    named_by=("table_name",),
    not_compared=("skip_builtin_dashboard", "warehouse_id"),
)  # fmt: skip


def _update_endpoint(api: Api, name: str, value: Json) -> None:
    api("PUT", f"/api/2.0/serving-endpoints/{part(name)}/config", body=value.get("config") or {})
    api("PATCH", f"/api/2.0/serving-endpoints/{part(name)}/tags", body={"add_tags": value.get("tags", [])})


ENDPOINTS = Kind(
    fields=(
        "ai_gateway",
        "budget_policy_id",
        "config",
        "description",
        "email_notifications",
        "name",
        "route_optimized",
        "tags",
    ),
    create=lambda api, value: str(api("POST", "/api/2.0/serving-endpoints", body=value)["name"]),
    read=lambda api, name: api("GET", f"/api/2.0/serving-endpoints/{part(name)}"),
    update=_update_endpoint,
    delete=lambda api, name: api("DELETE", f"/api/2.0/serving-endpoints/{part(name)}"),
    recreate=("description", "route_optimized"),
    named_by=("name",),
    defaults=("config.served_entities[*].name", "config.traffic_config", "route_optimized"),
    permissions=("serving-endpoints", "endpoint_id"),
)


WAREHOUSES = Kind(
    fields=(
        "auto_stop_mins", "channel", "cluster_size", "enable_photon", "enable_serverless_compute", "max_num_clusters",
        "min_num_clusters", "name", "spot_instance_policy", "tags", "warehouse_type",
    ),
    create=lambda api, value: str(api("POST", "/api/2.0/sql/warehouses", body=value)["id"]),
    read=lambda api, number: api("GET", f"/api/2.0/sql/warehouses/{number}"),
    update=lambda api, number, value: api("POST", f"/api/2.0/sql/warehouses/{number}/edit", body=value) and None,
    delete=lambda api, number: api("DELETE", f"/api/2.0/sql/warehouses/{number}"),
    defaults=("enable_serverless_compute", "auto_stop_mins", "max_num_clusters", "spot_instance_policy", "enable_photon"),
    not_compared=("channel", "tags", "warehouse_type", "min_num_clusters"),
    permissions=("sql/warehouses", "id"),
)  # fmt: skip


ALERTS = Kind(
    fields=(
        "custom_description", "custom_summary", "display_name", "evaluation", "parent_path", "query_text", "run_as", "schedule",
        "warehouse_id",
    ),
    create=lambda api, value: str(api("POST", "/api/2.0/alerts", body=value)["id"]),
    read=lambda api, number: api("GET", f"/api/2.0/alerts/{number}"),
    update=lambda api, number, value: (
        api("PATCH", f"/api/2.0/alerts/{number}", query={"update_mask": ",".join(value)}, body=value) and None
    ),
    delete=lambda api, number: api("DELETE", f"/api/2.0/alerts/{number}"),
    defaults=("parent_path", "run_as"),
    permissions=("alertsv2", "id"),
    find=lambda api, value: [
        each["id"] for each in api("GET", "/api/2.0/alerts").get("alerts", []) if each["display_name"] == value["display_name"]
    ],
)  # fmt: skip


def _create_dashboard(api: Api, value: Json) -> str:
    """Create and publish a dashboard, with the folder that it lies in."""
    if value.get("parent_path"):
        api("POST", "/api/2.0/workspace/mkdirs", body={"path": value["parent_path"]})
    number = str(
        api("POST", "/api/2.0/lakeview/dashboards", body=_draft(value), query=_dataset(value))["dashboard_id"]
    )
    _publish(api, number, value)
    return number


def _draft(value: Json) -> Json:
    return {
        k: v for k, v in value.items() if k not in ("embed_credentials", "dataset_catalog", "dataset_schema")
    }


def _dataset(value: Json) -> Json:
    return {k: v for k, v in value.items() if k in ("dataset_catalog", "dataset_schema")}


def _publish(api: Api, number: str, value: Json) -> None:
    embed = bool(value.get("embed_credentials"))
    body = {"embed_credentials": embed, "warehouse_id": value.get("warehouse_id")}
    api("POST", f"/api/2.0/lakeview/dashboards/{number}/published", body=body)


def _update_dashboard(api: Api, number: str, value: Json) -> None:
    api("PATCH", f"/api/2.0/lakeview/dashboards/{number}", body=_draft(value), query=_dataset(value))
    _publish(api, number, value)


DASHBOARDS = Kind(
    fields=(
        "dataset_catalog",
        "dataset_schema",
        "display_name",
        "embed_credentials",
        "parent_path",
        "serialized_dashboard",
        "warehouse_id",
    ),
    create=_create_dashboard,
    read=lambda api, number: (
        api("GET", f"/api/2.0/lakeview/dashboards/{number}")
        | {
            "embed_credentials": api("GET", f"/api/2.0/lakeview/dashboards/{number}/published").get(
                "embed_credentials"
            )
        }
    ),
    update=_update_dashboard,
    delete=lambda api, number: api("DELETE", f"/api/2.0/lakeview/dashboards/{number}"),
    recreate=("parent_path",),
    defaults=("parent_path", "embed_credentials"),
    not_compared=("serialized_dashboard", "dataset_catalog", "dataset_schema"),
    permissions=("dashboards", "id"),
)


def _read_scope(api: Api, name: str) -> Json:
    for scope in api("GET", "/api/2.0/secrets/scopes/list").get("scopes", []):
        if scope["name"] == name:
            return {"scope": name, "scope_backend_type": scope["backend_type"]}
    raise LookupError(f"secret scope {name} not found")


SECRET_SCOPES = Kind(
    fields=("scope", "scope_backend_type", "backend_azure_keyvault", "initial_manage_principal"),
    create=lambda api, value: str(
        api("POST", "/api/2.0/secrets/scopes/create", body=value) is not None and value["scope"]
    ),
    read=_read_scope,
    update=None,
    delete=lambda api, name: api("POST", "/api/2.0/secrets/scopes/delete", body={"scope": name}),
    recreate=("scope_backend_type", "backend_azure_keyvault", "initial_manage_principal"),
    named_by=("scope",),
    defaults=("scope_backend_type",),
    not_compared=("initial_manage_principal", "backend_azure_keyvault"),
    permissions=("secret scope", "id"),
)


KINDS: dict[str, Kind] = {
    "catalogs": _securable(
        "catalogs", ("name",), ("comment", "options", "properties", "storage_root"), force=True,
        recreate=("storage_root",), renamed_by=("name",), defaults=_MANAGED, securable="catalog",
    ),
    "schemas": _securable(
        "schemas", ("catalog_name", "name"), ("comment", "properties", "storage_root"), force=True,
        recreate=("storage_root",), named_by=("catalog_name", "name"), defaults=_MANAGED, securable="schema",
    ),
    "volumes": _securable(
        "volumes", ("catalog_name", "schema_name", "name", "volume_type"), ("comment", "storage_location"),
        recreate=("storage_location", "volume_type"), named_by=("catalog_name", "schema_name"), renamed_by=("name",),
        defaults=("storage_location",), securable="volume",
    ),
    "registered_models": _securable(
        "models", ("catalog_name", "schema_name", "name"), ("comment", "storage_location", "aliases"),
        recreate=("storage_location",), named_by=("catalog_name", "schema_name", "name"), defaults=("storage_location",),
        not_compared=("aliases",), securable="function",
    ),
    "jobs": JOBS,
    "pipelines": PIPELINES,
    "experiments": EXPERIMENTS,
    "quality_monitors": QUALITY_MONITORS,
    "model_serving_endpoints": ENDPOINTS,
    "sql_warehouses": WAREHOUSES,
    "alerts": ALERTS,
    "dashboards": DASHBOARDS,
    "secret_scopes": SECRET_SCOPES,
}  # fmt: skip
