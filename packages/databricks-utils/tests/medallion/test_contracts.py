"""A source and a table of silver that are declared by contracts: what breaks them ends in the right place with the right reason."""

import pytest
from pyspark.sql import functions as F

from databricks_utils.contracts import ProjectContracts
from databricks_utils.medallion import (
    BrokenPromiseError,
    ColumnTypeError,
    LandingFileError,
    Medallion,
)
from databricks_utils.quality import LimitExceededError
from databricks_utils.testing import judge_records, write_drop

pytestmark = pytest.mark.integration

HEAD = """apiVersion: v3.2.0
kind: DataContract
id: shop
version: 1.0.0
status: active
servers: [{server: p, type: databricks}]
schema:
"""
LANDING = """  - name: orders
    description: One order.
    customProperties: [{property: missingValues, value: [NA]}, {property: schemaDrift, value: DRIFT}]
    properties:
      - {name: number, physicalName: "Order. No`", logicalType: integer, required: true}
      - {name: ordered_on, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}
      - {name: amount, physicalType: "decimal(9, 2)", logicalTypeOptions: {minimum: 0}}
      - name: note
        logicalType: string
        logicalTypeOptions: {maxLength: 5}
        classification: confidential
        quality: [{metric: nullValues, mustBeLessOrEqualTo: 50, unit: percent}]
    quality:
      - {id: gifts_cost_nothing, type: custom, engine: databricks-utils, implementation: "note IS NULL OR note <> 'gift' OR amount = 0"}
"""
SILVER = """  - name: orders
    description: One order, typed.
    customProperties: [{property: maxQuarantinedShare, value: 1}]
    properties:
      - {name: number, logicalType: integer, primaryKey: true}
      - {name: ordered_on, logicalType: date, required: true, description: The day of the order}
      - {name: amount, physicalType: "decimal(9, 2)", description: "The shop's euros"}
      - name: note
        logicalType: string
        quality: [{id: note_is_there, type: custom, engine: databricks-utils, implementation: note IS NOT NULL, severity: warning}]
"""
GOLD = """  - name: sales
    properties:
      - {name: ordered_on, logicalType: date}
      - {name: total, physicalType: "decimal(19, 2)", description: In euros, logicalTypeOptions: {maximum: 100}}
"""
NUMBER = "Order. No`"  # in the files
GOOD = {"number": "1", "ordered_on": "05/01/2024", "amount": "9.50", "note": "a"}
BAD = {
    "number_is_a_whole_number": {"number": "1.0"},
    "number_is_given": {"number": "NA"},
    "ordered_on_is_a_date": {"ordered_on": "2024-01-05"},
    "amount_is_a_number": {"amount": "9.505"},
    "amount_is_not_too_small": {"amount": "-1"},
    "note_is_short_enough": {"note": "a long note"},
    "gifts_cost_nothing": {"note": "gift"},
    "ordered_on_is_given": {"ordered_on": ""},
    "record_is_complete": {"_corrupt_record": "1,2"},
}


@pytest.fixture
def contracts(tmp_path):
    def write(drift="evolve", landing=LANDING):
        layers = {
            "landing/orders": landing.replace("DRIFT", drift),
            "silver/orders": SILVER,
            "gold/sales": GOLD,
        }
        for name, text in layers.items():
            file = tmp_path / "contracts" / f"{name}.odcs.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(HEAD + text, encoding="utf-8")
        return ProjectContracts(tmp_path / "contracts")

    return write


def deliver(context, name, *records, columns=tuple(GOOD)):
    named = [
        {NUMBER if key == "number" else key: value for key, value in record.items()} for record in records
    ]
    header = [NUMBER if column == "number" else column for column in columns]
    return write_drop(context.landing / "orders" / f"{name}.csv", header, named)


def sales(context, orders):
    return orders.groupBy("ordered_on").agg(F.sum("amount").alias("total"))


def test_each_kind_of_bad_value_fails_the_rule_that_says_so(spark, contracts):
    entity = contracts().entity("orders")
    good, doubtful, *bad = judge_records(
        spark, entity, [GOOD, {**GOOD, "note": ""}, *({**GOOD, **change} for change in BAD.values())]
    )
    assert (good.valid, good.failed, good.values["ordered_on"]) == (True, (), "2024-01-05")
    assert (doubtful.valid, doubtful.failed) == (True, ("note_is_not_null", "note_is_there"))
    for rule, item in zip(BAD, bad, strict=True):
        assert not item.valid, rule
        assert rule in item.failed, (rule, item.failed)
    assert bad[1].failed == ("number_is_given", "key_is_complete")


def test_a_function_that_makes_another_type_than_promised_is_refused(spark, contracts):
    def typed(records):
        return records.withColumn("amount", F.col("amount").cast("double")).drop("note")

    with pytest.raises(ColumnTypeError, match="makes 2 columns otherwise than shop 1") as refused:
        judge_records(spark, contracts().entity("orders", typed), [GOOD])
    assert "amount: double, promised is decimal(9,2)" in refused.value.detail
    assert "note: missing" in refused.value.detail


RENAMED = ("number", "ordered_on", "amont", "note")


def test_a_raw_drop_that_drifts_is_refused_or_quarantined_and_comes_back_once_when_the_contract_follows(
    spark, context, contracts
):
    deliver(context, "1", GOOD, {**GOOD, "number": "2", "note": "a long note"})
    drifted_drops_are_refused(spark, context, contracts)

    deliver(context, "3", {**GOOD, "number": "4", "amont": "7"}, columns=RENAMED)
    walk(spark, context, contracts("quarantine").entity("orders"))
    table, kept = context.table("silver", "orders"), context.table("quarantine", "orders")
    failures = {row["number"]: row["_failures"] for row in spark.table(kept).collect()}
    reasons = {number: [failure["rule"] for failure in found] for number, found in failures.items()}
    assert reasons == {2: ["note_is_short_enough"], 4: ["header_is_as_declared"]}
    assert failures[2][0]["value"] == "***"  # the contract classifies it
    assert sorted(row["number"] for row in spark.table(table).collect()) == [1, 3]
    assert comments(spark, table) >= {"The shop's euros", "The day of the order"}

    medallion = follow(spark, context, contracts)
    for arrived in (1, 0):
        (shown,) = medallion.preview()
        assert (shown.quarantined, shown.arriving, shown.lost) == (1 + arrived, arrived, 0)
        assert shown.failed == {"note_is_short_enough": 1}
        (refined,) = medallion.judge_again()
        assert refined.arrived == arrived
    assert spark.table(table).where("number = 4").collect()[0]["amount"] == 7
    a_broken_row_stops_the_writing(spark, context, medallion)
    too_many_missing_values_stop_the_delivery(spark, context, medallion)
    for account in medallion.account():
        account.balance()


def walk(spark, context, *entities):
    medallion = Medallion(spark, context, entities)
    medallion.ingest()
    medallion.refine()


def comments(spark, table):
    return {field.metadata.get("comment") for field in spark.table(table).schema}


def drifted_drops_are_refused(spark, context, contracts):
    """A renamed column is refused; another one is kept, or refused if the contract says so. The drop that is refused stays, as `3`."""
    every = contracts()
    drifted = deliver(context, "2", {**GOOD, "number": "3", "amont": "7"}, columns=RENAMED)
    with pytest.raises(LandingFileError, match="another header") as refused:
        walk(spark, context, every.entity("orders"))
    assert "missing: amount (there is `amont`)" in refused.value.detail
    assert "change the contract shop 1.0.0" in refused.value.fix
    drifted.unlink()
    deliver(context, "2", {**GOOD, "number": "3", "shop": "Ghent"}, columns=(*GOOD, "shop"))
    walk(spark, context, every.entity("orders"))
    deliver(context, "3", {**GOOD, "number": "4"}, columns=(*GOOD, "city"))
    with pytest.raises(LandingFileError, match="another header") as refused:
        walk(spark, context, contracts("fail").entity("orders"))
    assert "not declared: city" in refused.value.detail


def follow(spark, context, contracts):
    """The medallion under a contract that has followed the drop: its column has the new name."""
    text = LANDING.replace("name: amount,", "name: amont,").replace("amount = 0", "amont = 0")
    followed = contracts("quarantine", text)
    orders = followed.entity("orders", lambda records: records.withColumnRenamed("amont", "amount"))
    return Medallion(spark, context, [orders], derived=[followed.derived("sales", sales, needs=("orders",))])


def a_broken_row_stops_the_writing(spark, context, medallion):
    (name,) = medallion.derive()
    assert "In euros" in comments(spark, name)
    deliver(context, "4", {**GOOD, "number": "5", "amont": "200"}, columns=RENAMED)
    medallion.ingest()
    medallion.refine()
    with pytest.raises(BrokenPromiseError, match="was not written: its rows break 1 rule") as broken:
        medallion.derive()
    assert broken.value.detail == "total_is_not_too_large: 1 rows: total is greater than 100"
    assert spark.table(name).agg(F.max("total")).collect()[0][0] < 100


def too_many_missing_values_stop_the_delivery(spark, context, medallion):
    """At most half of the notes of a delivery may be missing; these records stay, marked."""
    silver = spark.table(context.table("silver", "orders"))
    records = [{**GOOD, "number": str(number), "amont": "1", "note": ""} for number in (6, 7)]
    deliver(context, "5", *records, columns=RENAMED)
    medallion.ingest()
    with pytest.raises(LimitExceededError, match="one rule fails on more rows") as refused:
        medallion.refine()
    assert refused.value.detail == "`note_is_not_null`: 2 of 2 rows failed, 100 %; allowed: 50 %"
    assert "accept_quarantined=orders" in refused.value.fix
    assert silver.where("number = 6").isEmpty()
    deliver(context, "5", records[0], {**records[1], "note": "b"}, columns=RENAMED)
    medallion.ingest()
    (refined,) = medallion.refine()
    assert (refined.quality, refined.failed["note_is_not_null"]) == ("warned", 1)
    assert silver.where("number IN (6, 7)").count() == 2
    found = spark.table(context.table("ops", "quality_metrics")).where("rule = 'note_is_not_null'")
    rows = found.orderBy("measured_at").collect()[-2:]
    assert [(row["checked"], row["failed"], row["outcome"]) for row in rows] == [
        (2, 2, "stopped"),
        (2, 1, "warned"),
    ]
    assert (rows[0]["limit"], rows[0]["rate"], rows[0]["contract"]) == (
        "50 %",
        1.0,
        "shop 1.0.0, shop 1.0.0",
    )
    assert rows[0]["seconds"] > 0
