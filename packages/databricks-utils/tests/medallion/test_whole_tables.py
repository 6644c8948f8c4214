"""Promises besides single rows, of contracts: references, unique values, checks of whole tables, and how old they may be."""

from datetime import UTC, datetime, timedelta

import pytest
from pyspark.sql import functions as F

from databricks_utils.contracts import ProjectContracts
from databricks_utils.medallion import Medallion
from databricks_utils.quality import CheckFailedError, Group, QuarantineShareError, read_trends
from databricks_utils.testing import write_drop

pytestmark = pytest.mark.integration

HEAD = """apiVersion: v3.2.0
kind: DataContract
id: shop
version: 1.0.0
status: active
servers: [{server: p, type: databricks}]
"""
FRESH = "slaProperties: [{property: latency, value: 2, unit: d, element: orders.at}]\n"
LANDING = {
    "orders": "{name: number, logicalType: integer}, {name: shop, logicalType: string}, "
    "{name: email, logicalType: string}, {name: at, logicalType: timestamp}",
    "shops": "{name: code, logicalType: string}",
}
ORDERS = """schema:
  - name: orders
    description: One order.
    customProperties: [{property: maxQuarantinedShare, value: 1}]
    properties:
      - {name: number, logicalType: integer, primaryKey: true}
      - {name: shop, logicalType: string, relationships: [{to: "shops.odcs.yaml#/schema/shops/properties/code"}]}
      - {name: email, logicalType: string, unique: true, classification: confidential}
      - {name: at, logicalType: timestamp}
    quality:
      - {metric: rowCount, mustBeLessThan: 6, description: too many orders}
"""
SHOPS = """schema:
  - name: shops
    description: One shop.
    properties: [{name: code, logicalType: string, primaryKey: true}]
"""
GOLD = """schema:
  - name: sales
    description: The orders of one shop.
    properties: [{name: shop, logicalType: string, primaryKey: true}, {name: orders, logicalType: integer}]
"""
NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)


class Walk:
    def __init__(self, spark, context, folder):
        self.spark, self.context, self.folder = spark, context, folder
        self.now = NOW
        for name, columns in LANDING.items():
            text = f"schema:\n  - name: {name}\n    description: A line.\n    properties: [{columns}]\n"
            self._write("landing", name, HEAD + text)
        self._write("gold", "sales", HEAD + GOLD)
        self.promise(ORDERS)

    def promise(self, orders, head=HEAD, rules=(), shops=SHOPS):
        self._write("silver", "shops", HEAD + shops)
        self._write("silver", "orders", head + orders)
        contracts = ProjectContracts(self.folder)
        entities = (contracts.entity("orders", rules=rules), contracts.entity("shops"))
        sales = contracts.derived("sales", self.sales, needs=("orders",))
        self.medallion = Medallion(self.spark, self.context, entities, derived=[sales])

    def sales(self, context, orders):
        return orders.where("shop IS NOT NULL").groupBy("shop").agg(F.count("*").cast("int").alias("orders"))

    def deliver(self, name, *lines, source="orders"):
        columns = ("number", "shop", "email", "at") if source == "orders" else ("code",)
        records = [dict(zip(columns, line.split(), strict=True)) for line in lines]
        write_drop(
            self.context.landing / source / f"{name}.csv",
            columns,
            [{key: "" if value == "-" else value for key, value in record.items()} for record in records],
        )

    def refine(self, *lines, name="x", how="refine"):
        if lines:
            self.deliver(name, *lines)
            self.medallion.ingest()
        self.now += timedelta(seconds=1)
        (found,) = getattr(self.medallion, how)(only=["orders"], now=self.now)
        return found

    def silver(self):
        return sorted(
            row["number"] for row in self.spark.table(self.context.table("silver", "orders")).collect()
        )

    def quarantine(self):
        rows = self.spark.table(self.context.table("quarantine", "orders")).collect()
        return {
            row["number"]: [(failure["rule"], failure["value"]) for failure in row["_failures"]]
            for row in rows
        }

    def metrics(self, rule):
        table = self.spark.table(self.context.table("ops", "quality_metrics")).where(F.col("rule") == rule)
        return [(row["value"], row["outcome"]) for row in table.orderBy("measured_at").collect()]

    def _write(self, layer, name, text):
        file = self.folder / layer / f"{name}.odcs.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@pytest.fixture
def walk(spark, context, tmp_path):
    return Walk(spark, context, tmp_path / "contracts")


@pytest.mark.drawn(0)  # minutes: `make soak PART=drawn`
def test_rows_that_refer_to_nothing_or_share_a_value_wait_in_quarantine(walk):
    walk.deliver("1", "a", source="shops")
    walk.medallion.ingest()
    walk.medallion.refine(only=["shops"])
    first = walk.refine(
        "1 a ann@x 2024-03-01T10:00:00",
        "2 b bob@x 2024-03-01T10:00:00",  # there is no shop b
        "3 - - 2024-03-01T10:00:00",  # neither refers to a shop nor has an address
        "4 a eve@x 2024-03-01T10:00:00",  # two orders with one address
        "5 a eve@x 2024-03-01T10:00:00",
        name="1",
    )
    assert (first.judged, first.quarantined, first.waiting) == (5, 3, 0)
    assert walk.silver() == [1, 3]
    assert walk.quarantine() == {
        2: [("shop_is_in_shops", "b")],
        4: [("email_is_unique", "***")],
        5: [("email_is_unique", "***")],
    }
    compared_with_the_rows_of_today(walk)
    what_was_missing_arrives(walk)
    a_rebuild_finds_the_same(walk)
    nothing_is_made_of_a_table_that_fails(walk)
    old_rows_warn_also_when_nothing_has_changed(walk)
    a_key_of_gold_is_there_once(walk)
    no_order_is_made_while_the_shops_fail(walk)


def compared_with_the_rows_of_today(walk):
    """A new version of an order may have its address; another order may not have it."""
    found = walk.refine("1 a ann@x 2024-03-01T11:00:00", "6 a ann@x 2024-03-01T11:00:00", name="2")
    assert (found.judged, found.quarantined) == (2, 2)
    assert walk.quarantine()[6] == [("email_is_unique", "***")]
    # The version of order 1 fails too: it shares its address with order 6 of the same delivery.
    assert walk.quarantine()[1] == [("email_is_unique", "***")]
    assert walk.silver() == [1, 3]
    walk.deliver("2", "1 a ann@x 2024-03-01T11:00:00")  # the corrected file
    walk.medallion.ingest()
    assert walk.refine().quarantined == 0
    assert walk.refine("6 a ann@x 2024-03-01T11:00:00", name="3").quarantined == 1


def what_was_missing_arrives(walk):
    walk.deliver("2", "b", source="shops")
    walk.medallion.ingest()
    walk.medallion.refine(only=["shops"])
    assert walk.refine().waiting == 4
    (preview,) = walk.medallion.preview(only=["orders"])
    assert (preview.quarantined, preview.arriving) == (4, 1)
    assert walk.refine(how="judge_again").arrived == 1
    assert walk.silver() == [1, 2, 3]
    assert walk.refine(how="judge_again").arrived == 0
    assert walk.silver() == [1, 2, 3]


def a_rebuild_finds_the_same(walk):
    before = walk.quarantine()
    walk.refine(how="rebuild")
    assert walk.silver() == [
        2,
        3,
    ]  # both versions of order 1 share their address with order 6, and none was first
    assert set(walk.quarantine()) == {*before, 1}
    walk.refine("6 a fay@x 2024-03-01T11:00:00", name="3")
    walk.refine(how="judge_again")
    assert walk.silver() == [1, 2, 3, 6]


def nothing_is_made_of_a_table_that_fails(walk):
    assert walk.medallion.transform().quality == "passed"
    with pytest.raises(
        CheckFailedError, match="a check fails; nothing is made of the checked tables"
    ) as failed:
        walk.refine("7 a - 2024-03-01T12:00:00", "8 a - 2024-03-01T12:00:00", name="4")
    assert failed.value.detail.endswith("orders: `row_count`: too many orders: 6; allowed: less than 6")
    assert failed.value.location == f"{walk.folder}/silver/orders.odcs.yaml:17"
    assert [note.rpartition(".")[2] for note in failed.value.__notes__] == [
        "orders: 2 records were judged; 0 of them are in quarantine"
    ]
    assert walk.silver() == [1, 2, 3, 6, 7, 8]
    with pytest.raises(CheckFailedError):  # again, until the table is right, or the check
        walk.medallion.transform()
    sales = walk.spark.table(walk.context.table("gold", "sales"))
    assert sales.agg(F.sum("orders")).collect()[0][0] == 3
    followed = ORDERS.replace("mustBeLessThan: 6", "mustBeLessThan: 7")
    walk.promise(followed.replace("{name: at,", "{name: at, description: The customer's time,"))
    assert walk.medallion.transform().quality == "passed"
    silver = walk.spark.table(walk.context.table("silver", "orders"))
    assert silver.schema["at"].metadata["comment"] == "The customer's time"
    assert sales.agg(F.sum("orders")).collect()[0][0] == 5
    assert walk.metrics("row_count")[-3:] == [(4.0, "passed"), (6.0, "stopped"), (6.0, "passed")]


def old_rows_warn_also_when_nothing_has_changed(walk):
    walk.promise(ORDERS.replace("mustBeLessThan: 6", "mustBeLessThan: 7"), head=HEAD + FRESH)
    done = walk.medallion.transform()
    assert done.quality == "warned"
    (warning,) = done.warnings.of_time
    assert "`at_is_fresh`: the newest at is older than 2 d" in warning
    assert f"warning: {warning}" in str(done)
    again = walk.medallion.transform()
    assert again.unchanged
    assert (again.quality, len(again.warnings.of_time)) == ("warned", 1)
    assert [outcome for _, outcome in walk.metrics("at_is_fresh")] == ["warned", "warned"]


def a_key_of_gold_is_there_once(walk):
    walk.sales = lambda context, orders: orders.where("shop IS NOT NULL").select(
        "shop", F.lit(1).alias("orders")
    )
    walk.promise(ORDERS)
    with pytest.raises(CheckFailedError, match=r"checks? fails?"):
        walk.medallion.transform()
    walk.promise(ORDERS.replace("mustBeLessThan: 6", "mustBeLessThan: 7"))
    with pytest.raises(CheckFailedError, match="a check fails") as failed:
        walk.medallion.transform()
    assert "`key_is_unique`: several rows have one key: " in failed.value.detail


def no_order_is_made_while_the_shops_fail(walk):
    """Orders are neither quarantined nor made from shops that fail, in no run; then each of them arrives once."""
    del walk.sales
    followed = ORDERS.replace("mustBeLessThan: 6", "mustBeLessThan: 9")
    enough = (
        "    quality:\n      - {metric: rowCount, mustBeGreaterOrEqualTo: 2, description: too few shops}\n"
    )
    odd = "      - {id: odd, type: sql, query: 'SELECT count(*) / 0 FROM {object}', mustBe: 1}\n"
    walk.promise(followed, shops=SHOPS + enough + odd)
    silver, quarantine = walk.silver(), walk.quarantine()
    walk.deliver("2", "a", source="shops")  # without shop b
    walk.deliver("9", "9 b - 2024-03-01T12:00:00", "10 a - 2024-03-01T12:00:00")
    walk.medallion.ingest()
    with pytest.raises(CheckFailedError, match="nothing is made of") as failed:
        walk.medallion.transform()
    few, refused = failed.value.detail.split("\n", 1)
    assert few.endswith("shops: `row_count`: too few shops: 1; allowed: at least 2")
    assert "shops: quality: Spark cannot evaluate the check `odd`" in refused
    assert "change the bounds" in failed.value.fix
    assert "correct its SQL" in failed.value.fix
    assert walk.metrics("odd") == [(None, "stopped")]
    with pytest.raises(CheckFailedError, match="nothing is made of"):
        walk.refine()  # of the orders only
    assert (walk.silver(), walk.quarantine()) == (silver, quarantine)
    walk.promise(followed, shops=SHOPS + enough)
    walk.deliver("2", "b", source="shops")
    walk.medallion.ingest()
    done = walk.medallion.transform()
    assert {item.entity: item.judged for item in done.refined} == {"orders": 2, "shops": 1}
    assert (walk.silver(), set(walk.quarantine())) == (sorted([*silver, 9, 10]), set(quarantine))
    done.balance()
    trends = read_trends(walk.spark, walk.context.table("ops", "quality_metrics"), rule="odd")
    assert [item.is_current for item in trends] == [False]


def test_a_table_without_rows_is_not_fresh_and_a_file_fails_as_a_whole(walk):
    whole = Group("file_is_whole", ("_source_file",), "count(*)", "the file has too few lines", at_least=2)
    odd = "{id: odd, type: sql, query: 'SELECT count(*) / (SELECT count(*) FROM {shops}) FROM {table}', mustBe: 1, severity: warn}"
    walk.promise(f"{ORDERS}      - {odd}\n", head=HEAD + FRESH, rules=(whole,))
    walk.medallion.ingest()
    done = walk.medallion.transform()
    fresh, refused = done.warnings.of_time, done.warnings.lasting
    assert [line.partition(": ")[2] for line in fresh] == [
        "`at_is_fresh`: the newest at is older than 2 d, or in the future: no value; allowed: from -300 to 172800"
    ]
    assert ["cannot evaluate the check `odd`" in line for line in refused] == [True]
    assert walk.metrics("row_count") == [(0.0, "passed")]
    assert walk.metrics("odd") == [(None, "warned")]
    walk.deliver("1", "1 - ann@x 2024-03-01T10:00:00")
    walk.deliver("2", "2 - bob@x 2024-03-01T10:00:00", "3 - - 2024-03-01T10:00:00")
    walk.medallion.ingest()
    assert walk.refine().quarantined == 1
    assert (walk.quarantine(), walk.silver()) == ({1: [("file_is_whole", "1")]}, [2, 3])
    a_file_that_corrects_a_key_takes_its_own_value_over(walk)
    rows_that_wait_to_be_merged_count(walk)


def a_file_that_corrects_a_key_takes_its_own_value_over(walk):
    walk.deliver("2", "4 - bob@x 2024-03-01T10:00:00", "3 - - 2024-03-01T10:00:00")
    walk.medallion.ingest()
    assert walk.refine().quarantined == 0
    assert walk.silver() == [3, 4]


def rows_that_wait_to_be_merged_count(walk):
    """A row of a delivery that was not accepted is not in silver yet, and arrives with the next one that is."""
    walk.promise(ORDERS.replace("value: 1}", "value: 0}"))
    with pytest.raises(QuarantineShareError):
        walk.refine("5 - eve@x 2024-03-01T10:00:00", "x - - 2024-03-01T10:00:00", name="5")
    walk.deliver("6", "6 - eve@x 2024-03-01T10:00:00")
    walk.medallion.ingest()
    walk.medallion.refine(accept_quarantined=["orders"], now=walk.now + timedelta(seconds=1))
    assert walk.silver() == [3, 4, 5]
    assert walk.quarantine()[6] == [("email_is_unique", "***")]
