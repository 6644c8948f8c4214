"""Each layer keeps its tables and volumes where the target's `layer_storage` says; what it says cannot change once a schema is there."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from flights_on_workspace import deployer_of, make_ready

from databricks_utils.catalog.layers import LAYERS
from lakewright.databricks_cli.program import fits_version
from lakewright.deploy.gate import judge
from lakewright.deploy.plan import read_plan

pytestmark = pytest.mark.unit

ACCOUNT = "stflightsprod0a1b2c.dfs.core.windows.net"


def keep_layers(project: Path, account: str = ACCOUNT) -> None:
    """Write into the target prod what `terraform output bundle_variables` prints."""
    places = {layer: f"abfss://{layer}@{account}" for layer in LAYERS}
    file = project / "databricks.yml"
    head, prod = file.read_text(encoding="utf-8").split("\n  prod:\n")
    lines = [line for line in prod.splitlines(keepends=True) if "layer_storage:" not in line]
    at = next(number for number, line in enumerate(lines) if "catalog: prod_" in line)
    lines.insert(at, f"      layer_storage: {json.dumps(places)}\n")
    file.write_text(f"{head}\n  prod:\n{''.join(lines)}", encoding="utf-8")


def test_each_schema_asks_for_the_place_of_its_own_layer(flights):
    asked = {}
    for path in (flights / "resources").glob("*.schema.yml"):
        ((name, schema),) = yaml.safe_load(path.read_text("utf-8"))["resources"]["schemas"].items()
        asked[name] = schema["storage_root"]
    assert asked == {layer: f"${{var.layer_storage.{layer}}}" for layer in LAYERS}


def test_a_cli_that_would_send_an_empty_place_is_refused(flights):
    """Source: https://github.com/databricks/cli/pull/6088, in version 1.10.0."""
    bundle = yaml.safe_load((flights / "databricks.yml").read_text("utf-8"))
    required = bundle["bundle"]["databricks_cli_version"]
    assert fits_version("1.9.0", required) is False
    assert fits_version("1.10.0", required)
    assert bundle["variables"]["layer_storage"]["default"] == dict.fromkeys(LAYERS, "")


def test_without_a_place_the_catalog_keeps_them(workspace, flights):
    token = make_ready(workspace, flights, "prod")
    deployer_of(workspace, flights, "prod", token).deploy()
    assert {name for name, each in workspace.state.schemas.items() if "storage_root" in each} == set()
    assert len(workspace.state.schemas) >= len(LAYERS)


def test_with_one_each_schema_is_made_there_and_stays(workspace, flights):
    keep_layers(flights)
    token = make_ready(workspace, flights, "prod")
    deployer_of(workspace, flights, "prod", token).deploy()
    made = {
        name.rpartition("flights_")[2]: each.get("storage_root")
        for name, each in workspace.state.schemas.items()
    }
    assert made == {layer: f"abfss://{layer}@{ACCOUNT}" for layer in LAYERS}
    again = deployer_of(workspace, flights, "prod", token).plan()
    assert {each["action"] for each in again["plan"].values()} == {"skip"}


def test_a_place_that_is_chosen_later_is_refused_before_it_deletes_the_tables(workspace, flights):
    token = make_ready(workspace, flights, "prod")
    deployer_of(workspace, flights, "prod", token).deploy()
    keep_layers(flights)
    deployer = deployer_of(workspace, flights, "prod", token)
    plan = read_plan(json.dumps(deployer.plan()).encode(), source="plan.json")
    found = judge(plan, today=date(2026, 11, 1), bundle=deployer.bundle, target="prod")
    refused = {
        each.key.removeprefix("resources.") for each in found.verdicts if str(each.outcome) == "refused"
    }
    assert not found.passes
    assert {f"schemas.{layer}" for layer in LAYERS} <= refused
