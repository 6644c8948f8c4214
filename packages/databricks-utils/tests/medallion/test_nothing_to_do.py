"""With nothing new, ingestion and transformation end at once, with the results of a run that looks; any change lets them work."""

import os
from dataclasses import replace

import pytest
from shop import POSITIVE, RAW, Shop, alone, typed_alone

from databricks_utils.context import Context
from databricks_utils.medallion import AccountingError, Derived, Medallion
from databricks_utils.medallion.medallion import Transformed
from databricks_utils.quality import Rule

pytestmark = [pytest.mark.integration, pytest.mark.drawn(3)]
FAR_AHEAD = 4_000_000_000  # seconds since 1970
AT_LEAST_2 = Rule("amount_is_positive", "amount_eur >= 2", "amount is below 2")


def total(context, orders):
    return orders.groupBy("customer").agg({"amount_eur": "sum"}).withColumnRenamed("sum(amount_eur)", "eur")


def most(context, orders):
    return orders.groupBy("customer").agg({"amount_eur": "max"}).withColumnRenamed("max(amount_eur)", "eur")


def typed_otherwise(records):
    return typed_alone(records).withColumn("customer", RAW.text("customer"))


@pytest.fixture(scope="module")
def shop(open_shop):
    """A shop with one file of orders, in which every step has finished."""
    shop = open_shop("idle")
    shop.settle()
    walk(shop)
    return shop


@pytest.fixture(autouse=True)
def settled(shop):
    """Begin each test with steps that have nothing to do; it pays for what the test before has changed."""
    shop.settle()
    walk(shop)
    assert walk(shop).unchanged


def medallion(shop, entity=None, build=total, context=None):
    derived = (Derived("orders_by_customer", build, needs=("orders",)),)
    return Medallion(shop.spark, context or shop.context, (entity or alone(),), derived=derived)


def walk(shop, **changes):
    chosen = medallion(shop, **changes)
    chosen.ingest()
    return chosen.transform()


def test_the_results_are_those_of_a_run_that_looks(shop):
    standing = medallion(shop).transform()
    assert (list(standing.refined), list(standing.accounts)) == (
        medallion(shop).refine(),
        medallion(shop).account(),
    )
    standing.balance()
    assert str(standing).startswith("nothing to do: nothing has changed since")
    (ingested,) = medallion(shop).ingest()
    shop.spark.sql(f"DELETE FROM {shop.context.table('ops', 'steps')}").collect()
    assert [ingested] == medallion(shop).ingest()
    assert not medallion(shop).transform().unchanged


def test_a_new_file_is_ingested_and_transformed_and_a_waiting_one_is_named(shop):
    shop.deliver("orders", "o2", {"number": "2", "customer": "bob", "amount": "5"})
    shop.settle()
    waiting = medallion(shop).transform()
    assert waiting.reasons == ("the landing files of orders changed",)
    assert "o2.csv.gz" in str(waiting)
    assert "o2.csv.gz" in str(medallion(shop).transform())
    (ingested,) = medallion(shop).ingest()
    assert ingested.files == 1
    assert medallion(shop).transform().refined[0].judged == 1


def test_a_file_that_was_written_just_now_is_looked_at_again(shop):
    path = shop.deliver("orders", "o3", {"number": "3", "customer": "eve", "amount": "5"})
    os.utime(path, (FAR_AHEAD, FAR_AHEAD))  # as if it was being written the whole time
    for _ in range(2):
        assert not walk(shop).unchanged


@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({"entity": alone(rules=(AT_LEAST_2,))}, "rule `amount_is_positive` changed"),
        ({"entity": alone(read=typed_otherwise)}, "typed_otherwise` is new"),
        ({"build": most}, ""),
    ],
    ids=["rule", "code of an entity", "code of a derived table"],
)
def test_a_changed_definition_lets_it_work(shop, changes, reported):
    changed = walk(shop, **changes)
    assert not changed.unchanged
    assert reported in str(changed)
    assert walk(shop, **changes).unchanged


def test_a_changed_configuration_lets_it_work(shop):
    config = shop.context.config.model_copy(update={"extra": {"limit": 3}})
    changed = Context(config, shop.context.catalog)
    assert not walk(shop, context=changed).unchanged
    assert walk(shop, context=changed).unchanged


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE {gold}.orders_by_customer",
        "DELETE FROM {gold}.orders_by_customer",
        "DROP VIEW {quarantine}.orders",
        "DELETE FROM {ops}.progress",
    ],
)
def test_what_another_writer_did_to_a_table_lets_it_work_and_is_repaired(shop, statement):
    schemas = {
        layer: shop.context.catalog.schema_name(layer) for layer in ("gold", "quarantine", "silver", "ops")
    }
    shop.spark.sql(statement.format(**schemas)).collect()
    assert not medallion(shop).transform().unchanged
    assert shop.spark.table(f"{schemas['gold']}.orders_by_customer").count() > 0
    assert shop.rows("quarantine") == []
    assert medallion(shop).transform().unchanged


def test_files_of_silver_that_were_joined_let_it_work(shop):
    shop.deliver("orders", "o7", {"number": "7", "customer": "dan", "amount": "5"})
    shop.settle()
    walk(shop)  # adds a second file
    before = shop.rows("silver")
    joined = shop.spark.sql(f"OPTIMIZE {shop.context.table('silver', 'orders')}").select(
        "metrics.numFilesRemoved"
    )
    assert joined.first()[0] > 1
    assert not medallion(shop).transform().unchanged
    assert shop.rows("silver") == before
    assert medallion(shop).transform().unchanged


def test_a_table_of_silver_that_was_rolled_back_does_not_balance(shop):
    orders = shop.context.table("silver", "orders")
    shop.spark.sql(f"RESTORE TABLE {orders} TO VERSION AS OF 0").collect()
    for _ in range(2):
        with pytest.raises(AccountingError, match="do not add up"):
            medallion(shop).transform().balance()
    medallion(shop).transform("rebuild").balance()
    assert medallion(shop).transform().unchanged


def test_lost_rows_of_bronze_are_noticed_by_both_steps(shop):
    shop.spark.sql(f"DELETE FROM {shop.context.table('bronze', 'orders')}").collect()
    with pytest.raises(AccountingError, match="bronze"):
        medallion(shop).transform().balance()
    (ingested,) = medallion(shop).ingest()
    assert ingested.files > 0
    medallion(shop).transform("rebuild").balance()


def test_the_modes_of_a_person_always_work(shop):
    for mode in ("judge_again", "rebuild"):
        assert not medallion(shop).transform(mode).unchanged


def test_rules_that_outlive_a_run_are_reported_each_time(shop):
    stricter = alone(rules=(replace(POSITIVE, expression="amount_eur > 1"),))
    first, second = walk(shop, entity=stricter), walk(shop, entity=stricter)
    assert isinstance(second, Transformed)
    assert second.unchanged
    assert second.refined[0].advice == first.refined[0].advice != ""


def test_two_shops_share_no_runs(shop, open_shop):
    other: Shop = open_shop("other")
    other.settle()
    assert not walk(other).unchanged
