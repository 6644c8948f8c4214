"""Tiny rows are found for every declared source, and the exams on them find rules and deliveries that go wrong."""

import pytest
from shop import CUSTOMERS, KNOWN, ORDERS, POSITIVE, RAW, alone, customers, orders, typed_orders

from databricks_utils.medallion import Medallion
from databricks_utils.quality import Rule
from databricks_utils.testing import assert_each_record_once, assert_rules_notice, tiny_rows, write_drop

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]
READABLE = RAW.rules(whole=("number",), decimal=("amount",))


def strict_orders(**changes):
    return orders(rules=(*READABLE, POSITIVE, KNOWN), **changes)


# ---- rows -------------------------------------------------------------------------------------------------------------------


def test_without_samples_values_are_tried_until_every_rule_holds(spark):
    rows = tiny_rows(spark, [strict_orders(), customers()])
    assert list(rows) == ["customers", "orders"]
    known = {row["customer"] for row in rows["customers"].silver.collect()}
    for row in rows["orders"].silver.collect():
        assert row["customer"] in known
        assert row["amount_eur"] > 0


def test_samples_are_used_where_there_are_some_and_bad_ones_are_left_out(spark, tmp_path):
    write_drop(tmp_path / "customers" / "c.csv", CUSTOMERS.columns, [{"id": "ann", "country": "NL"}])
    good, bad = (
        {"number": "7", "customer": "ann", "amount": "3"},
        {"number": "8", "customer": "bob", "amount": "3"},
    )
    write_drop(tmp_path / "orders" / "o.csv", ORDERS.columns, [bad, good, {**good, "amount": "4"}])
    rows = tiny_rows(spark, [strict_orders(), customers()], samples=tmp_path)
    assert [dict(record) for record in rows["orders"].records] == [good]


def test_rules_that_no_tried_value_meets_need_a_given_record(spark):
    odd = Rule("number_is_4711", "number = '4711'", "another number")
    with pytest.raises(
        AssertionError, match=r"no record of `orders` is valid; the best fails number_is_4711"
    ):
        tiny_rows(spark, [orders(rules=(odd,)), customers()])
    given = {"orders": [{"number": "4711", "customer": "1", "amount": "1"}]}
    assert len(tiny_rows(spark, [orders(rules=(odd,)), customers()], given=given)["orders"].records) == 1


def test_a_function_that_loses_or_multiplies_records_is_found(spark):
    lossy = orders(read=lambda *frames: typed_orders(*frames).where("amount_eur > 1"))
    with pytest.raises(AssertionError, match=r"`orders`: its function returns \d+ rows for \d+ records"):
        tiny_rows(spark, [lossy, customers()])


# ---- rules ------------------------------------------------------------------------------------------------------------------


def test_rules_that_each_refuse_something_are_left_alone(spark):
    for rows in tiny_rows(spark, [strict_orders(), customers()]).values():
        assert_rules_notice(spark, rows)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            (*READABLE, KNOWN, Rule("amount_is_positive", "amount_eur > 0 OR true", "")),
            "`amount_is_positive` refuses nothing",
        ),
        (
            (RAW.rules(whole=("number",))[0], KNOWN),
            "unreadable text makes `amount_eur` NULL, and the record stays valid",
        ),
    ],
)
def test_an_idle_rule_and_a_value_that_is_lost_in_silence_are_found(spark, rules, message):
    rows = tiny_rows(spark, [orders(rules=rules), customers()])
    with pytest.raises(AssertionError, match=message):
        assert_rules_notice(spark, rows["orders"])


def test_a_typed_column_that_hides_the_raw_one_from_its_rule_is_found(spark):
    def hiding(records):
        return records.withColumn("order_number", RAW.whole("number")).withColumn(
            "amount", RAW.decimal("amount")
        )

    hidden = orders(
        read=hiding, needs=(), columns=("amount",), rules=RAW.rules(whole=("number",), decimal=("amount",))
    )
    rows = tiny_rows(spark, [hidden])
    with pytest.raises(AssertionError, match="the rule `amount_is_a_number` refuses nothing"):
        assert_rules_notice(spark, rows["orders"])


def test_a_rule_that_no_single_change_breaks_may_be_named(spark):
    twice = Rule("two_columns_differ", "number <> 'x' OR amount <> 'x'", "")
    rows = tiny_rows(spark, [strict_orders(), customers()])["orders"]
    idle = type(rows)(
        orders(rules=(*READABLE, POSITIVE, KNOWN, twice)), rows.records, rows.needed, rows.silver
    )
    with pytest.raises(AssertionError, match="`two_columns_differ` refuses nothing"):
        assert_rules_notice(spark, idle)
    assert_rules_notice(spark, idle, ignore=["two_columns_differ"])


# ---- deliveries -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def delivered_twice(spark, context):
    """Return a function that delivers tiny orders twice, with its own ingestion and refinement."""

    def deliver(*, ingest=Medallion.ingest, refine=Medallion.refine):
        entity = alone(rules=(*READABLE, POSITIVE))
        medallion = Medallion(spark, context, [entity])

        def walk():
            ingest(medallion)
            refine(medallion)

        assert_each_record_once(spark, context, tiny_rows(spark, [entity]), context.landing, walk)

    return deliver


def test_an_ingestion_that_loads_each_file_once_and_replaces_corrected_rows_is_left_alone(delivered_twice):
    delivered_twice()


def test_an_ingestion_that_loads_twice_is_found(delivered_twice, spark):
    def ingest_twice(medallion):
        for item in medallion.ingest():
            spark.sql(f"INSERT INTO {item.table} SELECT * FROM {item.table}")

    with pytest.raises(AssertionError, match=r"after one delivery, .*bronze.orders has 6 rows instead of 3"):
        delivered_twice(ingest=ingest_twice)


def test_a_correction_that_does_not_reach_silver_is_found(delivered_twice):
    calls = []

    def refine_once(medallion):
        calls.append(medallion)
        if len(calls) == 1:
            medallion.refine()

    with pytest.raises(AssertionError, match="does not have the corrected row"):
        delivered_twice(refine=refine_once)
