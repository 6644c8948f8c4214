"""What Terraform makes in Databricks is what the bundle of the flights project needs: by name, and by what preflight finds missing."""

import dataclasses
import json
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from infrastructure.planned import FLIGHTS, Planned
from infrastructure.workspace_of_plan import make

from databricks_utils.catalog.layers import LAYERS
from lakewright.bundle import load_bundle
from lakewright.commands.preflight import command

pytestmark = pytest.mark.unit

JOBS = ("ingestion", "transformation", "training", "scoring", "maintenance")
# What the fake workspace has no answer to. Rule sets and entitlements have tests of their own below.
NOT_ANSWERED = {"entitlement", "libraries", "metastore", "quota", "run as", "serverless"}


def names_in_bundle(target: str) -> set[str]:
    """Return the groups and service principals that databricks.yml names for a target."""
    resolved = load_bundle(FLIGHTS, target=target, run_python=False).resolved
    return set(re.findall(rf"\bflights-{target}-[a-z]+(?:-job)?\b", json.dumps(resolved["variables"])))


@pytest.fixture
def preflight(workspace, monkeypatch, tmp_path) -> Callable[[Planned], dict[str, set[str]]]:
    """Ask preflight as the deployer about a workspace that has what a plan makes; return checks by status."""

    def ask(planned: Planned) -> dict[str, set[str]]:
        monkeypatch.setenv("DATABRICKS_HOST", workspace.host)
        monkeypatch.setenv("DATABRICKS_TOKEN", make(workspace, planned))
        monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "none"))
        options = ["--project", str(FLIGHTS), "-t", planned.environment, "-o", "json"]
        done = CliRunner().invoke(command, options, standalone_mode=False)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        found: dict[str, set[str]] = {}
        for each in json.loads(done.stdout)["findings"]:
            if each["check"] != "Databricks CLI":  # of this machine
                found.setdefault(each["status"], set()).add(each["check"])
        return found

    return ask


def test_terraform_makes_the_groups_and_service_principals_that_the_bundle_names(planned):
    assert planned.groups | planned.service_principals == names_in_bundle("prod")
    assert len(planned.groups) == 11


def test_memberships_are_those_of_the_configuration(planned):
    bundle_config = load_bundle(FLIGHTS, target="prod", run_python=False)
    assert bundle_config.environment == "prod"
    text = (FLIGHTS / "config/prod.yaml").read_text(encoding="utf-8")
    written = {
        (member, group)
        for member, groups in re.findall(r"^    (flights-prod-[\w-]+): \[(.+)\]$", text, re.MULTILINE)
        for group in groups.split(", ")
    }
    assert planned.memberships == written
    assert len(written) == 12


def test_preflight_finds_nothing_missing_in_what_terraform_makes(planned, preflight):
    found = preflight(planned)
    assert found.get("missing", set()) == set()
    assert found["not known"] <= NOT_ANSWERED
    assert {"catalog", "lookup", "membership", "principal", "right to deploy", "use of catalogs"} <= found[
        "ok"
    ]


def without(planned: Planned, pattern: str) -> Planned:
    """Return a plan without the resources whose addresses a pattern finds."""
    kept = tuple(each for each in planned.changes if not re.search(pattern, each["address"]))
    assert len(kept) < len(planned.changes)
    return dataclasses.replace(planned, changes=kept)


@pytest.mark.parametrize(
    ("pattern", "check"),
    [
        (r'databricks_grant\.principal\["deployer"\]', "catalog"),
        (r'databricks_grant\.principal\["flights-prod-bi"\]', "use of catalogs"),
        (r'databricks_grant\.principal\["flights-prod-readers"\]', "use of catalogs"),
        (
            r'databricks_group_member\.inside\["flights-prod-scoring-job in flights-prod-scoring"\]',
            "membership",
        ),
        (r'databricks_service_principal\.job\["flights-prod-maintenance-job"\]', "lookup"),
        (r'databricks_group\.role\["flights-prod-operators"\]', "principal"),
    ],
)
def test_preflight_misses_each_thing_that_terraform_would_not_make(pattern, check, planned, preflight):
    assert check in preflight(without(planned, pattern))["missing"]


def test_the_deployer_may_let_jobs_run_as_each_service_principal(planned):
    rules = planned.of("databricks_access_control_rule_set")
    (deployer,) = {
        each["acl_principal_id"]
        for each in planned.of("databricks_service_principal").values()
        if each["display_name"] == "flights-prod-deployer"
    }
    found = {
        address: [(rule["role"], rule["principals"]) for rule in each["grant_rules"]]
        for address, each in rules.items()
        if address.startswith("module.run_as.")
    }
    assert found == {
        f'module.run_as.databricks_access_control_rule_set.job["flights-prod-{job}-job"]': [
            ("roles/servicePrincipal.user", [deployer])
        ]
        for job in JOBS
    }


def test_who_deploys_and_whom_jobs_run_as_have_the_entitlements_that_preflight_asks_for(planned):
    """The fake workspace has no entitlements; these are what `checks/access/entitlements.py` wants for the bundle."""
    entitled = planned.of("databricks_entitlements")
    assert {address for address in entitled if ".deployer" in address or ".job[" in address} == {
        "module.workspace_access.databricks_entitlements.deployer",
        *(f'module.workspace_access.databricks_entitlements.job["flights-prod-{job}-job"]' for job in JOBS),
    }
    assert all(each["workspace_access"] and each["databricks_sql_access"] for each in entitled.values())
    assert [address for address, each in entitled.items() if each["allow_cluster_create"]] == [
        "module.workspace_access.databricks_entitlements.deployer"
    ]


def test_terraform_grants_nothing_on_the_catalog_that_the_bundle_does_not_need(planned):
    assert planned.catalog_grants["deployer"] == {"USE_CATALOG", "CREATE_SCHEMA"}
    roles = {
        name.removeprefix("flights-prod-"): each
        for name, each in planned.catalog_grants.items()
        if name != "deployer"
    }
    assert set(roles) == {
        "readers", "jobs", "ingestion", "transformation", "aggregation", "training", "scoring", "maintenance", "bi",
    }  # fmt: skip
    assert set().union(*roles.values()) == {"USE_CATALOG"}


def test_the_deployer_alone_may_keep_the_tables_of_a_layer_in_its_container(planned):
    granted = {
        address.rpartition("[")[2].strip('"]'): set(each["privileges"])
        for address, each in planned.of("databricks_grant").items()
        if each["external_location"]
    }
    assert granted == {f"deployer on {layer}": {"CREATE_MANAGED_STORAGE"} for layer in LAYERS}


def test_the_bundle_takes_the_places_that_terraform_prints():
    declared = load_bundle(FLIGHTS, target="prod", run_python=False).resolved["variables"]["layer_storage"]
    outputs = (FLIGHTS / "infra/terraform/databricks/outputs.tf").read_text(encoding="utf-8")
    names = (FLIGHTS / "infra/terraform/modules/naming/main.tf").read_text(encoding="utf-8")
    assert "layer_storage = { for layer in module.names.layers :" in outputs
    assert re.findall(r'"(\w+)"', re.findall(r"layers = \[(.+)\]", names)[0]) == list(LAYERS)
    assert set(declared["value"]) == set(LAYERS)


def test_no_catalog_is_deleted_with_what_it_holds(planned):
    assert planned.catalog["force_destroy"] is None
    assert planned.catalog["isolation_mode"] == "ISOLATED"
    text = "".join(path.read_text(encoding="utf-8") for path in (FLIGHTS / "infra/terraform").rglob("*.tf"))
    assert re.findall(r"force_destroy\s*=|databricks_grants\b", re.sub(r"#.*", "", text)) == []
    assert text.count("prevent_destroy = true") > 0
