"""An entity that nothing has happened to is not looked at; the results are those of a transformation that looks at all of them."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from pyspark.sql import functions as F
from shop import KNOWN, LATE, POSITIVE, alone, customers, orders, typed_alone

from databricks_utils.medallion import AccountingError, Derived, Entity, Medallion
from databricks_utils.medallion.bronze import finding
from databricks_utils.medallion.bronze.landed import Landed
from databricks_utils.medallion.silver.refinement import Refinement
from databricks_utils.medallion.standing import Standing, _with_needs
from databricks_utils.quality import Rule

BOTH = (customers(), orders())
STRICTER = orders(rules=(POSITIVE, KNOWN, Rule("amount_is_small", "amount_eur < 100", "amount is too large")))


@pytest.mark.unit
def test_an_entity_stands_only_if_all_that_it_needs_stand():
    assert list(_with_needs(BOTH, {"customers", "orders"})) == ["customers", "orders"]
    assert list(_with_needs(BOTH, {"customers"})) == ["customers"]
    assert list(_with_needs(BOTH, {"orders"})) == []


@pytest.mark.unit
def test_a_source_stands_only_if_all_its_entities_stand():
    twice = Entity(
        BOTH[1].source, BOTH[1].read, keys=("order_number",), name="returns", columns=("customer",)
    )
    standing = Standing(refined={"customers": None, "orders": None})
    assert standing.sources_of(BOTH) == {"customers", "orders"}
    assert standing.sources_of((*BOTH, twice)) == {"customers"}
    assert Standing().sources_of(BOTH) == set()


@pytest.mark.unit
def test_a_source_with_a_file_that_waits_or_is_missing_is_not_complete():
    assert Landed().is_complete
    for files in (
        Landed(waiting=("o.csv",)),
        Landed(unloaded={"o.csv": "1 record"}),
        Landed(lost={"o.csv": "1 record"}),
    ):
        assert not files.is_complete


@pytest.fixture
def shop(open_shop):
    """A shop of the test's own, in which every step has finished."""
    shop = open_shop(f"standing_{uuid4().hex[:6]}")
    shop.deliver("customers", "c1", {"id": "ann", "country": "NL"})
    shop.settle()
    transformed(shop)
    return shop


@pytest.fixture
def listed(monkeypatch):
    """The names of the sources whose landing folders were compared with bronze."""
    names, original = [], finding.list_files

    def list_files(volume, folder):
        names.append(folder.name)
        return original(volume, folder)

    monkeypatch.setattr(finding, "list_files", list_files)
    return names


@pytest.fixture
def looked_at(monkeypatch):
    """The names of the entities whose tables were looked at."""
    names, original = [], Refinement.refine

    def refine(self):
        names.append(self.entity.name)
        return original(self)

    monkeypatch.setattr(Refinement, "refine", refine)
    return names


def transformed(shop, *entities):
    medallion = shop.medallion(*(entities or BOTH))
    medallion.ingest()
    result = medallion.transform()
    result.balance()
    return result


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_only_what_something_has_happened_to_is_looked_at(shop, listed, looked_at):
    shop.deliver("orders", "o2", LATE)
    shop.settle()
    medallion = shop.medallion(*BOTH)
    ingested = medallion.ingest()
    assert [(item.source, item.files, item.known) for item in ingested] == [
        ("customers", 0, 1),
        ("orders", 1, 1),
    ]
    result = medallion.transform()
    assert (listed, looked_at) == (["orders"], ["orders"])
    assert [(item.entity, item.judged) for item in result.refined] == [("customers", 0), ("orders", 1)]
    looked_at.clear()
    assert result.again("").refined == tuple(medallion.refine())
    assert result.accounts == tuple(medallion.account())

    for statement in (
        "DROP VIEW {quarantine}.customers",
        "ALTER TABLE {silver}.customers_checked SET TBLPROPERTIES ('note' = 'x')",
        "DELETE FROM {ops}.progress",
    ):
        looked_at.clear()
        schemas = {
            layer: shop.context.catalog.schema_name(layer) for layer in ("quarantine", "silver", "ops")
        }
        shop.spark.sql(statement.format(**schemas)).collect()
        transformed(shop)
        assert sorted(looked_at) == ["customers", "orders"], statement

    # A source is loaded again if its bronze lost rows, also beside another one.
    listed.clear()
    shop.spark.sql(f"DELETE FROM {shop.context.table('bronze', 'customers')}").collect()
    shop.deliver("orders", "o4", {**LATE, "number": "4"})
    shop.settle()
    assert [item.files for item in medallion.ingest()] == [1, 1]
    assert sorted(listed) == ["customers", "orders"]
    medallion.transform("rebuild").balance()

    looked_at.clear()
    transformed(shop, customers(), STRICTER)
    assert sorted(looked_at) == ["customers", "orders"]


def dated_orders(records):
    """Orders, each in a month of its own."""
    day = F.date_add(F.lit("2024-01-10").cast("date"), (F.col("order_number") * 31).cast("int"))
    return typed_alone(records).withColumn("ordered_on", day)


def amounts(context, orders):
    return orders.select("order_number", "ordered_on", "amount_eur")


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_a_derived_table_is_made_from_the_month_of_the_new_rows_on(open_shop):
    shop = open_shop("months")
    entity = alone(read=dated_orders, columns=("customer", "amount_eur", "ordered_on"))
    derived = Derived("amounts", amounts, needs=("orders",), by_month={"orders": "ordered_on"})

    def transform(**changes):
        shop.settle()
        medallion = Medallion(shop.spark, shop.context, [entity], derived=[replace(derived, **changes)])
        medallion.ingest()
        result = medallion.transform()
        found = shop.spark.table(shop.context.table("gold", "amounts")).select("order_number").collect()
        return result, sorted(row[0] for row in found)

    first, numbers = transform()
    assert (_months(first), numbers) == ([(True, None)], [1])
    shop.deliver("orders", "o5", {**LATE, "number": "5"})
    second, numbers = transform()
    assert (_months(second), numbers) == ([(True, date(2024, 6, 1))], [1, 5])
    assert f"{shop.context.table('gold', 'amounts')}: the rows from 2024-06 on were made anew" in str(second)
    standing, _ = transform()
    assert (standing.unchanged != "", _months(standing)) == (True, [(False, None)])
    shop.deliver("orders", "o3", {**LATE, "number": "3"})
    third, numbers = transform()
    assert (_months(third), numbers) == ([(True, date(2024, 4, 1))], [1, 3, 5])
    changed, _ = transform(by_month={})
    assert _months(changed) == [(True, None)]
    shop.spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        transform()
        again, _ = transform()
        shop.spark.conf.set("spark.sql.session.timeZone", "UTC")
        utc, _ = transform()
    finally:
        shop.spark.conf.set("spark.sql.session.timeZone", "UTC")
    assert again.unchanged
    assert utc.reasons == ("session time zone changed",)
    assert _months(utc) == [(True, None)]


def _months(transformed):
    return [(item.is_new, item.since) for item in transformed.derived]


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_lost_rows_of_an_entity_are_noticed_beside_new_rows_of_another(shop):
    transformed(shop)
    shop.spark.sql(f"DELETE FROM {shop.context.table('silver', 'customers')}").collect()
    shop.deliver("orders", "o3", {**LATE, "number": "3"})
    shop.settle()
    with pytest.raises(AccountingError, match="the records of customers do not add up"):
        transformed(shop)
