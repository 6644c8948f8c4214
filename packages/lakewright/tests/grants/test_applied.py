"""What a local deployment does about access."""

import json

import pytest

from databricks_utils.catalog.grants import GrantsError, Securable, SecurableKind
from lakewright.bundle import load_bundle
from lakewright.grants.applied import (
    are_enforced,
    missing_grants,
    missing_models,
    notes_on_grants,
    renew_principals,
    write_principals,
)
from lakewright.grants.declared import declared_by, require_valid
from lakewright.grants.deployed import deployed_over
from lakewright.grants.stored import stored_in
from lakewright.rights.model_records import record_model

pytestmark = pytest.mark.unit


@pytest.fixture
def lakehouse(tmp_path):
    return tmp_path / "lakehouse"


@pytest.fixture
def project(shop, monkeypatch):
    monkeypatch.setenv("DATABRICKS_CURRENT_USER", "me@example.com")
    return shop.root


def record(lakehouse, *parts, grants=(), kind="schema", suffix="_schema.json"):
    """Write a record of the catalog with grants."""
    folder = lakehouse.joinpath("_catalog", *parts[:2])
    folder.mkdir(parents=True, exist_ok=True)
    name = suffix if suffix.startswith("_") else parts[2] + suffix
    content = {
        "format": 1,
        "kind": kind,
        "owner": "me",
        "created_at": "2026-01-01T00:00:00Z",
        "properties": {},
    }
    content["grants"] = [{"principal": who, "privilege": what} for who, what in grants]
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def declared(project):
    return declared_by(load_bundle(project))


def test_an_empty_lakehouse_gets_every_grant_and_use_of_the_catalog(project, lakehouse):
    assert missing_grants(declared(project), lakehouse) == [
        "GRANT USE CATALOG ON CATALOG `dev_shop` TO `account users`",
        "GRANT CREATE TABLE ON SCHEMA `dev_shop`.`dev_me_gold` TO `dev-loader`",
        "GRANT MODIFY ON SCHEMA `dev_shop`.`dev_me_gold` TO `dev-loader`",
        "GRANT SELECT ON SCHEMA `dev_shop`.`dev_me_gold` TO `dev-loader`",
        "GRANT USE SCHEMA ON SCHEMA `dev_shop`.`dev_me_gold` TO `dev-loader`",
        "GRANT SELECT ON SCHEMA `dev_shop`.`dev_me_gold` TO `readers`",
        "GRANT USE SCHEMA ON SCHEMA `dev_shop`.`dev_me_gold` TO `readers`",
        "GRANT READ VOLUME ON VOLUME `dev_shop`.`dev_me_gold`.`files` TO `dev-loader`",
    ]


def test_what_is_granted_beside_the_bundle_is_revoked_and_nothing_is_left_to_do(project, lakehouse):
    gold = ("dev_shop", "dev_me_gold")
    whole = [("dev-loader", each) for each in ("USE SCHEMA", "SELECT", "MODIFY", "CREATE TABLE")]
    whole += [("readers", "SELECT"), ("Readers", "USE SCHEMA")]
    record(
        lakehouse,
        "dev_shop",
        grants=[("account users", "USE CATALOG"), ("eve", "USE CATALOG")],
        kind="catalog",
        suffix="_catalog.json",
    )
    record(lakehouse, *gold, grants=[*whole, ("readers", "MODIFY"), ("eve", "SELECT")])
    record(
        lakehouse,
        *gold,
        "files",
        grants=[("dev-loader", "READ VOLUME")],
        kind="volume",
        suffix=".volume.json",
    )
    assert missing_grants(declared(project), lakehouse) == [
        "REVOKE SELECT ON SCHEMA `dev_shop`.`dev_me_gold` FROM `eve`",
        "REVOKE MODIFY ON SCHEMA `dev_shop`.`dev_me_gold` FROM `readers`",
    ]
    record(lakehouse, *gold, grants=whole)
    assert missing_grants(declared(project), lakehouse) == []


def test_what_revoking_all_privileges_leaves_stays_as_in_a_workspace_and_is_named(project, lakehouse):
    held = [("Eve", "MANAGE"), ("Eve", "SELECT"), ("eve", "EXTERNAL USE SCHEMA"), ("readers", "MANAGE")]
    record(lakehouse, "dev_shop", "dev_me_gold", grants=held)
    bundle = declared(project)
    revoked = [each for each in missing_grants(bundle, lakehouse) if each.startswith("REVOKE")]
    assert revoked == ["REVOKE SELECT ON SCHEMA `dev_shop`.`dev_me_gold` FROM `Eve`"]
    notes = notes_on_grants(bundle, lakehouse)
    assert [note.partition(",")[0] for note in notes] == [
        f"`{who}` keeps {what} on schema dev_shop.dev_me_gold"
        for who, what in [("Eve", "EXTERNAL USE SCHEMA"), ("Eve", "MANAGE"), ("readers", "MANAGE")]
    ]
    assert notes[1].endswith("fix: REVOKE MANAGE ON SCHEMA `dev_shop`.`dev_me_gold` FROM `Eve`")
    actual = stored_in(lakehouse).state
    before, after = deployed_over(actual, bundle)
    gold = Securable.parse("SCHEMA", "dev_shop.dev_me_gold")
    assert before.granted_on(gold)["eve"] == {"MANAGE", "SELECT", "EXTERNAL_USE_SCHEMA"}
    assert after.granted_on(gold)["eve"] == {"MANAGE", "EXTERNAL_USE_SCHEMA"}
    assert after.granted_on(gold)["readers"] == {"MANAGE", "SELECT", "USE_SCHEMA"}


def test_without_a_lakehouse_or_grants_there_is_nothing_to_note(project, lakehouse):
    assert notes_on_grants(declared(project), lakehouse) == []


def test_what_all_privileges_take_with_them_is_granted_again(project, lakehouse):
    record(
        lakehouse, "dev_shop", "dev_me_gold", grants=[("readers", "SELECT"), ("readers", "ALL PRIVILEGES")]
    )
    statements = [each for each in missing_grants(declared(project), lakehouse) if "readers" in each]
    assert statements == [
        "REVOKE ALL PRIVILEGES ON SCHEMA `dev_shop`.`dev_me_gold` FROM `readers`",
        "GRANT SELECT ON SCHEMA `dev_shop`.`dev_me_gold` TO `readers`",
        "GRANT USE SCHEMA ON SCHEMA `dev_shop`.`dev_me_gold` TO `readers`",
    ]


def test_a_bundle_without_grants_changes_nothing_and_holds_nobody_to_grants(project, lakehouse):
    text = (project / "resources" / "schemas.yml").read_text(encoding="utf-8")
    start, end = text.index("      grants:"), text.index("  volumes:")
    end_of_volumes = text.index("      grants: [")
    jobs = text.index("  jobs:")
    kept = text[:start] + text[end:end_of_volumes] + text[jobs:]
    (project / "resources" / "schemas.yml").write_text(kept, encoding="utf-8")
    record(lakehouse, "dev_shop", "dev_me_gold", grants=[("eve", "SELECT")])
    assert not are_enforced(declared(project))
    assert missing_grants(declared(project), lakehouse) == []


MODELS = """
  registered_models:
    delays:
      catalog_name: ${var.catalog}
      schema_name: ${resources.schemas.gold.name}
      name: delays
      grants: [{principal: "${var.loader}", privileges: [EXECUTE, CREATE_MODEL_VERSION]}]
"""


def test_a_registered_model_is_recorded_and_gets_its_grants(project, lakehouse):
    with (project / "resources" / "schemas.yml").open("a", encoding="utf-8") as file:
        file.write(MODELS)
    (model,) = missing_models(declared(project), lakehouse)
    assert model.parts == ("dev_shop", "dev_me_gold", "dev_me_delays")
    granted = [each for each in missing_grants(declared(project), lakehouse) if "FUNCTION" in each]
    assert granted == [
        "GRANT CREATE MODEL VERSION ON FUNCTION `dev_shop`.`dev_me_gold`.`dev_me_delays` TO `dev-loader`",
        "GRANT EXECUTE ON FUNCTION `dev_shop`.`dev_me_gold`.`dev_me_delays` TO `dev-loader`",
    ]
    record(
        lakehouse,
        *model.parts,
        grants=[("dev-loader", "EXECUTE"), ("eve", "APPLY TAG")],
        kind="model",
        suffix=".model.json",
    )
    assert missing_models(declared(project), lakehouse) == []
    changed = [each for each in missing_grants(declared(project), lakehouse) if "FUNCTION" in each]
    assert changed == [
        "REVOKE APPLY TAG ON FUNCTION `dev_shop`.`dev_me_gold`.`dev_me_delays` FROM `eve`",
        "GRANT CREATE MODEL VERSION ON FUNCTION `dev_shop`.`dev_me_gold`.`dev_me_delays` TO `dev-loader`",
    ]


def test_a_record_of_a_model_is_written_once_and_only_into_a_schema_that_is_there(lakehouse):
    model = Securable(SecurableKind.MODEL, ("c", "s", "m"))
    record_model(lakehouse, model, owner="ann")
    assert not lakehouse.exists()
    record(lakehouse, "c", "s")
    for owner in ("ann", "bob"):
        record_model(lakehouse, model, owner=owner)
    written = json.loads((lakehouse / "_catalog/c/s/m.model.json").read_text(encoding="utf-8"))
    assert (written["kind"], written["owner"]) == ("model", "ann")
    assert not [file for file in (lakehouse / "_catalog/c/s").iterdir() if file.name.startswith(".")]


def test_the_principals_are_those_of_the_configuration_and_of_run_as(project, lakehouse):
    write_principals(declared(project).people, lakehouse)
    content = json.loads((lakehouse / "principals.json").read_text(encoding="utf-8"))
    assert content["users"] == ["ana@example.com", "me@example.com"]
    assert content["service_principals"] == ["dev-loader"]
    assert content["groups"] == {"account users": [], "dashboards": [], "readers": ["ana@example.com"]}


def test_renewed_principals_keep_the_names_of_the_last_run(project, lakehouse):
    write_principals(declared(project).people, lakehouse)
    config = project / "config"
    (config / "local.yaml").write_text("principals: {users: {bo@example.com: [readers]}}\n", encoding="utf-8")
    renew_principals(project, lakehouse)
    content = json.loads((lakehouse / "principals.json").read_text(encoding="utf-8"))
    assert content["groups"]["readers"] == ["bo@example.com"]
    everybody = {*content["users"], *content["service_principals"], *content["groups"]}
    assert {"ana@example.com", "bo@example.com", "dev-loader", "dashboards"} <= everybody
    assert not [file for file in lakehouse.iterdir() if file.name != "principals.json"]


def test_nobody_is_declared_where_the_configuration_names_nobody(project, lakehouse):
    for file in (project / "config").iterdir():
        file.unlink()
    write_principals(declared(project).people, lakehouse)
    content = json.loads((lakehouse / "principals.json").read_text(encoding="utf-8"))
    assert content == {"version": 1, "users": [], "service_principals": [], "groups": {}}


def test_a_privilege_that_does_not_fit_stops_the_deployment_with_its_place(project):
    file = project / "resources" / "schemas.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("- SELECT", "- READ_FILES"), encoding="utf-8")
    with pytest.raises(GrantsError, match="READ FILES does not fit") as problem:
        require_valid(declared(project))
    assert "schemas.yml:" in str(problem.value)
