"""A plan names what a change of the bundle, or of the workspace, leads to; a deployment does what its plan says."""

import json
from uuid import UUID

import pytest
from deploying.shop import ANA, Shop, actions
from workspace_fake.handlers.files import plain

pytestmark = pytest.mark.unit

KINDS = {
    "schemas", "volumes", "models", "jobs", "pipelines", "experiments", "scopes", "warehouses", "dashboards", "alerts", "files",
}  # fmt: skip


@pytest.fixture
def deployed(shop: Shop) -> Shop:
    shop.deployer().deploy()
    return shop


def test_every_kind_is_deployed_stays_as_it_is_and_is_destroyed(shop):
    assert set(actions(shop.deployer().deploy()).values()) == {"create"}
    assert set(shop.workspace.holds()) == KINDS
    assert shop.actions() == {}
    shop.workspace.forget_calls()
    again = shop.deployer()
    again.deploy()
    assert again.uploaded == []
    changing = {call.split("/")[3] for call in shop.workspace.calls if not call.startswith("GET")}
    assert changing == {"workspace-files", "workspace", "permissions"}  # the lock, folders, who may read them
    shop.deployer().destroy()
    assert shop.workspace.holds() == {}
    assert shop.workspace.ignored == []


def test_a_plan_has_the_shape_of_the_direct_engine(shop):
    plan = shop.deployer().plan()
    assert plan["plan_version"] == 2
    assert "serial" not in plan
    assert plan["plan"]["resources.schemas.gold.grants"] == {
        "depends_on": [{"node": "resources.schemas.gold", "label": "${resources.schemas.gold.id}"}],
        "action": "create",
        "new_state": {
            "value": {
                "securable_type": "schema",
                "full_name": "",
                "__embed__": [{"principal": "readers", "privileges": ["SELECT", "USE_SCHEMA"]}],
            },
            "vars": {"full_name": "${resources.schemas.gold.id}"},
        },
    }
    nested = plan["plan"]["resources.jobs.all"]
    assert nested["depends_on"] == [{"node": "resources.jobs.load", "label": "${resources.jobs.load.id}"}]
    assert nested["new_state"]["vars"] == {"tasks[0].run_job_task.job_id": "${resources.jobs.load.id}"}
    shop.deployer().deploy()
    plan = shop.deployer().plan()
    UUID(plan["lineage"])
    assert plan["serial"] == 1
    entry = plan["plan"]["resources.jobs.load"]
    assert "new_state" not in entry
    assert entry["remote_state"]["name"] == "load"
    assert entry["changes"]["timeout_seconds"] == {"action": "skip", "reason": "empty", "remote": 0}
    assert entry["changes"]["tasks[task_key='load'].run_if"]["reason"] == "backend_default"


CHANGES = {
    "a comment": ("catalog", "comment: sums", "comment: totals", {"schemas.gold": "update"}),
    "another grant": ("catalog", "[USE_SCHEMA, SELECT]", "[USE_SCHEMA]", {"schemas.gold.grants": "update"}),
    "no grants": (
        "catalog", "grants: [{principal: readers, privileges: [EXECUTE]}]", "comment: m",
        {"registered_models.model": "update", "registered_models.model.grants": "delete"},
    ),
    "a schema's name": (
        "catalog", "name: gold", "name: gold2",
        {
            "schemas.gold": "recreate", "schemas.gold.grants": "recreate", "volumes.files": "recreate",
            "registered_models.model": "recreate", "registered_models.model.grants": "recreate", "pipelines.events": "update",
        },
    ),
    "a volume's name": ("catalog", "name: files", "name: drops", {"volumes.files": "update_id"}),
    "a parameter": ("jobs", "default: today", "default: yesterday", {"jobs.load": "update"}),
    "a job's name": ("jobs", "name: all", "name: everything", {"jobs.all": "update"}),
    "a warehouse's size": ("other", "2X-Small", "Small", {"sql_warehouses.main": "update"}),
    "an alert's query": ("other", "SELECT 1 AS n", "SELECT 2 AS n", {"alerts.empty": "update"}),
    "a dashboard": ("other", 'serialized_dashboard: "{}"', "serialized_dashboard: '{\"pages\": []}'", {"dashboards.sales": "update"}),
    "an experiment's name": ("other", "/Shared/churn", "/Shared/churn2", {"experiments.churn": "update"}),
    "a scope's name": (
        "other", "keys: {name: shop}", "keys: {name: shop2}",
        {"secret_scopes.keys": "recreate", "secret_scopes.keys.permissions": "update_id"},
    ),
    "a pipeline's catalog": ("other", "serverless: true", "serverless: false", {"pipelines.events": "update"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_planned_and_deployed_and_then_there_is_none(deployed, name):
    file, old, new, planned = CHANGES[name]
    deployed.edit(f"resources/{file}.yml", old, new)
    assert deployed.actions() == planned
    deployed.deployer().deploy()
    assert deployed.actions() == {}
    assert deployed.workspace.ignored == []


def test_a_recreated_schema_loses_what_was_in_it(deployed):
    deployed.workspace.add_table("shop.gold.sales")
    deployed.edit("resources/catalog.yml", "name: gold", "name: gold2")
    deployed.deployer().deploy()
    assert deployed.workspace.state.tables == {}
    assert list(deployed.workspace.state.schemas) == ["shop.gold2"]


def test_a_removed_job_is_deleted_after_the_job_that_used_it_was_changed(deployed):
    deployed.edit(
        "resources/jobs.yml",
        'run_job_task: {job_id: "${resources.jobs.load.id}"}',
        "notebook_task: {notebook_path: /Shared/n}",
    )
    text = (deployed.root / "resources/jobs.yml").read_text()
    before, _, after = text.partition("    load:\n")
    deployed.write("resources/jobs.yml", before + after[after.index("    all:\n") :])
    plan = deployed.deployer().plan()
    assert actions(plan) == {"jobs.all": "update", "jobs.load": "delete", "jobs.load.permissions": "delete"}
    deployed.workspace.forget_calls()
    deployed.deployer().deploy()
    calls = [call.rpartition("/")[2] for call in deployed.workspace.called("POST /api/2.2/jobs/")]
    assert calls == ["reset", "delete"]


def by_hand(shop: Shop, kind: str) -> None:
    """Delete everything of a kind as somebody in the workspace would."""
    for each in list(getattr(shop.workspace.state, kind)):
        del getattr(shop.workspace.state, kind)[each]


@pytest.mark.parametrize(
    ("kind", "planned"),
    [
        ("jobs", {"jobs.load", "jobs.all", "jobs.load.permissions", "jobs.all.permissions"}),
        ("volumes", {"volumes.files"}),
        ("warehouses", {"sql_warehouses.main", "sql_warehouses.main.permissions"}),
        ("scopes", {"secret_scopes.keys", "secret_scopes.keys.permissions"}),
        ("pipelines", {"pipelines.events", "pipelines.events.permissions"}),
    ],
)
def test_what_was_deleted_by_hand_is_found_and_created_again(deployed, kind, planned):
    by_hand(deployed, kind)
    plan = deployed.deployer().plan()
    created = {
        key.removeprefix("resources.") for key, entry in plan["plan"].items() if entry["action"] == "create"
    }
    assert created == planned
    assert all("remote_state" not in plan["plan"][f"resources.{key}"] for key in created)
    deployed.deployer().deploy()
    assert deployed.actions() == {}


def test_a_schema_that_was_deleted_by_hand_with_all_in_it_is_made_again(deployed):
    deployed.workspace.client(deployed.token).schemas.delete("shop.gold", force=True)
    created = {
        "schemas.gold",
        "schemas.gold.grants",
        "volumes.files",
        "registered_models.model",
        "registered_models.model.grants",
    }
    assert {key for key, action in deployed.actions().items() if action == "create"} == created
    deployed.deployer().deploy()
    assert deployed.actions() == {}
    assert deployed.workspace.state.grants["schema", "shop.gold"] == {"readers": {"USE_SCHEMA", "SELECT"}}


def test_what_was_deleted_by_hand_and_is_no_longer_wanted_is_only_forgotten(deployed):
    by_hand(deployed, "pipelines")
    deployed.edit(
        "resources/other.yml",
        'events: {name: events, catalog: shop, schema: "${resources.schemas.gold.name}", serverless: true}',
        "{}",
    )
    entry = deployed.deployer().plan()["plan"]["resources.pipelines.events"]
    assert (entry["action"], entry["gone"]) == ("delete", True)
    deployed.workspace.forget_calls()
    deployed.deployer().deploy()
    assert deployed.workspace.called("DELETE /api/2.0/pipelines") == []
    assert deployed.actions() == {}


def test_what_was_changed_by_hand_is_found_and_changed_back(deployed):
    state = deployed.workspace.state
    job = next(job for job in state.jobs.values() if job["settings"]["name"] == "load")
    job["settings"]["schedule"] = {"quartz_cron_expression": "0 0 3 * * ?", "timezone_id": "UTC"}
    state.grants["schema", "shop.gold"]["account users"] = {"SELECT"}
    plan = deployed.deployer().plan()
    assert actions(plan) == {"jobs.load": "update", "schemas.gold.grants": "update"}
    change = plan["plan"]["resources.jobs.load"]["changes"]["schedule"]
    assert change == {"action": "update", "remote": job["settings"]["schedule"]}
    change = plan["plan"]["resources.schemas.gold.grants"]["changes"]["[principal='account users']"]
    assert change["action"] == "update"
    deployed.deployer().deploy()
    assert "schedule" not in job["settings"]
    assert set(state.grants["schema", "shop.gold"]) == {"readers"}


def test_the_state_is_in_the_workspace_and_says_who_everything_is(deployed, tmp_path):
    other = deployed.deployer(cache=tmp_path / "other")
    assert actions(other.plan()) == {}
    state = deployed.workspace.state
    content = json.loads(state.entries[plain("/Workspace/Shared/.bundle/shop/state/resources.json")].data)
    assert (content["state_version"], content["serial"]) == (2, 1)
    assert content["state"]["resources.schemas.gold"]["__id__"] == "shop.gold"
    assert content["state"]["resources.jobs.all"]["depends_on"] == [
        {"node": "resources.jobs.load", "label": "${resources.jobs.load.id}"}
    ]
    numbers = {str(number) for number in state.jobs}
    assert {content["state"][f"resources.jobs.{key}"]["__id__"] for key in ("load", "all")} == numbers


def test_files_are_uploaded_by_the_rules_of_sync_and_only_where_they_changed(deployed):
    deployed.write("src/new.py", "print(1)\n")
    deployed.write("src/left_out.csv", "1\n")
    deployed.write(
        "databricks.yml", (deployed.root / "databricks.yml").read_text() + "sync: {exclude: ['*.csv']}\n"
    )
    deployer = deployed.deployer()
    deployer.deploy()
    assert {path.rpartition("/")[2] for path in deployer.uploaded} == {"new.py", "databricks.yml"}
    (deployed.root / "src/new.py").unlink()
    deployed.deployer().deploy()
    files = "/Shared/.bundle/shop/files/src"
    assert [path for path in deployed.workspace.state.entries if path.startswith(f"{files}/")] == [
        f"{files}/load.py"
    ]


def test_the_owner_of_a_job_is_who_deploys_it(deployed):
    for key, listed in deployed.workspace.state.permissions.items():
        if key.startswith(("/jobs/", "/pipelines/")):
            assert {"user_name": ANA, "permission_level": "IS_OWNER"} in listed
            assert {"group_name": "users", "permission_level": "CAN_MANAGE"} in listed
