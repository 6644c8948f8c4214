"""What is deployed where: whom it belongs to, who sees it, what it costs, and that nothing runs by itself outside of prod."""

import json
import re
from pathlib import Path

import pytest
import yaml

pytestmark = [pytest.mark.contract, pytest.mark.unit]
ROOT = Path(__file__).resolve().parents[2]
BUNDLE = yaml.safe_load((ROOT / "databricks.yml").read_text())
SHARED = {name: target for name, target in BUNDLE["targets"].items() if target["mode"] == "production"}
FILES = {path.name: yaml.safe_load(path.read_text()) for path in (ROOT / "resources").glob("*.yml")}
DASHBOARD = json.loads((ROOT / "dashboards" / "pipeline.lvdash.json").read_text())


def resources(kind):
    """The resources of a kind, those that only shared targets have among them."""
    sections = [section for file in FILES.values() for section in (file, *file.get("targets", {}).values())]
    return {key: each for section in sections for key, each in section.get("resources", {}).get(kind, {}).items()}


def test_staging_and_prod_are_the_shared_targets():
    assert sorted(SHARED) == ["prod", "staging"]


@pytest.mark.parametrize("target", sorted(SHARED))
def test_whoever_deploys_a_shared_target_finds_the_same_state(target):
    root = SHARED[target]["workspace"]["root_path"]
    assert "current_user" not in root, "a second person would deploy a second copy"
    assert not root.startswith("/Workspace/Shared"), "everybody may write there"
    assert {"${bundle.name}", "${bundle.target}"} <= set(re.findall(r"\$\{[^}]*\}", root))


@pytest.mark.parametrize("target", sorted(SHARED))
def test_a_shared_target_is_deployed_from_the_main_branch_only(target):
    assert SHARED[target]["git"] == {"branch": "main"}


@pytest.mark.parametrize("target", sorted(SHARED))
def test_only_those_whom_jobs_run_as_may_view_everything_because_that_reads_secrets(target):
    entries = SHARED[target]["permissions"]
    held = {entry.get("group_name") or entry["service_principal_name"]: entry["level"] for entry in entries}
    assert held == {
        "${var.principals.deployers}": "CAN_MANAGE",
        "${var.deployer_principal}": "CAN_MANAGE",
        "${var.principals.operators}": "CAN_RUN",
        "${var.principals.jobs}": "CAN_VIEW",
    }


@pytest.mark.parametrize("target", sorted(SHARED))
def test_a_group_has_its_rights_from_the_target_or_from_the_object_not_from_both(target):
    everywhere = {entry.get("group_name") for entry in SHARED[target]["permissions"]}
    for entries in SHARED[target]["variables"]["access"].values():
        assert not everywhere & {entry["group_name"] for entry in entries}


def test_dev_has_no_groups_no_mails_and_no_monitor():
    dev = BUNDLE["targets"]["dev"]
    assert not {"permissions", "run_as"} & set(dev)
    defaults = {name: variable.get("default") for name, variable in BUNDLE["variables"].items()}
    assert not any(defaults["access"].values())
    assert not defaults["email_notifications"]
    assert not defaults["alert_subscriptions"]
    assert not defaults["monitor_schedule"]
    assert not set(dev["variables"]) - {"catalog", "schema_prefix"}


@pytest.mark.parametrize("target", sorted(SHARED))
def test_each_job_of_a_shared_target_runs_as_a_service_principal(target):
    variables = SHARED[target]["variables"]
    assert set(variables["run_as"]) == set(BUNDLE["variables"]["run_as"]["default"])
    for identity in [*variables["run_as"].values(), SHARED[target]["run_as"]]:
        (variable,) = re.findall(r"^\$\{var\.(\w+)\}$", identity["service_principal_name"])
        assert list(variables[variable]["lookup"]) == ["service_principal"]


@pytest.mark.parametrize("target", sorted(SHARED))
def test_each_role_has_a_group(target):
    groups = SHARED[target]["variables"]["principals"]
    assert set(groups) == set(BUNDLE["variables"]["principals"]["default"])
    assert all(group == f"flights-{target}-{role}" for role, group in groups.items())


def test_the_bill_shows_project_owner_and_environment():
    assert BUNDLE["presets"]["tags"] == {
        "project": "flights",
        "owner": "data-team",
        "environment": "${bundle.target}",
    }


def test_no_alert_runs_by_itself_outside_of_prod():
    (alert,) = resources("alerts").values()
    assert "pause_status" not in alert["schedule"], "the target decides"


def test_a_monitor_profiles_by_itself_in_prod_only():
    wanted = {name: target["variables"]["monitor_schedule"] for name, target in SHARED.items()}
    assert wanted["staging"] == "manual", "made, so that prod's was tried before"
    assert len(wanted["prod"].split()) == 6, "a quartz expression"


def test_a_warehouse_stops_when_nobody_asks():
    assert all(0 < warehouse["auto_stop_mins"] <= 15 for warehouse in resources("sql_warehouses").values())


def test_the_experiment_has_the_name_that_training_uses():
    from databricks_utils.config import ConfigLoader

    (experiment,) = resources("experiments").values()
    for target in SHARED:
        used = ConfigLoader.load(target, ROOT / "config").mlflow.experiment
        assert experiment["name"].replace("${bundle.target}", target) == used


def test_what_needs_a_table_or_a_model_first_is_no_resource():
    assert not resources("quality_monitors")
    assert not resources("model_serving_endpoints")


def test_a_dashboard_shows_only_what_its_queries_give():
    columns = {each["name"]: " ".join(each["queryLines"]).split("FROM")[0] for each in DASHBOARD["datasets"]}
    for page in DASHBOARD["pages"]:
        for item in page["layout"]:
            (query,) = item["widget"]["queries"]
            given = columns[query["query"]["datasetName"]]
            for field in query["query"]["fields"]:
                assert re.search(rf"\b{field['name']}\b", given), field["name"]


def test_a_dashboard_reads_schemas_of_the_project_without_a_catalog():
    for dataset in DASHBOARD["datasets"]:
        (table,) = re.findall(r"FROM (\S+)", " ".join(dataset["queryLines"]))
        assert re.fullmatch(r"flights_(gold|ops)\.\w+", table), "the catalog is that of the target"
