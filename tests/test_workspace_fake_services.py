"""Services of the fake workspace, each taken through its calls: what is created is read, listed, changed and deleted, or refused."""

from typing import Any

import pytest
from databricks.sdk import errors

pytestmark = pytest.mark.unit

UC = "/api/2.1/unity-catalog"
SCIM = "/api/2.0/preview/scim/v2"


class Caller:
    """Calls a workspace as one user; refusals are their message."""

    def __init__(self, workspace, token: str) -> None:
        self.do = workspace.client(token).api_client.do

    def get(self, path: str, /, **query: Any) -> Any:
        return self.do("GET", path, query=query)

    def post(self, path: str, /, **body: Any) -> Any:
        return self.do("POST", path, body=body)

    def refused(self, method: str, path: str, /, **body: Any) -> str:
        with pytest.raises(errors.DatabricksError) as refusal:
            self.do(method, path, body=body or None)
        return str(refusal.value).partition(" Config: ")[0]


@pytest.fixture
def ana(workspace) -> Caller:
    workspace.add_catalog("dev", grants={"ana@example.com": ["USE_CATALOG", "CREATE_SCHEMA"]})
    caller = Caller(workspace, workspace.add_user("ana@example.com"))
    caller.post(f"{UC}/schemas", name="gold", catalog_name="dev")
    return caller


@pytest.fixture
def ben(workspace) -> Caller:
    return Caller(workspace, workspace.add_user("ben@example.com"))


@pytest.fixture
def admin(workspace) -> Caller:
    return Caller(workspace, workspace.admin)


def test_catalogs(workspace, ana, ben, admin):
    assert "does not have CREATE CATALOG" in ana.refused("POST", f"{UC}/catalogs", name="new")
    assert "not a valid name" in admin.refused("POST", f"{UC}/catalogs", name="a.b")
    admin.post(f"{UC}/catalogs", name="New")
    assert "Catalog 'new' already exists" in admin.refused("POST", f"{UC}/catalogs", name="new")
    assert [each["name"] for each in admin.get(f"{UC}/catalogs")["catalogs"]] == ["dev", "new"]
    assert ben.get(f"{UC}/catalogs")["catalogs"] == []
    assert admin.do("PATCH", f"{UC}/catalogs/new", body={"new_name": "newer"})["full_name"] == "newer"
    assert "'dev' already exists" in admin.refused("PATCH", f"{UC}/catalogs/newer", new_name="dev")
    assert "is not empty. The catalog has 1 schema" in admin.refused("DELETE", f"{UC}/catalogs/dev")
    assert "not an owner" in ana.refused("DELETE", f"{UC}/catalogs/dev")
    admin.do("DELETE", f"{UC}/catalogs/dev", query={"force": True})
    assert list(workspace.state.catalogs) == ["newer"]


def test_what_schemas_hold(workspace, ana, ben):
    ana.post(f"{UC}/volumes", catalog_name="dev", schema_name="gold", name="files", volume_type="MANAGED")
    ana.post(
        f"{UC}/models",
        catalog_name="dev",
        schema_name="gold",
        name="churn",
        aliases=[{"alias_name": "a", "version_num": 1}],
    )
    workspace.add_table("dev.gold.sales", columns={"n": "int"}, owner="ana@example.com")
    workspace.state.functions["dev.gold.mask"] = {"full_name": "dev.gold.mask", "owner": "ana@example.com"}
    inside = {"catalog_name": "dev", "schema_name": "gold"}
    for plural, field, name in [
        ("volumes", "volumes", "files"),
        ("models", "registered_models", "churn"),
        ("tables", "tables", "sales"),
        ("functions", "functions", "mask"),
    ]:
        assert [each["full_name"] for each in ana.get(f"{UC}/{plural}", **inside)[field]] == [
            f"dev.gold.{name}"
        ]
        assert ben.get(f"{UC}/{plural}", **inside)[field] == []
        assert ana.get(f"{UC}/{plural}/dev.gold.{name}")["full_name"] == f"dev.gold.{name}"
        assert "permission" in ben.refused("GET", f"{UC}/{plural}/dev.gold.{name}")
        assert "'dev.gold.none' does not exist" in ana.refused("GET", f"{UC}/{plural}/dev.gold.none")
    assert "aliases" not in workspace.state.models["dev.gold.churn"]  # silently not applied
    assert [each["name"] for each in ana.get(f"{UC}/schemas", catalog_name="dev")["schemas"]] == ["gold"]
    assert "Catalog 'none' does not exist" in ana.refused("GET", f"{UC}/schemas?catalog_name=none")
    workspace.add_model_version("dev.gold.churn")
    assert len(ana.get(f"{UC}/models/dev.gold.churn/versions")["model_versions"]) == 1
    assert ana.do("PATCH", f"{UC}/models/dev.gold.churn", body={"comment": "x"})["comment"] == "x"
    assert "permission to see Volume" in ben.refused("DELETE", f"{UC}/volumes/dev.gold.files")
    ana.do("DELETE", f"{UC}/volumes/dev.gold.files")
    ana.do("DELETE", f"{UC}/models/dev.gold.churn")
    assert (workspace.state.volumes, workspace.state.models, workspace.state.model_versions) == ({}, {}, {})
    assert workspace.ignored == []


def test_files_of_a_volume(workspace, ana):
    ana.post(f"{UC}/volumes", catalog_name="dev", schema_name="gold", name="files", volume_type="MANAGED")
    base = "/api/2.0/fs/files/Volumes/dev/gold/files"
    ana.do("PUT", "/api/2.0/fs/directories/Volumes/dev/gold/files/in")
    ana.do("PUT", f"{base}/in/a.csv", data=b"12")
    assert ana.do("GET", f"{base}/in/a.csv", raw=True)["contents"].read() == b"12"
    assert "is not found" in ana.refused("GET", f"{base}/in/b.csv")
    assert "is not in a volume" in ana.refused("GET", "/api/2.0/fs/files/tmp/b.csv")
    assert "Volume 'dev.gold.none' does not exist" in ana.refused(
        "GET", "/api/2.0/fs/files/Volumes/dev/gold/none/b"
    )
    found = ana.get("/api/2.0/fs/directories/Volumes/dev/gold/files/in")["contents"]
    assert found == [
        {"path": "/Volumes/dev/gold/files/in/a.csv", "name": "a.csv", "is_directory": False, "file_size": 2}
    ]
    ana.do("DELETE", f"{base}/in/a.csv")
    assert "is not found" in ana.refused("DELETE", f"{base}/in/a.csv")
    assert workspace.state.volume_files == {}


def test_monitors(workspace, ana):
    workspace.add_table("dev.gold.sales", owner="ana@example.com")
    path, body = (
        f"{UC}/tables/dev.gold.sales/monitor",
        {"assets_dir": "/x", "output_schema_name": "dev.gold", "snapshot": {}},
    )
    assert "Data monitor does not exist" in ana.refused("GET", path)
    ana.post(path, **body)
    assert "already exists" in ana.refused("POST", path, **body)
    assert "Table 'dev.gold.none' does not exist" in ana.refused(
        "POST", path, **body, baseline_table_name="dev.gold.none"
    )
    schedule = {"quartz_cron_expression": "0 0 8 * * ?", "timezone_id": "UTC"}
    ana.do("PUT", path, body={"output_schema_name": "dev.gold", "snapshot": {}, "schedule": schedule})
    assert ana.get(path)["schedule"] == schedule
    assert ana.get(path)["assets_dir"] == "/x"
    ana.do("DELETE", path)
    assert workspace.state.monitors == {}


def test_serving_endpoints(workspace, ana, ben):
    base = "/api/2.0/serving-endpoints"
    ana.post(f"{UC}/models", catalog_name="dev", schema_name="gold", name="churn")
    workspace.add_model_version("dev.gold.churn")
    served = {
        "entity_name": "dev.gold.churn",
        "entity_version": "1",
        "workload_size": "Small",
        "scale_to_zero_enabled": True,
    }
    half = {"routes": [{"served_model_name": "churn-1", "traffic_percentage": 50}]}
    other = {"routes": [{"served_model_name": "other", "traffic_percentage": 100}]}
    assert "must sum to 100" in ana.refused(
        "POST", base, name="e", config={"served_entities": [served], "traffic_config": half}
    )
    assert "no served entity" in ana.refused(
        "POST", base, name="e", config={"served_entities": [served], "traffic_config": other}
    )
    ana.post(base, name="e", config={"served_entities": [served]})
    assert "already exists" in ana.refused("POST", base, name="e", config={})
    assert [each["name"] for each in ana.get(base)["endpoints"]] == ["e"]
    assert "does not have Manage" in ben.refused("PUT", f"{base}/e/config", served_entities=[])
    ana.do("PUT", f"{base}/e/config", body={"served_entities": [served | {"scale_to_zero_enabled": False}]})
    assert ana.get(f"{base}/e")["config"]["served_entities"][0]["scale_to_zero_enabled"] is False
    ana.do("PATCH", f"{base}/e/tags", body={"add_tags": [{"key": "team", "value": "a"}]})
    ana.do(
        "PATCH", f"{base}/e/tags", body={"add_tags": [{"key": "team", "value": "b"}], "delete_tags": ["none"]}
    )
    assert ana.get(f"{base}/e")["tags"] == [{"key": "team", "value": "b"}]
    ana.do("DELETE", f"{base}/e")
    assert "e not found" in ana.refused("GET", f"{base}/e")
    assert workspace.ignored == []


def test_experiments(ana, ben):
    base = "/api/2.0/mlflow/experiments"
    assert "must be an absolute path" in ana.refused("POST", f"{base}/create", name="e")
    number = ana.post(f"{base}/create", name="/Shared/e")["experiment_id"]
    assert "already exists" in ana.refused("POST", f"{base}/create", name="/Shared/e")
    assert (
        ana.get(f"{base}/get-by-name", experiment_name="/Shared/e")["experiment"]["experiment_id"] == number
    )
    ana.post(f"{base}/update", experiment_id=number, new_name="/Shared/f")
    assert "does not exist" in ana.refused("GET", f"{base}/get-by-name?experiment_name=/Shared/e")
    assert "does not have Manage" in ben.refused("POST", f"{base}/delete", experiment_id=number)
    ana.post(f"{base}/delete", experiment_id=number)
    assert "does not exist" in ana.refused("GET", f"{base}/get?experiment_id={number}")


def test_warehouses_alerts_and_dashboards(workspace, ana, ben):
    warehouses, alerts, dashboards = (
        "/api/2.0/sql/warehouses",
        "/api/2.0/alerts",
        "/api/2.0/lakeview/dashboards",
    )
    number = ana.post(warehouses, name="w", cluster_size="Small")["id"]
    assert "already exists" in ana.refused("POST", warehouses, name="w", cluster_size="Small")
    assert "must be provided" in ana.refused("POST", warehouses, cluster_size="Small")
    assert [each["id"] for each in ana.get(warehouses)["warehouses"]] == [number]
    assert "does not have Manage" in ben.refused("POST", f"{warehouses}/{number}/edit", name="v")
    ana.post(f"{warehouses}/{number}/edit", name="v", cluster_size="Small")
    assert ana.get(f"{warehouses}/{number}")["name"] == "v"

    schedule = {"quartz_cron_schedule": "0 0 8 * * ?", "timezone_id": "UTC"}
    alert = {"display_name": "a", "query_text": "q", "warehouse_id": number, "schedule": schedule}
    assert "Missing required field: evaluation" in ana.refused("POST", alerts, **alert)
    alert["evaluation"] = {"source": {"name": "n"}, "comparison_operator": "EQUAL"}
    assert "run_as does not exist" in ana.refused(
        "POST", alerts, **alert, run_as={"service_principal_name": "none"}
    )
    assert "(/Users/none) doesn't exist" in ana.refused("POST", alerts, **alert, parent_path="/Users/none")
    found = ana.post(alerts, **alert)["id"]
    assert [each["id"] for each in ana.get(alerts)["alerts"]] == [found]
    assert ana.do("PATCH", f"{alerts}/{found}", body={"query_text": "r"})["query_text"] == "r"
    ana.do("DELETE", f"{alerts}/{found}")

    assert "Missing required field: display_name" in ana.refused("POST", dashboards)
    assert "Failed to parse" in ana.refused("POST", dashboards, display_name="d", serialized_dashboard="{")
    assert "warehouse none does not exist" in ana.refused(
        "POST", dashboards, display_name="d", warehouse_id="none"
    )
    made = ana.post(dashboards, display_name="d")
    assert "already exists" in ana.refused("POST", dashboards, display_name="d")
    path = f"{dashboards}/{made['dashboard_id']}"
    assert "Unable to find published" in ana.refused("GET", f"{path}/published")
    ana.do("PATCH", path, body={"serialized_dashboard": "{}", "etag": made["etag"]})
    assert "etag does not match" in ana.refused("PATCH", path, serialized_dashboard="{}", etag=made["etag"])
    ana.do("DELETE", path)
    ana.do("DELETE", f"{warehouses}/{number}")
    assert set(workspace.holds()) == {"schemas"}


def test_pipelines(workspace, ana, ben):
    base = "/api/2.0/pipelines"
    assert "Schema 'dev.none' does not exist" in ana.refused(
        "POST", base, name="p", catalog="dev", schema="none"
    )
    assert "Catalog 'none' does not exist" in ana.refused("POST", base, name="p", catalog="none", schema="s")
    number = ana.post(base, name="p", catalog="dev", schema="gold")["pipeline_id"]
    assert "already used by another pipeline" in ana.refused("POST", base, name="p")
    assert "does not have Manage" in ben.refused("DELETE", f"{base}/{number}")
    ana.do("PUT", f"{base}/{number}", body={"name": "q"})
    assert ana.get(f"{base}/{number}")["spec"] == {"name": "q", "id": number, "channel": "CURRENT"}
    task = {"task_key": "a", "pipeline_task": {"pipeline_id": "none"}}
    assert "Pipeline none of task a does not exist" in ana.refused(
        "POST", "/api/2.2/jobs/create", name="j", tasks=[task]
    )
    ana.do("DELETE", f"{base}/{number}")
    assert workspace.state.pipelines == {}


def test_policies_pools_and_clusters(workspace, ana, admin):
    policies, pools = "/api/2.0/policies/clusters", "/api/2.0/instance-pools"
    assert "not authorized" in ana.refused("POST", f"{policies}/create", name="p", definition="{}")
    assert "not JSON" in admin.refused("POST", f"{policies}/create", name="p", definition="{")
    number = admin.post(f"{policies}/create", name="p", definition="{}")["policy_id"]
    assert "already exists" in admin.refused("POST", f"{policies}/create", name="p", definition="{}")
    assert [each["policy_id"] for each in ana.get(f"{policies}/list")["policies"]] == [number]
    assert ana.get(f"{policies}/get", policy_id=number)["name"] == "p"
    assert "none does not exist" in ana.refused("GET", f"{policies}/get?policy_id=none")
    pool = ana.post(f"{pools}/create", instance_pool_name="p", node_type_id="n")["instance_pool_id"]
    ana.post(f"{pools}/edit", instance_pool_id=pool, instance_pool_name="q", node_type_id="n")
    assert ana.get(f"{pools}/get", instance_pool_id=pool)["instance_pool_name"] == "q"
    assert len(ana.get(f"{pools}/list")["instance_pools"]) == 1
    ana.post(f"{pools}/delete", instance_pool_id=pool)
    assert "does not exist" in ana.refused("GET", f"{pools}/get?instance_pool_id={pool}")
    workspace.state.clusters["c"] = {"cluster_id": "c", "data_security_mode": "SINGLE_USER"}
    assert (
        ana.get("/api/2.1/clusters/get", cluster_id="c") == ana.get("/api/2.1/clusters/list")["clusters"][0]
    )
    assert "Cluster none does not exist" in ana.refused("GET", "/api/2.1/clusters/get?cluster_id=none")
    assert ana.get("/api/2.1/clusters/spark-versions")["versions"]
    assert ana.get("/api/2.1/accounts/a/budget-policies")["policies"] == []


def test_secrets(ana, ben):
    base = "/api/2.0/secrets"
    assert "may be `users`" in ana.refused(
        "POST", f"{base}/scopes/create", scope="s", initial_manage_principal="ben"
    )
    ana.post(f"{base}/scopes/create", scope="s")
    ana.post(f"{base}/put", scope="s", key="k", string_value="hidden")
    assert "MANAGE" in ben.refused("POST", f"{base}/put", scope="s", key="k", string_value="x")
    found = ana.get(f"{base}/list", scope="s")["secrets"]
    assert [each["key"] for each in found] == ["k"]
    assert "hidden" not in str(found)
    ana.post(f"{base}/acls/put", scope="s", principal="users", permission="READ")
    ana.post(f"{base}/acls/delete", scope="s", principal="users")
    assert "Failed to get secret acl" in ana.refused(
        "POST", f"{base}/acls/delete", scope="s", principal="users"
    )
    assert ana.get(f"{base}/acls/list", scope="s")["items"] == [
        {"principal": "ana@example.com", "permission": "MANAGE"}
    ]
    assert "Scope none does not exist" in ana.refused("GET", f"{base}/list?scope=none")


def test_runs(workspace, ana, ben):
    jobs = "/api/2.2/jobs"
    number = ana.post(
        f"{jobs}/create", name="j", tasks=[{"task_key": "a", "notebook_task": {"notebook_path": "/n"}}]
    )["job_id"]
    assert "does not have Manage Run" in ben.refused("POST", f"{jobs}/run-now", job_id=number)
    first = ana.post(f"{jobs}/run-now", job_id=number, idempotency_token="t")
    assert ana.post(f"{jobs}/run-now", job_id=number, idempotency_token="t") == first
    run = ana.get(f"{jobs}/runs/get", run_id=first["run_id"])
    assert run["state"]["result_state"] == "FAILED"
    assert "Use the run_id of a task" in ana.refused("GET", f"{jobs}/runs/get-output?run_id={run['run_id']}")
    output = ana.get(f"{jobs}/runs/get-output", run_id=run["tasks"][0]["run_id"])
    assert "Unable to access the notebook /n" in output["error"]
    assert [each["run_id"] for each in ana.get(f"{jobs}/runs/list", job_id=number)["runs"]] == [run["run_id"]]
    ana.post(f"{jobs}/runs/cancel", run_id=run["run_id"])
    for path in (f"{jobs}/runs/get?run_id=1", f"{jobs}/runs/get-output?run_id=1"):
        assert "Run 1 does not exist" in ana.refused("GET", path)
    assert "Job 1 does not exist" in ana.refused("POST", f"{jobs}/run-now", job_id=1)
    acl = {"user_name": "ben@example.com", "permission_level": "CAN_MANAGE_RUN"}
    ana.do("PATCH", f"/api/2.0/permissions/jobs/{number}", body={"access_control_list": [acl]})
    assert ben.post(f"{jobs}/run-now", job_id=number)["run_id"]
    assert len(ana.get(f"/api/2.0/permissions/jobs/{number}")["access_control_list"]) == 3


def test_a_job_of_many_tasks_is_read_in_pages(ana):
    tasks = [{"task_key": f"t{number}", "notebook_task": {"notebook_path": "/n"}} for number in range(250)]
    number = ana.post("/api/2.2/jobs/create", name="j", tasks=tasks)["job_id"]
    first = ana.get("/api/2.2/jobs/get", job_id=number)
    assert (len(first["settings"]["tasks"]), first["has_more"]) == (100, True)
    last = ana.get("/api/2.2/jobs/get", job_id=number, page_token="200")
    assert (len(last["settings"]["tasks"]), "next_page_token" in last) == (50, False)
    assert "exceeds the limit" in ana.refused("POST", "/api/2.2/jobs/create", name="j", tasks=tasks * 5)


def test_people_and_folders(workspace, ana, ben):
    workspace.add_group("team", members=["ana@example.com"])
    assert ana.get(f"{SCIM}/Users", filter='userName eq "ben@example.com"')["Resources"][0]["active"] is True
    (team,) = ana.get(f"{SCIM}/Groups", filter="displayName eq 'team'")["Resources"]
    assert ana.get(f"{SCIM}/Groups/{team['id']}")["members"][0]["display"] == "ana"
    workspace.add_group("all teams", members=["team"])
    (outer,) = ana.get(f"{SCIM}/Groups", filter="displayName eq 'all teams'")["Resources"]
    assert outer["members"] == [{"value": team["id"], "display": "team", "$ref": f"Groups/{team['id']}"}]
    assert "not found" in ana.refused("GET", f"{SCIM}/Groups/1")
    assert "not supported" in ana.refused("GET", f"{SCIM}/Users?filter=userName co x")
    home = "/Users/ana@example.com"
    ana.do("POST", "/api/2.0/workspace/mkdirs", body={"path": f"{home}/open"})
    number = ana.get("/api/2.0/workspace/get-status", path=f"{home}/open")["object_id"]
    acl = {"user_name": "ben@example.com", "permission_level": "CAN_EDIT"}
    assert "does not have permission to write" in ben.refused(
        "POST", "/api/2.0/workspace/mkdirs", path=f"{home}/open/b"
    )
    ana.do("PUT", f"/api/2.0/permissions/directories/{number}", body={"access_control_list": [acl]})
    ben.do("POST", "/api/2.0/workspace/mkdirs", body={"path": f"{home}/open/b"})
    assert [each["path"] for each in ana.get("/api/2.0/workspace/list", path=f"{home}/open")["objects"]] == [
        f"{home}/open/b"
    ]
    assert "can only be exported as DBC" in ana.refused("GET", f"/api/2.0/workspace/export?path={home}/open")
    assert "request_object_type is not recognized" in ana.refused("GET", "/api/2.0/permissions/cakes/1")
