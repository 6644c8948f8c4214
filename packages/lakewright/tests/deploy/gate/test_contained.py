"""What lies in a deleted schema, catalog or database goes with it, though the plan leaves it in place."""

from datetime import date

import pytest
from bundle_plans import direct, entry, read

from lakewright.deploy.gate import judge
from lakewright.deploy.gate.allowances import allowances_of_options

pytestmark = pytest.mark.unit

SCHEMA = "resources.schemas.bronze"
HOLDER = {SCHEMA: entry("recreate", remote={"full_name": "Shop.bronze"})}


def lost(entries, **options):
    allowances = allowances_of_options(options.get("deleted", ()), options.get("recreated", ()))
    judgement = judge(read(direct(entries)), today=date(2026, 11, 27), allowances=allowances)
    return {verdict.key: verdict.lost_with for verdict in judgement.verdicts if verdict.lost_with}


@pytest.mark.parametrize("action", ["skip", "update", "update_id"])
@pytest.mark.parametrize(
    ("kind", "remote"),
    [
        ("volumes", {"full_name": "shop.Bronze.landing"}),
        ("volumes", {"catalog_name": "shop", "schema_name": "bronze", "name": "landing"}),
        ("registered_models", {"full_name": "shop.bronze.landing"}),
        ("secrets", {"full_name": "shop.bronze.landing"}),
        ("synced_database_tables", {"name": "shop.bronze.landing"}),
        ("vector_search_indexes", {"name": "shop.bronze.landing"}),
        ("pipelines", {"name": "load", "catalog": "shop", "schema": "bronze"}),
        ("pipelines", {"name": "load", "catalog": "shop", "target": "bronze"}),
    ],
)
def test_what_lies_in_a_deleted_schema_is_lost_with_it(action, kind, remote):
    key = f"resources.{kind}.it"
    assert lost({**HOLDER, key: entry(action, remote=remote)}) == {key: SCHEMA}


@pytest.mark.parametrize(
    ("kind", "remote"),
    [
        ("volumes", {"full_name": "shop.bronze_archive.landing"}),
        ("volumes", {"full_name": "other.bronze.landing"}),
        ("registered_models", {"full_name": "shop.models.champion"}),
        ("pipelines", {"catalog": "shop", "schema": "silver"}),
        ("quality_monitors", {"table_name": "shop.bronze.orders"}),
        ("jobs", {"name": "shop.bronze.load"}),
        ("experiments", {"name": "shop.bronze.load"}),
        ("schemas", {"full_name": "shop.silver"}),
    ],
)
def test_what_lies_elsewhere_is_not(kind, remote):
    assert lost({**HOLDER, f"resources.{kind}.it": entry("skip", remote=remote)}) == {}


def test_a_new_volume_loses_nothing_and_one_that_goes_anyway_is_judged_for_itself():
    remote = {"full_name": "shop.bronze.landing"}
    assert lost({**HOLDER, "resources.volumes.it": entry("create", new=remote)}) == {}
    assert lost({**HOLDER, "resources.volumes.it": entry("delete", remote=remote)}) == {}


def test_a_reference_counts_where_a_name_is_not_known():
    volume = {"resources.volumes.it": entry("skip", needs=(SCHEMA,))}
    assert lost({**HOLDER, **volume}) == {"resources.volumes.it": SCHEMA}
    named = {"resources.volumes.it": entry("skip", needs=(SCHEMA,), remote={"full_name": "shop.silver.it"})}
    assert lost({**HOLDER, **named}) == {}


def test_a_pipeline_that_refers_to_a_deleted_schema_may_publish_to_it():
    pipeline = entry("skip", needs=(SCHEMA,), remote={"catalog": "shop", "schema": "silver"})
    assert lost({**HOLDER, "resources.pipelines.it": pipeline}) == {"resources.pipelines.it": SCHEMA}


def test_a_catalog_takes_its_schemas_and_what_is_in_them():
    catalog = "resources.catalogs.shop"
    found = lost(
        {
            catalog: entry("delete", remote={"name": "shop"}),
            "resources.schemas.bronze": entry("skip", remote={"full_name": "shop.bronze"}),
            "resources.volumes.named": entry("skip", remote={"full_name": "shop.bronze.landing"}),
            "resources.volumes.unnamed": entry("skip", needs=("resources.schemas.bronze",)),
            "resources.schemas.other": entry("skip", remote={"full_name": "shops.bronze"}),
        }
    )
    assert found == {
        "resources.schemas.bronze": catalog,
        "resources.volumes.named": catalog,
        "resources.volumes.unnamed": "resources.schemas.bronze",
    }


@pytest.mark.parametrize(
    ("holder", "remote", "kind", "inside"),
    [
        (
            "database_instances",
            {"name": "db"},
            "synced_database_tables",
            {"name": "a.b.c", "database_instance_name": "db"},
        ),
        ("postgres_projects", {"name": "projects/p"}, "postgres_branches", {"name": "projects/p/branches/b"}),
        (
            "postgres_branches",
            {"name": "projects/p/branches/b"},
            "postgres_databases",
            {"name": "projects/p/branches/b/databases/d"},
        ),
        (
            "vector_search_endpoints",
            {"name": "e"},
            "vector_search_indexes",
            {"name": "a.b.c", "endpoint_name": "e"},
        ),
    ],
)
def test_databases_and_indexes_go_with_what_holds_them(holder, remote, kind, inside):
    above, key = f"resources.{holder}.above", f"resources.{kind}.it"
    assert lost({above: entry("delete", remote=remote), key: entry("skip", remote=inside)}) == {key: above}
    other = {name: f"x{value}" for name, value in inside.items()}
    assert lost({above: entry("delete", remote=remote), key: entry("skip", remote=other)}) == {}


def test_what_is_lost_with_another_needs_its_own_name():
    plan = read(
        direct({**HOLDER, "resources.volumes.it": entry("skip", remote={"full_name": "shop.bronze.it"})})
    )
    for deleted, passes in (((), False), (["resources.volumes.it"], True)):
        allowances = allowances_of_options(deleted, [SCHEMA])
        assert judge(plan, today=date(2026, 11, 27), allowances=allowances).passes is passes


@pytest.mark.parametrize(
    ("holder", "inside"),
    [
        ("schemas", entry("skip", remote={"full_name": "shop.bronze.landing"})),
        ("catalogs", entry("update", remote={"full_name": "shop.bronze.landing"})),
    ],
)
def test_a_loss_whose_name_the_plan_does_not_have_is_refused_as_long_as_something_may_lie_in_it(
    holder, inside
):
    """The CLI deletes what it could not read, and says so in its log alone."""
    key = f"resources.{holder}.old"
    entries = {key: entry("delete"), "resources.volumes.it": inside}
    allowed = allowances_of_options([key], ())

    def judged(given):
        return judge(read(direct(given)), today=date(2026, 11, 27), allowances=allowed)

    (problem,) = judged(entries).problems
    assert not judged(entries).passes
    assert f"destroys {key} and does not have its name" in problem.summary
    assert judged({key: entry("delete")}).passes
    bronze = {"resources.schemas.bronze": entry("skip", remote={"full_name": "shop.bronze"})}
    assert judged({**entries, **bronze}).passes is (holder == "schemas")  # it lies in this one
    assert judged({**entries, "resources.volumes.it": entry("create", new={"name": "it"})}).passes


def test_what_is_gone_already_takes_nothing_with_it():
    holder = {SCHEMA: entry("delete", gone=True, remote={"full_name": "shop.bronze"})}
    assert (
        lost({**holder, "resources.volumes.it": entry("skip", remote={"full_name": "shop.bronze.it"})}) == {}
    )
