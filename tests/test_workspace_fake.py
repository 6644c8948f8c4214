"""The fake workspace keeps state, and refuses what the real API refuses with the codes that the SDK turns into its errors."""

from dataclasses import replace

import pytest
from databricks.sdk import errors
from databricks.sdk.service import catalog, jobs
from databricks.sdk.service import workspace as files
from databricks.sdk.service.workspace import ImportFormat

from databricks_utils.workspace_objects import TableMonitor, ensure_monitor
from databricks_utils.workspace_objects.outcome import Outcome

pytestmark = pytest.mark.unit

NOTEBOOK = b"# Databricks notebook source\nprint(1)\n"


@pytest.fixture
def ana(workspace):
    """A client of someone who may create schemas in `dev`, and is in no group."""
    workspace.add_catalog("dev", grants={"ana@example.com": ["USE_CATALOG", "CREATE_SCHEMA"]})
    return workspace.client(workspace.add_user("ana@example.com"))


@pytest.fixture
def ben(workspace):
    """A client of someone without any rights."""
    return workspace.client(workspace.add_user("ben@example.com"))


def test_who_signs_in_is_known_and_a_wrong_token_is_refused(workspace, ana):
    assert ana.current_user.me().user_name == "ana@example.com"
    with pytest.raises(errors.PermissionDenied, match="Invalid access token"):
        workspace.client("dapi-wrong").current_user.me()


def test_principals_are_looked_up_by_name(workspace, ana):
    workspace.add_service_principal("loader", groups=["loaders"])
    (found,) = ana.service_principals.list(filter='displayName eq "loader"')
    assert found.application_id == workspace.application_id("loader")
    assert [each.display_name for each in ana.groups.list(filter='displayName eq "loaders"')] == ["loaders"]
    assert list(ana.service_principals.list(filter='displayName eq "nobody"')) == []


def test_a_schema_needs_a_catalog_a_free_name_and_the_privilege(ana, ben):
    ana.schemas.create(name="Gold", catalog_name="dev")
    assert ana.schemas.get("dev.gold").owner == "ana@example.com"
    with pytest.raises(errors.ResourceConflict, match="Schema 'gold' already exists"):
        ana.schemas.create(name="gold", catalog_name="dev")
    with pytest.raises(errors.NotFound, match="Catalog 'none' does not exist"):
        ana.schemas.create(name="gold", catalog_name="none")
    with pytest.raises(errors.PermissionDenied, match="User does not have USE CATALOG on Catalog 'dev'"):
        ben.schemas.create(name="silver", catalog_name="dev")
    with pytest.raises(errors.PermissionDenied, match="does not have permission to see Schema"):
        ben.schemas.get("dev.gold")


def test_a_schema_with_tables_is_only_deleted_by_force(workspace, ana):
    ana.schemas.create(name="gold", catalog_name="dev")
    workspace.add_table("dev.gold.flights")
    with pytest.raises(errors.BadRequest, match=r"is not empty. The schema has 1 tables"):
        ana.schemas.delete("dev.gold")
    ana.schemas.delete("dev.gold", force=True)
    assert workspace.state.tables == {}


def test_a_grant_names_a_known_principal_and_a_privilege_that_fits(workspace, ana, ben):
    workspace.add_group("readers", members=["ben@example.com"])
    ana.schemas.create(name="gold", catalog_name="dev")

    def grant(client, principal, privilege):
        change = catalog.PermissionsChange(principal=principal, add=[privilege])
        return client.grants.update("schema", "dev.gold", changes=[change])

    with pytest.raises(errors.NotFound, match="Could not find principal with name nobody"):
        grant(ana, "nobody", catalog.Privilege.SELECT)
    with pytest.raises(errors.NotFound, match="Could not find principal with name admins"):
        grant(ana, "admins", catalog.Privilege.SELECT)
    with pytest.raises(errors.BadRequest, match="Privilege CREATE SCHEMA is not applicable"):
        grant(ana, "readers", catalog.Privilege.CREATE_SCHEMA)
    with pytest.raises(errors.PermissionDenied, match="not an owner of Schema"):
        grant(ben, "readers", catalog.Privilege.SELECT)
    grant(ana, "readers", catalog.Privilege.USE_SCHEMA)
    assert ben.schemas.get("dev.gold").name == "gold"
    effective = ana.grants.get_effective("schema", "dev.gold").privilege_assignments
    assert [(each.principal, [p.privilege.value for p in each.privileges]) for each in effective] == [
        ("ana@example.com", ["CREATE_SCHEMA", "USE_CATALOG"]),
        ("readers", ["USE_SCHEMA"]),
    ]


def test_bodies_are_compared_with_the_types_of_the_api(workspace, ana):
    def create(**body):
        return ana.api_client.do("POST", "/api/2.2/jobs/create", body=body)

    for body, message in [
        ({"name": 3}, "expected 'STRING' at 'name'"),
        (
            {"tasks": [{"notebook_task": {"notebook_path": "/x"}}]},
            r"Missing required field: tasks\[0\].task_key",
        ),
        ({"tasks": {"task_key": "a"}}, "expected a list at 'tasks'"),
        ({"performance_target": "FAST"}, "Invalid value 'FAST' for field 'performance_target'"),
        ({"max_concurrent_runs": "many"}, "expected 'INT' at 'max_concurrent_runs'"),
        ({"tags": ["a"]}, "expected a map at 'tags'"),
    ]:
        with pytest.raises(errors.BadRequest, match=message):
            create(**body)
    assert create(name="j", colour="red")["job_id"]
    assert workspace.ignored == ["colour"]


def task(key="a", **fields):
    return {"task_key": key, "notebook_task": {"notebook_path": "/n"}} | fields


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"tasks": [task(), task()]}, "Task key a is used by more than one task"),
        ({"tasks": [task(depends_on=[{"task_key": "z"}])]}, "depends on task z"),
        ({"tasks": [task(depends_on=[{"task_key": "a"}])]}, "in a circle"),
        ({"tasks": [{"task_key": "a"}]}, "exactly one kind of task, found none"),
        ({"tasks": [task(environment_key="main")]}, "Environment key main of task a is not defined"),
        ({"tasks": [task(job_cluster_key="main")]}, "Job cluster key main of task a is not defined"),
        ({"tasks": [{"task_key": "a", "run_job_task": {"job_id": 7}}]}, "Job 7 of task a does not exist"),
        (
            {"run_as": {"service_principal_name": "nobody"}},
            "service principal nobody of run_as does not exist",
        ),
        ({"run_as": {"user_name": "nobody@example.com"}}, "user nobody@example.com of run_as does not exist"),
        ({"tasks": [task(new_cluster={"policy_id": "P"})]}, "Cluster policy P does not exist"),
        ({"schedule": {"quartz_cron_expression": "0 0", "timezone_id": "UTC"}}, "Invalid cron expression"),
    ],
)
def test_a_job_that_cannot_run_is_refused(ana, settings, message):
    with pytest.raises(errors.BadRequest, match=message):
        ana.api_client.do("POST", "/api/2.2/jobs/create", body={"name": "j", **settings})


def test_run_as_needs_a_role_on_the_service_principal(workspace, ana):
    workspace.add_service_principal("closed")
    workspace.add_service_principal("open", users=["ana@example.com"])
    body = {"name": "j", "run_as": {"service_principal_name": workspace.application_id("closed")}}
    with pytest.raises(errors.PermissionDenied, match=r"servicePrincipal.user"):
        ana.api_client.do("POST", "/api/2.2/jobs/create", body=body)
    body["run_as"] = {"service_principal_name": workspace.application_id("open")}
    assert ana.api_client.do("POST", "/api/2.2/jobs/create", body=body)["job_id"]


def test_a_job_is_seen_and_changed_by_those_who_may(workspace, ana, ben):
    job = ana.jobs.create(name="j").job_id
    with pytest.raises(errors.PermissionDenied, match="does not have View"):
        ben.jobs.get(job)
    with pytest.raises(errors.PermissionDenied, match="does not have Manage"):
        ben.jobs.delete(job)
    with pytest.raises(errors.ResourceDoesNotExist, match="Job 4242 does not exist"):
        ana.jobs.get(4242)
    ana.jobs.reset(job, jobs.JobSettings(name="other"))
    assert ana.jobs.get(job).settings.name == "other"
    assert [each.job_id for each in ana.jobs.list(name="other")] == [job]
    ana.jobs.delete(job)
    assert "jobs" not in workspace.holds()


def test_a_job_keeps_one_owner_and_its_permissions_name_known_principals(workspace, ana):
    job = ana.jobs.create(name="j").job_id

    def put(*acls):
        listed = [dict(zip(("user_name", "permission_level"), acl, strict=True)) for acl in acls]
        return ana.api_client.do(
            "PUT", f"/api/2.0/permissions/jobs/{job}", body={"access_control_list": listed}
        )

    with pytest.raises(errors.BadRequest, match="The job must have exactly one owner"):
        put(("ana@example.com", "CAN_MANAGE"))
    with pytest.raises(errors.NotFound, match=r"UserName\(nobody\) does not exist"):
        put(("ana@example.com", "IS_OWNER"), ("nobody", "CAN_VIEW"))
    with pytest.raises(errors.BadRequest, match="CAN_QUERY is not supported for jobs"):
        put(("ana@example.com", "CAN_QUERY"))


def test_files_need_their_folder_and_are_overwritten_only_where_that_is_asked_for(workspace, ana):
    home = "/Workspace/Users/ana@example.com"
    with pytest.raises(
        errors.NotFound, match=r"The parent folder \(/Users/ana@example.com/in\) does not exist"
    ):
        ana.workspace.upload(f"{home}/in/a.txt", b"1", format=ImportFormat.AUTO)
    ana.workspace.mkdirs(f"{home}/in")
    ana.workspace.upload(f"{home}/in/a.txt", b"1", format=ImportFormat.AUTO)
    with pytest.raises(errors.ResourceAlreadyExists):
        ana.workspace.upload(f"{home}/in/a.txt", b"2", format=ImportFormat.AUTO)
    ana.workspace.upload(f"{home}/in/a.txt", b"2", format=ImportFormat.AUTO, overwrite=True)
    with ana.workspace.download(f"{home}/in/a.txt") as content:
        assert content.read() == b"2"
    with pytest.raises(errors.BadRequest, match="is not empty"):
        ana.workspace.delete(f"{home}/in")
    with pytest.raises(errors.PermissionDenied, match="does not have permission to write"):
        ana.workspace.mkdirs("/Workspace/Users/other@example.com")


def test_a_notebook_loses_its_ending(ana):
    path = "/api/2.0/workspace-files/import-file/Users/ana@example.com/n.py"
    ana.api_client.do("POST", path, query={"overwrite": "true"}, data=NOTEBOOK)
    assert ana.workspace.get_status("/Users/ana@example.com/n").object_type is files.ObjectType.NOTEBOOK
    with pytest.raises(errors.NotFound):
        ana.workspace.get_status("/Users/ana@example.com/n.py")


def test_a_monitor_by_the_newer_interface_is_made_once_and_changed_where_it_differs(workspace, ana, ben):
    monitor = TableMonitor("dev.gold.predictions", "dev.gold", "day", None)
    assert ensure_monitor(ana.api_client, monitor) is Outcome.NOTHING_TO_STAND_ON
    schema = ana.schemas.create(name="gold", catalog_name="dev")
    workspace.add_table("dev.gold.predictions", owner="ana@example.com")
    api = ana.api_client
    table = api.do("GET", "/api/2.1/unity-catalog/tables/dev.gold.predictions")["table_id"]
    place = f"/api/data-quality/v1/monitors/table/{table}"
    with pytest.raises(errors.NotFound, match=f"Monitor for table {table} does not exist"):
        api.do("GET", place)
    assert [ensure_monitor(api, monitor) for _ in range(2)] == [Outcome.CREATED, Outcome.UNCHANGED]
    weekly = replace(monitor, schedule="0 0 6 ? * MON")
    assert [ensure_monitor(api, weekly) for _ in range(2)] == [Outcome.UPDATED, Outcome.UNCHANGED]
    assert api.do("GET", place)["data_profiling_config"]["schedule"]["timezone_id"] == "UTC"
    whole = {"object_type": "table", "object_id": table}
    profile = {"output_schema_id": schema.schema_id, "snapshot": {}}
    both = profile | {"time_series": {"timestamp_column": "t", "granularities": []}}
    path = "/api/data-quality/v1/monitors"
    with pytest.raises(errors.AlreadyExists):
        api.do("POST", path, body={**whole, "data_profiling_config": profile})
    with pytest.raises(errors.BadRequest, match="Exactly one of snapshot"):
        api.do("POST", path, body={**whole, "data_profiling_config": both})
    with pytest.raises(errors.NotFound, match="Schema 'none' does not exist"):
        api.do("POST", path, body={**whole, "data_profiling_config": {**profile, "output_schema_id": "none"}})
    with pytest.raises(errors.BadRequest, match="update_mask"):
        api.do(
            "PATCH",
            place,
            query={"update_mask": "data_profiling_config.none"},
            body={**whole, "data_profiling_config": profile},
        )
    with pytest.raises(errors.PermissionDenied):
        ben.api_client.do("GET", place)
    ana.schemas.delete("dev.gold", force=True)
    assert workspace.state.data_monitors == {}
    assert workspace.ignored == []


def test_the_metastore_and_the_quota_of_a_catalog_are_told(workspace, ana):
    ana.schemas.create(name="gold", catalog_name="dev")
    assignment = ana.metastores.current()
    assert (assignment.metastore_id, assignment.workspace_id) == ("m", 7474)
    found = ana.resource_quotas.get_quota("catalog", "dev", "schema-quota").quota_info
    assert (found.quota_count, found.quota_limit) == (1, 10_000)
    with pytest.raises(errors.BadRequest, match="is not known"):
        ana.resource_quotas.get_quota("metastore", "m", "catalog-quota")
    workspace.state.metastore = None
    with pytest.raises(errors.NotFound, match="No metastore assigned"):
        ana.metastores.current()


def test_what_refers_to_something_missing_is_refused(workspace, ana):
    ana.schemas.create(name="gold", catalog_name="dev")
    do = ana.api_client.do
    monitor = {"assets_dir": "/x", "output_schema_name": "dev.gold", "snapshot": {}}
    table = "/api/2.1/unity-catalog/tables/dev.gold.predictions/monitor"
    served = {
        "entity_name": "dev.gold.model",
        "entity_version": "1",
        "workload_size": "Small",
        "scale_to_zero_enabled": True,
    }
    endpoint = {"name": "scores", "config": {"served_entities": [served]}}
    with pytest.raises(errors.NotFound, match=r"Table 'dev.gold.predictions' does not exist"):
        do("POST", table, body=monitor)
    with pytest.raises(errors.NotFound, match=r"RegisteredModel 'dev.gold.model' does not exist"):
        do("POST", "/api/2.0/serving-endpoints", body=endpoint)
    workspace.add_table("dev.gold.predictions")
    with pytest.raises(errors.NotFound, match=r"Schema 'dev.none' does not exist"):
        do("POST", table, body=monitor | {"output_schema_name": "dev.none"})
    with pytest.raises(errors.BadRequest, match="Exactly one of snapshot"):
        do("POST", table, body=monitor | {"time_series": {"granularities": ["1 day"], "timestamp_col": "t"}})
    assert do("POST", table, body=monitor)["table_name"] == "dev.gold.predictions"
    ana.registered_models.create(catalog_name="dev", schema_name="gold", name="model")
    with pytest.raises(errors.NotFound, match="version '1' does not exist"):
        do("POST", "/api/2.0/serving-endpoints", body=endpoint)
    workspace.add_model_version("dev.gold.model")
    assert do("POST", "/api/2.0/serving-endpoints", body=endpoint)["name"] == "scores"
    assert workspace.ignored == []


def test_secret_scopes_warehouses_and_experiments_keep_their_rules(workspace, ana, ben):
    ana.secrets.create_scope("s")
    with pytest.raises(errors.ResourceAlreadyExists):
        ana.secrets.create_scope("s")
    with pytest.raises(errors.PermissionDenied, match="does not have MANAGE permission on scope s"):
        ben.secrets.put_acl("s", "users", files.AclPermission.READ)
    with pytest.raises(errors.NotFound, match="Principal nobody does not exist"):
        ana.secrets.put_acl("s", "nobody", files.AclPermission.READ)
    with pytest.raises(errors.BadRequest, match="Huge is not a supported cluster size"):
        ana.api_client.do("POST", "/api/2.0/sql/warehouses", body={"name": "w", "cluster_size": "Huge"})
    with pytest.raises(errors.NotFound, match="Parent directory /Users/no does not exist"):
        ana.experiments.create_experiment("/Users/no/e")
    alert = {
        "display_name": "a",
        "query_text": "select 1",
        "warehouse_id": "none",
        "evaluation": {"source": {"name": "n"}, "comparison_operator": "GREATER_THAN"},
        "schedule": {"quartz_cron_schedule": "0 0 8 * * ?", "timezone_id": "UTC"},
    }
    with pytest.raises(errors.NotFound, match="SQL warehouse none does not exist"):
        ana.api_client.do("POST", "/api/2.0/alerts", body=alert)


def test_a_volume_holds_files_and_only_those_who_may_write_them(ana, ben):
    ana.schemas.create(name="raw", catalog_name="dev")
    ana.volumes.create("dev", "raw", "files", catalog.VolumeType.MANAGED)
    path = "/api/2.0/fs/files/Volumes/dev/raw/files/in/a.csv"
    ana.api_client.do("PUT", path, data=b"1")
    with pytest.raises(errors.ResourceConflict, match="already exists"):
        ana.api_client.do("PUT", path, data=b"1")
    with pytest.raises(errors.PermissionDenied, match="USE CATALOG"):
        ben.api_client.do("PUT", path, query={"overwrite": "true"}, data=b"1")
    assert [each.name for each in ana.files.list_directory_contents("/Volumes/dev/raw/files")] == ["in"]
    with pytest.raises(errors.BadRequest, match="storage_location must be provided"):
        ana.volumes.create("dev", "raw", "lake", catalog.VolumeType.EXTERNAL)


def test_a_call_that_the_fake_does_not_have_is_refused_loudly(ana):
    with pytest.raises(errors.NotImplemented, match=r"does not implement GET /api/2.0/genie/spaces"):
        ana.api_client.do("GET", "/api/2.0/genie/spaces")


class TestFaults:
    def test_too_many_requests_are_retried_after_the_asked_time(self, workspace, ana):
        workspace.faults.add("POST /api/2.2/jobs/create", times=2, status=429, retry_after=7)
        assert ana.jobs.create(name="j").job_id
        assert len(workspace.called("POST /api/2.2/jobs/create")) == 3
        assert [int(seconds) for seconds in workspace.clock.slept] == [7, 7]

    def test_a_fault_can_wait_for_the_nth_call(self, workspace, ana):
        workspace.faults.add("GET *", at=2, status=500)
        ana.current_user.me()
        with pytest.raises(errors.InternalError):
            ana.current_user.me()
        ana.current_user.me()

    def test_a_token_expires_after_some_calls(self, workspace, ana):
        workspace.faults.expire(ana.config.token, after=1)
        ana.current_user.me()
        with pytest.raises(errors.Unauthenticated):
            ana.current_user.me()

    def test_a_lost_answer_is_retried_by_the_sdk_and_the_job_is_there_twice(self, workspace, ana):
        """The SDK takes a reset for a failure to connect; whoever must not do a thing twice has to see to it."""
        workspace.faults.add("POST /api/2.2/jobs/create", reset_after=True)
        ana.jobs.create(name="j")
        assert len(workspace.state.jobs) == 2

    def test_a_call_without_an_answer_times_out(self, workspace, ana):
        client = workspace.client(ana.config.token, http_seconds=0.2)
        workspace.faults.add("GET *", hang=True)
        assert client.current_user.me().user_name == "ana@example.com"
        assert len(workspace.clock.slept) == 1
