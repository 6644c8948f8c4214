"""Plans of the deployer go through the gate: what it would destroy in the workspace is refused, and a named loss passes."""

import json
from datetime import date

import pytest
from deploying.shop import Shop

from lakewright.deploy.gate import Judgement, judge
from lakewright.deploy.gate.allowances import allowances_of_options
from lakewright.deploy.plan import read_plan

pytestmark = pytest.mark.unit


@pytest.fixture
def deployed(shop: Shop) -> Shop:
    shop.deployer().deploy()
    return shop


def judged(shop: Shop, *, deleted=(), recreated=()) -> Judgement:
    deployer = shop.deployer()
    plan = read_plan(json.dumps(deployer.plan()).encode(), source="plan.json")
    allowances = allowances_of_options(deleted, recreated)
    return judge(plan, today=date(2026, 11, 1), allowances=allowances, bundle=deployer.bundle, target="prod")


def outcomes(judgement: Judgement) -> dict[str, str]:
    return {each.key.removeprefix("resources."): str(each.outcome) for each in judgement.verdicts}


def test_a_first_deployment_and_one_without_a_change_pass(shop):
    first = judged(shop)
    assert first.passes
    assert set(outcomes(first).values()) == {"shown"}
    shop.deployer().deploy()
    again = judged(shop)
    assert again.passes
    assert not again.has_changes


def test_a_renamed_schema_is_refused_with_what_lies_in_it(deployed):
    deployed.edit("resources/catalog.yml", "name: gold", "name: gilded")
    found = judged(deployed)
    assert not found.passes
    refused = {key for key, outcome in outcomes(found).items() if outcome == "refused"}
    assert {"schemas.gold", "volumes.files"} <= refused
    (schema,) = [each for each in found.verdicts if each.key == "resources.schemas.gold"]
    assert schema.name == "shop.gold"
    assert schema.fixes[0] == "set name back to gold"
    assert schema.location is not None


def test_all_resources_that_are_removed_are_refused_unless_they_are_named(deployed):
    for file in (deployed.root / "resources").iterdir():
        file.unlink()
    found = judged(deployed)
    refused = [each.key for each in found.verdicts if str(each.outcome) == "refused"]
    assert {key.split(".")[1] for key in refused} == {
        "schemas",
        "volumes",
        "registered_models",
        "pipelines",
        "experiments",
        "secret_scopes",
        "dashboards",
    }
    assert judged(deployed, deleted=refused).passes
    assert not judged(deployed, deleted=refused[1:]).passes


def test_what_somebody_has_deleted_in_the_workspace_is_no_loss(deployed):
    deployed.workspace.client(deployed.token).volumes.delete("shop.gold.files")
    lines = (deployed.root / "resources/catalog.yml").read_text().splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if "volumes:" in line)
    deployed.write("resources/catalog.yml", "".join([*lines[:at], *lines[at + 2 :]]))
    assert outcomes(judged(deployed)) == {"volumes.files": "shown"}
