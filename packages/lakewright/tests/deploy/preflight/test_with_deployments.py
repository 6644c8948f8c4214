"""Preflight before the first deployment, after it, and where its state was lost; against the workspace and the deployer of the tests."""

import json
import re

import pytest
from click.testing import CliRunner
from deploying.shop import ANA, Shop

from lakewright.commands.preflight import command

pytestmark = pytest.mark.unit


@pytest.fixture
def shop(tmp_path, workspace, monkeypatch) -> Shop:
    """A bundle with a resource of each kind; who deploys it is signed in."""
    found = Shop(tmp_path / "shop", workspace)
    other = (found.root / "resources/other.yml").read_text(encoding="utf-8")
    found.write(
        "resources/other.yml", re.sub(r" *(pipelines:|events: ).*\n", "", other)
    )  # no list of them there
    monkeypatch.setenv("DATABRICKS_HOST", workspace.host)
    monkeypatch.setenv("DATABRICKS_TOKEN", found.token)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return found


def names(shop: Shop) -> dict[str, dict[str, object]]:
    """The findings about names that are taken, by what they are about."""
    done = CliRunner().invoke(command, ["--project", str(shop.root), "-o", "json"], standalone_mode=False)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    found = json.loads(done.stdout)["findings"]
    return {each["subject"]: each for each in found if each["check"] == "name" and each["status"] != "ok"}


def test_before_the_first_deployment_all_names_are_free(shop):
    assert names(shop) == {}


def test_what_was_deployed_is_not_taken_by_others(shop):
    shop.deployer().deploy()
    assert names(shop) == {}


def test_what_was_deleted_by_hand_is_noted(shop):
    shop.deployer().deploy()
    shop.workspace.client(shop.token).volumes.delete("shop.gold.files")
    (found,) = names(shop).values()
    assert (found["status"], found["subject"]) == ("note", "volume shop.gold.files")


def test_where_the_state_was_lost_there_is_a_command_for_everything_that_exists(shop):
    """The ids are those that `databricks bundle deployment bind` takes. Of alerts nothing is known: their names are not unique."""
    shop.deployer().deploy()
    state = next(path for path in shop.workspace.state.entries if path.endswith("/state/resources.json"))
    content = json.loads(shop.workspace.state.entries[state].data)["state"]
    del shop.workspace.state.entries[state]
    found = names(shop)
    assert {each["status"] for each in found.values()} == {"missing"}
    commands = [text for each in found.values() for step in each["steps"] for text in step["commands"]]
    bound = dict(re.findall(r"bundle deployment bind (\S+) (\S+) -t prod", "\n".join(commands)))
    assert bound.pop("sales") == "DASHBOARD_ID"  # the fake workspace does not say it in the status of a path
    assert bound == {
        key.split(".")[2]: entry["__id__"]
        for key, entry in content.items()
        if key.count(".") == 2 and key.split(".")[1] not in ("alerts", "dashboards")
    }
    assert len(commands) == len(bound) + 1  # all of it is Ana's: nobody has to hand anything over


def test_what_another_person_deployed_is_handed_over_first(shop, monkeypatch):
    shop.deployer().deploy()
    for path in [path for path in shop.workspace.state.entries if path.endswith("/state/resources.json")]:
        del shop.workspace.state.entries[path]
    monkeypatch.setenv("DATABRICKS_TOKEN", shop.workspace.add_user("bob@example.com"))
    shop.workspace.grant("catalog", "shop", "bob@example.com", ["USE_CATALOG"])
    shop.workspace.grant("schema", "shop.gold", "bob@example.com", ["USE_SCHEMA"])
    owner, deployer = names(shop)["schema shop.gold"]["steps"]
    assert owner["who"] == f"the owner of schema shop.gold (`{ANA}`)"
    assert owner["commands"] == ["GRANT MANAGE ON SCHEMA `shop`.`gold` TO `bob@example.com`;"]
    assert deployer["commands"] == ["databricks bundle deployment bind gold shop.gold -t prod"]
