"""What changed after a table was made is reported; rebuilding and judging again bring old records up to date, once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from shop import ORDERS, RAW, alone, customers, orders, typed_alone

from databricks_utils.medallion import ColumnTypeError, Source
from databricks_utils.medallion.declaring.definition import define
from databricks_utils.medallion.silver.progress import Entry, ProgressTable
from databricks_utils.medallion.silver.refinement import Refinement
from databricks_utils.quality import QuarantineShareError, Rule

pytestmark = pytest.mark.integration
LATE = {"number": "2", "customer": "bob", "amount": "5"}
AT_LEAST_20 = Rule("amount_is_positive", "amount_eur >= 20", "amount is below 20")


def doubled(records):
    return typed_alone(records).withColumn("amount_eur", RAW.decimal("amount") * 2)


def with_raw_amount(records):
    return typed_alone(records).withColumn("amount_text", RAW.text("amount"))


def amount_as_text(records):
    return typed_alone(records).withColumn("amount_eur", RAW.text("amount"))


def with_gift(records):
    return typed_alone(records).withColumn("is_gift", RAW.text("gift"))


def test_a_changed_rule_is_named_and_a_rebuild_applies_it_to_all_records(shop):
    shop.walk()
    changed = (alone(rules=(AT_LEAST_20,)),)
    refined = shop.walk(*changed)
    assert (refined.judged, refined.outdated) == (0, 1)
    assert refined.changed == ("rule `amount_is_positive` changed",)
    assert "mode=rebuild" in refined.advice
    assert shop.rows("silver") == [1]
    (rebuilt,) = shop.medallion(*changed).run("rebuild")
    assert (rebuilt.judged, rebuilt.quarantined, rebuilt.advice) == (1, 1, "")
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([], [1])
    shop.account(*changed)
    assert shop.walk(*changed).advice == ""


def test_a_changed_function_and_what_it_reaches_are_named(shop):
    shop.walk()
    refined = shop.walk(alone(read=doubled))
    assert any("doubled` is new" in change for change in refined.changed), refined.changed
    shop.medallion(alone(read=doubled)).rebuild()
    assert shop.rows("silver", columns="order_number;amount_eur") == [(1, 20.0)]


def test_a_new_column_is_empty_for_old_records_until_they_are_rebuilt(shop):
    shop.walk()
    wider = (alone(read=with_raw_amount, columns=("customer", "amount_eur", "amount_text")),)
    shop.deliver("orders", "o2", {"number": "2", "customer": "ann", "amount": "5"})
    refined = shop.walk(*wider)
    assert (refined.judged, refined.outdated) == (1, 1)
    assert "column `amount_text` is new" in refined.changed
    assert shop.rows("silver", columns="order_number;coalesce(amount_text, '?')") == [(1, "?"), (2, "5")]
    assert "amount_text" in shop.spark.table(shop.context.table("quarantine", "orders")).columns
    shop.medallion(*wider).rebuild()
    assert shop.rows("silver", columns="order_number;amount_text") == [(1, "10"), (2, "5")]
    # A column that is not declared any more stays in the table, empty for new records, until a rebuild drops it.
    shop.deliver("orders", "o3", {"number": "3", "customer": "ann", "amount": "7"})
    assert "column `amount_text` is gone" in shop.walk().changed
    assert shop.rows("silver", columns="order_number;coalesce(amount_text, '?')")[-1] == (3, "?")
    shop.medallion().rebuild()
    assert "amount_text" not in shop.spark.table(shop.context.table("silver", "orders")).columns
    assert shop.rows("quarantine") == []
    shop.account()


def test_a_column_of_another_type_is_refused_with_the_way_out(shop):
    shop.walk()
    retyped = (alone(read=amount_as_text, rules=()),)
    shop.deliver("orders", "o2", {"number": "2", "customer": "ann", "amount": "5"})
    with pytest.raises(
        ColumnTypeError, match="`amount_eur` is double in the table and string in the code"
    ) as refusal:
        shop.walk(*retyped)
    assert "mode=rebuild" in refusal.value.fix
    shop.medallion(*retyped).rebuild()
    assert shop.rows("silver", columns="order_number;amount_eur") == [(1, "10"), (2, "5")]
    assert shop.rows("quarantine") == []


def test_a_source_column_that_is_agreed_later_is_read_from_what_was_kept(shop):
    shop.deliver(
        "orders",
        "o2",
        {"number": "2", "customer": "ann", "amount": "5", "gift": "yes"},
        header=[*ORDERS.columns, "gift"],
    )
    shop.walk()
    wider = Source("orders", (*ORDERS.columns, "gift"), "One order")
    agreed = (alone(source=wider, read=with_gift, columns=("customer", "amount_eur", "is_gift")),)
    (shop.context.landing / "orders" / "o1.csv.gz").unlink()  # loaded long ago, under the earlier header
    shop.deliver(
        "orders", "o3", {"number": "3", "customer": "ann", "amount": "6", "gift": "no"}, header=wider.columns
    )
    shop.walk(*agreed)
    shop.medallion(*agreed).rebuild()
    assert shop.rows("silver", columns="order_number;coalesce(is_gift, '?')") == [
        (1, "?"),
        (2, "yes"),
        (3, "no"),
    ]
    shop.account(*agreed)


@pytest.fixture
def both(shop):
    """Orders that need customers; ann is one."""
    shop.deliver("customers", "c1", {"id": "ann", "country": "NL"})
    return customers(), orders()


def judged_again(shop, *entities):
    again = shop.medallion(*entities).run("judge_again")
    return next(refined for refined in again if refined.entity == "orders")


def test_quarantined_records_whose_reason_has_gone_arrive_once_and_overwrite_nothing_newer(shop, both):
    shop.deliver("orders", "o2", LATE, {**LATE, "number": "3", "amount": "-1"}, {**LATE, "number": "4"})
    shop.walk(*both)
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([1], [2, 3, 4])
    shop.deliver("orders", "o3", {**LATE, "number": "4", "customer": "ann", "amount": "7"})
    shop.deliver("customers", "c2", {"id": "bob", "country": "BE"})
    refined = shop.walk(*both)
    assert refined.waiting == 3
    assert "mode=judge_again" in refined.advice
    again = judged_again(shop, *both)
    assert (again.judged, again.arrived, again.advice) == (3, 2, "")
    assert shop.rows("silver", columns="order_number;customer;amount_eur") == [
        (1, "ann", 10.0),
        (2, "bob", 5.0),
        (4, "ann", 7.0),
    ]
    assert shop.rows("quarantine") == [3]
    assert (judged_again(shop, *both).arrived, shop.walk(*both).advice) == (0, "")
    assert (shop.account(*both).silver, shop.account(*both).updated) == (3, 1)


def test_a_delivery_that_was_refused_as_a_whole_passes_when_its_reason_has_gone(shop, both):
    strict = (both[0], orders(max_quarantined_share=0.0))
    shop.deliver("orders", "o1", LATE)
    with pytest.raises(QuarantineShareError, match="1 of 1 rows"):
        shop.walk(*strict)
    shop.deliver("customers", "c2", {"id": "bob", "country": "BE"})
    shop.medallion(*strict).ingest()
    shop.medallion(*strict).judge_again()
    assert shop.rows("silver") == [2]
    shop.account(*strict)


def crash_in(monkeypatch, method):
    monkeypatch.setattr(Refinement, method, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))


def test_a_rebuild_that_was_killed_is_done_by_the_next_transformation(shop, monkeypatch):
    shop.deliver("orders", "o2", {"number": "2", "customer": "ann", "amount": "30"})
    shop.walk()
    changed = (alone(rules=(AT_LEAST_20,)),)
    with monkeypatch.context() as crash:
        crash_in(crash, "_accept")  # the checked table is new, silver is not
        with pytest.raises(KeyboardInterrupt):
            shop.medallion(*changed).rebuild()
    assert shop.rows("silver") == [1, 2]
    shop.walk(*changed)
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([2], [1])
    shop.account(*changed)


def test_judging_again_that_was_killed_is_finished_by_the_next_transformation(shop, monkeypatch, both):
    shop.deliver("orders", "o2", LATE)
    shop.walk(*both)
    shop.deliver("customers", "c2", {"id": "bob", "country": "BE"})
    shop.walk(*both)
    with monkeypatch.context() as crash:
        crash_in(crash, "_merge")
        with pytest.raises(KeyboardInterrupt):
            shop.medallion(*both).judge_again(only=("orders",))
    shop.walk(*both)
    assert shop.rows("silver") == [1, 2]
    shop.account(*both)


def test_a_rebuild_since_a_moment_leaves_earlier_deliveries_as_they_are(shop):
    medallion = shop.medallion()
    medallion.ingest(now=datetime(2024, 1, 1, tzinfo=UTC))
    shop.deliver("orders", "o2", {"number": "2", "customer": "ann", "amount": "5"})
    medallion.ingest(now=datetime(2024, 2, 1, tzinfo=UTC))
    medallion.refine()
    changed = (alone(rules=(AT_LEAST_20,)),)
    refined = {item.entity: item for item in shop.medallion(*changed).run("rebuild", since="2024-02-01")}[
        "orders"
    ]
    assert (refined.judged, refined.outdated) == (1, 1)
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([1], [2])
    shop.account(*changed)


def test_a_rebuild_since_a_moment_covers_deliveries_that_were_never_judged_or_refused(shop):
    strict = (alone(max_quarantined_share=0.4),)
    medallion = shop.medallion(*strict)
    medallion.ingest(now=datetime(2024, 1, 1, tzinfo=UTC))
    shop.deliver(
        "orders",
        "o2",
        {"number": "2", "customer": "ann", "amount": "-5"},
        {"number": "3", "customer": "ann", "amount": "-5"},
    )
    medallion.ingest(now=datetime(2024, 2, 1, tzinfo=UTC))
    with pytest.raises(QuarantineShareError, match="2 of 3 rows"):
        medallion.run("rebuild", since="2024-03-01")
    assert shop.rows("silver") == []
    medallion.run("rebuild", since="2024-03-01", accept_quarantined="orders")
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([1], [2, 3])
    shop.account(*strict)


def test_a_view_that_a_crash_left_behind_is_renewed(shop):
    shop.walk()
    table = shop.context.table("silver", "orders_checked")
    shop.spark.sql(f"ALTER TABLE {table} ADD COLUMNS (late string)")  # and then the process was killed
    shop.walk()
    assert "late" in shop.spark.table(shop.context.table("quarantine", "orders")).columns


def test_a_rebuild_without_an_end_is_seen_behind_other_steps(shop):
    shop.walk()
    history = ProgressTable(shop.spark, shop.context.table("ops", "progress"))
    before = history.latest()
    table = shop.context.table("silver", "orders")
    entry = Entry(
        "rebuild_started", table, define(alone()), before[table].ingested_until, before[table].judged_until, 0
    )
    history.write([entry], git_sha="x")
    history.write([replace(entry, step="refine")], git_sha="x")
    assert history.latest()[table].unfinished == 0
    shop.walk()
    assert history.latest()[table].unfinished is None


def test_progress_names_what_was_done_and_with_which_code(shop):
    shop.walk()
    shop.medallion().rebuild()
    table = shop.spark.table(shop.context.table("ops", "progress"))
    steps = [row["step"] for row in table.orderBy("recorded_at").collect()]
    assert steps == ["refine", "rebuild_started", "rebuild"]
    assert all("rule `amount_is_positive`" in row["parts"] for row in table.collect())
