"""`lakewright grants show`: rights with their reasons, from the bundle and from the local lakehouse."""

import json

import pytest
from lakehouse_records import write_lakehouse

pytestmark = pytest.mark.unit


def rights(shop, *arguments):
    content = json.loads(shop.output("show", "-o", "json", *arguments))
    return [(each["principal"], each["privilege"], each["securable"]["name"]) for each in content["rights"]]


def test_the_rights_of_a_person_come_with_the_groups_on_the_way(shop):
    output = shop.output("show", "ana@example.com", "-t", "prod")
    assert output.startswith(
        "ana@example.com (user, in readers, account users) in target prod of the bundle:\n"
    )
    assert "granted to `readers` (ana@example.com → readers)" in output
    assert "SELECT, USE SCHEMA" in output


def test_a_catalog_that_the_bundle_does_not_declare_is_said_to_be_assumed(shop):
    assert "assumed: the bundle does not declare catalog prod_shop" in shop.output(
        "show", "readers", "-t", "prod"
    )
    content = json.loads(shop.output("show", "readers", "-t", "prod", "-o", "json"))
    assert [each["because"][0]["assumed"] for each in content["rights"]] == [True, False, False]
    assert content["principal"] == {
        "name": "readers",
        "kind": "group",
        "groups": [["readers", "account users"]],
    }


def test_a_catalog_that_the_bundle_declares_is_not_assumed_and_the_missing_use_is_named(shop):
    shop.edit("resources/schemas.yml", "  schemas:", "  catalogs: {c: {name: '${var.catalog}'}}\n  schemas:")
    output = shop.output("show", "readers", "-t", "prod")
    assert "assumed" not in output
    assert "without effect unless it has USE CATALOG on catalog prod_shop" in output


def test_names_are_those_of_the_target_with_the_prefix_of_development(shop):
    assert ("readers", "SELECT", "dev_shop.dev_0f3b1c52_6d1e_4f0a_9b7d_2f6f5a1c9e84_gold") in rights(
        shop, "readers"
    )


def test_who_may_do_what_with_an_object_is_found_by_its_last_name(shop):
    assert set(rights(shop, "--on", "gold", "-t", "prod")) >= {
        ("readers", "SELECT", "prod_shop.gold"),
        ("ana@example.com", "SELECT", "prod_shop.gold"),
        ("prod-loader", "MODIFY", "prod_shop.gold"),
    }


def test_an_object_is_found_by_the_key_of_its_resource_where_its_name_is_another(shop):
    shop.edit("resources/schemas.yml", "    gold:\n", "    golden:\n")
    shop.edit("resources/schemas.yml", "schemas.gold.name", "schemas.golden.name")
    assert ("readers", "SELECT", "prod_shop.gold") in rights(shop, "--on", "golden", "-t", "prod")


def test_a_table_that_the_bundle_cannot_declare_has_what_it_inherits(shop):
    found = rights(shop, "readers", "--on", "prod_shop.gold.`odd table`", "-t", "prod")
    assert found == [("readers", "SELECT", "prod_shop.gold.`odd table`")]


def test_the_owner_in_development_is_who_deploys(shop):
    robot = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
    assert f"`{robot}` owns it" in shop.output("show", robot)


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        (("show", "reader"), "did you mean `readers`?"),
        (("show", "--on", "golf", "-t", "prod"), "did you mean `gold`?"),
        (("show", "--on", "prod_shop.golf.sales", "-t", "prod"), "prod_shop.gold"),
        (("show", "--on", "a.b.c.d"), "catalog.schema.table"),
        (("show", "--on", "VOLUME prod_shop.gold.fils", "-t", "prod"), "prod_shop.gold.files"),
        (("show", "ana", "--stored"), "lakewright run"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest_name(shop, arguments, fix):
    assert fix in shop.refused(*arguments).fix


def test_neither_a_principal_nor_an_object_is_a_mistake_of_usage(shop):
    assert "name a principal" in str(shop.run("show").exception)


def test_a_bundle_without_grants_says_so(empty):
    empty.write(
        "databricks.yml", "bundle: {name: s}\nresources: {schemas: {a: {catalog_name: c, name: a}}}\n"
    )
    done = empty.run("show", "account users")
    assert "note: the bundle grants nothing in target default" in done.stderr


def test_a_wrong_privilege_stops_the_answer_and_names_its_line(shop):
    shop.edit("resources/schemas.yml", "MODIFY", "MODFIY")
    error = shop.refused("show", "readers")
    assert "resources/schemas.yml:7:73" in error.location


def test_the_lakehouse_answers_with_its_own_tables_views_and_owners(shop):
    write_lakehouse(shop.root)
    assert rights(shop, "ana", "--stored") == [
        ("ana", "USE_CATALOG", "c"),
        ("ana", "USE_SCHEMA", "c.`odd name`"),
        ("ana", "READ_VOLUME", "c.`odd name`.f"),
        ("ana", "SELECT", "c.`odd name`.v"),
    ]
    output = shop.output("show", "--on", "c.`odd name`.v", "--stored")
    assert output.startswith("access on view c.`odd name`.v in the local lakehouse:")
    assert shop.refused("show", "--on", "even.t", "--stored").fix == "choose one of: `c.`odd name`.t`"
    assert "there is no `c.s.nothing`" in shop.refused("show", "--on", "c.s.nothing", "--stored").summary


def test_stored_has_no_target(shop):
    assert "no targets" in str(shop.run("show", "ana", "--stored", "-t", "dev").exception)


def test_what_everybody_may_do_is_one_row_and_in_json_a_row_for_each(shop):
    shop.edit("resources/schemas.yml", "principal: ${var.readers}", "principal: account users")
    lines = [
        line for line in shop.output("show", "--on", "gold", "-t", "prod").splitlines() if "SELECT" in line
    ]
    assert [line.split()[0] for line in lines] == ["account", "prod-loader"]
    assert ("ana@example.com", "SELECT", "prod_shop.gold") in rights(shop, "--on", "gold", "-t", "prod")


def test_groups_that_are_members_of_themselves_stop_the_answer_with_file_and_line(shop):
    shop.edit("config/prod.yaml", "{ana@example.com: [readers]}", "{readers: [a], a: [readers]}")
    error = shop.refused("show", "readers", "-t", "prod")
    assert "member of itself" in error.summary
    assert error.location == "config/prod.yaml:4:1"
    shop.write("config/local.yaml", "principals: {users: {a: [b], b: [a]}}\n")
    write_lakehouse(shop.root)
    assert "config/local.yaml:1" in shop.refused("show", "ana", "--stored").location


def test_a_person_whom_nothing_names_has_what_everybody_has_and_that_is_said(shop):
    shop.edit("resources/schemas.yml", "principal: ${var.readers}", "principal: account users")
    done = shop.run("show", "zoe@example.com", "-t", "prod")
    assert "note: nothing names `zoe@example.com`: only what everybody may do is known" in done.stderr
    assert done.stdout.startswith("zoe@example.com (user, in account users)")
    assert "SELECT" in done.stdout
    write_lakehouse(shop.root)
    assert ("zoe@example.com", "USE_CATALOG", "c") in rights(shop, "zoe@example.com", "--stored")
