"""What changed after a table was made is reported; rebuilding and judging again bring old records up to date, once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from shop import LATE, ORDERS, RAW, alone, customers, orders, typed_alone

from databricks_utils.catalog import ConcurrentWriteError
from databricks_utils.catalog.tables import replace_table
from databricks_utils.medallion import ColumnTypeError, Source
from databricks_utils.medallion.silver.definition import define
from databricks_utils.medallion.silver.progress import Entry, ProgressTable
from databricks_utils.medallion.silver.refinement import Refinement
from databricks_utils.quality import QuarantineShareError, Rule

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]
BOTH = (customers(), orders())
AT_LEAST_20 = Rule("amount_is_positive", "amount_eur >= 20", "amount is below 20")


def doubled(records):
    return typed_alone(records).withColumn("amount_eur", RAW.decimal("amount") * 2)


def with_raw_amount(records):
    return typed_alone(records).withColumn("amount_text", RAW.text("amount"))


def amount_as_text(records):
    return typed_alone(records).withColumn("amount_eur", RAW.text("amount"))


def with_gift(records):
    return typed_alone(records).withColumn("is_gift", RAW.text("gift"))


def test_a_changed_rule_is_named_and_a_rebuild_applies_it_to_all_records(walked):
    changed = (alone(rules=(AT_LEAST_20,)),)
    refined = walked.walk(*changed)
    assert (refined.judged, refined.outdated) == (0, 1)
    assert refined.changed == ("rule `amount_is_positive` changed",)
    assert "mode=rebuild" in refined.advice
    assert walked.rows("silver") == [1]
    (rebuilt,) = walked.medallion(*changed).run("rebuild")
    assert (rebuilt.judged, rebuilt.quarantined, rebuilt.advice) == (1, 1, "")
    assert (walked.rows("silver"), walked.rows("quarantine")) == ([], [1])
    walked.account(*changed)
    assert walked.refine(*changed).advice == ""
    progress = walked.spark.table(walked.context.table("ops", "progress")).orderBy("recorded_at").collect()
    assert [row["step"] for row in progress] == ["refine", "rebuild_started", "rebuild"]
    assert all("rule `amount_is_positive`" in row["parts"] for row in progress)


def test_a_changed_function_and_what_it_reaches_are_named(walked):
    refined = walked.refine(alone(read=doubled))
    assert any("doubled` is new" in change for change in refined.changed), refined.changed
    walked.medallion(alone(read=doubled)).rebuild()
    assert walked.rows("silver", columns="order_number;amount_eur") == [(1, 20.0)]


def test_a_new_column_is_empty_for_old_records_until_they_are_rebuilt(walked):
    wider = (alone(read=with_raw_amount, columns=("customer", "amount_eur", "amount_text")),)
    walked.deliver("orders", "o2", {"number": "2", "customer": "ann", "amount": "5"})
    refined = walked.walk(*wider)
    assert (refined.judged, refined.outdated) == (1, 1)
    assert "column `amount_text` is new" in refined.changed
    assert walked.rows("silver", columns="order_number;coalesce(amount_text, '?')") == [(1, "?"), (2, "5")]
    assert "amount_text" in walked.spark.table(walked.context.table("quarantine", "orders")).columns
    walked.medallion(*wider).rebuild()
    assert walked.rows("silver", columns="order_number;amount_text") == [(1, "10"), (2, "5")]
    # A column that is not declared any more stays in the table, empty for new records, until a rebuild drops it.
    walked.deliver("orders", "o3", {"number": "3", "customer": "ann", "amount": "7"})
    assert "column `amount_text` is gone" in walked.walk().changed
    assert walked.rows("silver", columns="order_number;coalesce(amount_text, '?')")[-1] == (3, "?")
    walked.medallion().rebuild()
    assert "amount_text" not in walked.spark.table(walked.context.table("silver", "orders")).columns
    assert walked.rows("quarantine") == []
    walked.account()


def test_a_column_of_another_type_is_refused_with_the_way_out(walked):
    retyped = (alone(read=amount_as_text, rules=()),)
    walked.deliver("orders", "o2", {"number": "2", "customer": "ann", "amount": "5"})
    with pytest.raises(
        ColumnTypeError, match="`amount_eur` is double in the table and string in the code"
    ) as refusal:
        walked.walk(*retyped)
    assert "mode=rebuild" in refusal.value.fix
    walked.medallion(*retyped).rebuild()
    assert walked.rows("silver", columns="order_number;amount_eur") == [(1, "10"), (2, "5")]
    assert walked.rows("quarantine") == []


def test_a_source_column_that_is_agreed_later_is_read_from_what_was_kept(walked):
    walked.deliver(
        "orders",
        "o2",
        {"number": "2", "customer": "ann", "amount": "5", "gift": "yes"},
        header=[*ORDERS.columns, "gift"],
    )
    walked.medallion().ingest()
    wider = Source("orders", (*ORDERS.columns, "gift"), "One order")
    agreed = (alone(source=wider, read=with_gift, columns=("customer", "amount_eur", "is_gift")),)
    (walked.context.landing / "orders" / "o1.csv.gz").unlink()  # loaded long ago, under the earlier header
    walked.deliver(
        "orders", "o3", {"number": "3", "customer": "ann", "amount": "6", "gift": "no"}, header=wider.columns
    )
    walked.walk(*agreed)
    walked.medallion(*agreed).rebuild()
    assert walked.rows("silver", columns="order_number;coalesce(is_gift, '?')") == [
        (1, "?"),
        (2, "yes"),
        (3, "no"),
    ]
    walked.account(*agreed)


def judged_again(shop):
    (refined,) = shop.medallion(*BOTH).judge_again(only=("orders",))
    return refined


def test_quarantined_records_whose_reason_has_gone_arrive_once_and_overwrite_nothing_newer(walked_both):
    shop = walked_both
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([1], [2, 3, 4])
    shop.deliver("orders", "o3", {**LATE, "number": "4", "customer": "ann", "amount": "7"})
    shop.deliver("customers", "c2", {"id": "bob", "country": "BE"})
    refined = shop.walk(*BOTH)
    assert refined.waiting == 3
    assert "mode=judge_again" in refined.advice
    again = next(item for item in shop.medallion(*BOTH).run("judge_again") if item.entity == "orders")
    assert (again.judged, again.arrived, again.advice) == (3, 2, "")
    assert shop.rows("silver", columns="order_number;customer;amount_eur") == [
        (1, "ann", 10.0),
        (2, "bob", 5.0),
        (4, "ann", 7.0),
    ]
    assert shop.rows("quarantine") == [3]
    assert (judged_again(shop).arrived, shop.refine(*BOTH).advice) == (0, "")
    account = shop.account(*BOTH)
    assert (account.silver, account.updated) == (3, 1)


def test_quarantined_records_wait_once_the_rows_of_a_needed_table_have_changed_in_any_way(walked_both):
    shop, table = walked_both, walked_both.context.table("silver", "customers")
    shop.spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ('note' = 'x')")
    assert shop.refine(*BOTH).waiting == 0
    shop.spark.sql(
        f"UPDATE {table} SET customer = 'bob'"
    ).collect()  # a correction by hand, which no step records
    assert shop.refine(*BOTH).waiting == 3
    again = judged_again(shop)
    assert (again.arrived, again.waiting) == (2, 0)
    # A checked table of an earlier version of the library has no such column: what its rows have read is unknown.
    checked = shop.context.table("silver", "orders_checked")
    replace_table(shop.spark.table(checked).drop("_needed"), checked)
    assert shop.refine(*BOTH).waiting == 1


def test_a_delivery_that_was_refused_as_a_whole_passes_when_its_reason_has_gone(walked_both):
    shop, strict = walked_both, (BOTH[0], orders(max_quarantined_share=0.0))
    shop.deliver("orders", "o3", {**LATE, "number": "5"})
    with pytest.raises(QuarantineShareError, match="1 of 1 rows"):
        shop.walk(*strict)
    assert shop.rows("silver") == [1]
    shop.deliver("customers", "c2", {"id": "bob", "country": "BE"})
    shop.medallion(*strict).ingest()
    shop.medallion(*strict).refine(only=("customers",))
    shop.medallion(*strict).judge_again(only=("orders",))
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([1, 2, 4, 5], [3])
    shop.account(*strict)


def crash_in(monkeypatch, method):
    monkeypatch.setattr(Refinement, method, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))


def test_a_rebuild_that_was_killed_is_done_by_the_next_transformation(walked, monkeypatch):
    walked.deliver("orders", "o2", {"number": "2", "customer": "ann", "amount": "30"})
    changed = (alone(rules=(AT_LEAST_20,)),)
    walked.medallion(*changed).ingest()
    with monkeypatch.context() as crash:
        crash_in(crash, "_accept")  # the checked table is new, silver is not
        with pytest.raises(KeyboardInterrupt):
            walked.medallion(*changed).rebuild()
    assert (walked.rows("silver"), walked.rows("quarantine")) == ([1], [1])
    walked.refine(*changed)
    assert (walked.rows("silver"), walked.rows("quarantine")) == ([2], [1])
    walked.account(*changed)


def test_judging_again_that_was_killed_is_finished_by_the_next_transformation(walked_both, monkeypatch):
    shop = walked_both
    shop.deliver("customers", "c2", {"id": "bob", "country": "BE"})
    shop.medallion(*BOTH).ingest(only=("customers",))
    shop.medallion(*BOTH).refine(only=("customers",))
    with monkeypatch.context() as crash:
        crash_in(crash, "_merge")
        with pytest.raises(KeyboardInterrupt):
            shop.medallion(*BOTH).judge_again(only=("orders",))
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([1], [3])
    shop.refine(*BOTH)
    assert shop.rows("silver") == [1, 2, 4]
    shop.account(*BOTH)


def test_judging_again_that_another_transformation_has_overtaken_is_refused(walked_both, monkeypatch):
    shop = walked_both
    shop.deliver("customers", "c2", {"id": "bob", "country": "BE"})
    shop.medallion(*BOTH).ingest(only=("customers",))
    shop.medallion(*BOTH).refine(only=("customers",))
    replace_quarantined = Refinement._replace_quarantined

    def after_another(work, read):
        with monkeypatch.context() as once:
            once.setattr(Refinement, "_replace_quarantined", replace_quarantined)
            shop.deliver("orders", "o9", {**LATE, "number": "9"})
            shop.medallion(*BOTH).ingest()
            shop.medallion(*BOTH).refine(only=("orders",))
        replace_quarantined(work, read)

    monkeypatch.setattr(Refinement, "_replace_quarantined", after_another)
    with pytest.raises(ConcurrentWriteError):
        shop.medallion(*BOTH).judge_again(only=("orders",))
    monkeypatch.setattr(Refinement, "_replace_quarantined", replace_quarantined)
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([1, 9], [2, 3, 4])
    shop.medallion(*BOTH).judge_again(only=("orders",))
    assert (shop.rows("silver"), shop.rows("quarantine")) == ([1, 2, 4, 9], [3])
    shop.account(*BOTH)


def test_judging_again_keeps_a_record_that_bronze_has_lost(walked_both):
    shop = walked_both
    quarantined = shop.rows("quarantine")
    shop.spark.sql(
        f"DELETE FROM {shop.context.table('bronze', 'orders')} WHERE number = '{quarantined[0]}'"
    ).collect()
    shop.medallion(*BOTH).judge_again(only=("orders",))
    assert shop.rows("quarantine") == quarantined


def test_a_rebuild_since_a_moment_leaves_earlier_deliveries_as_they_are(walked):
    walked.deliver("orders", "o2", {"number": "2", "customer": "ann", "amount": "5"})
    walked.medallion().ingest(now=datetime(2024, 2, 1, tzinfo=UTC))
    walked.refine()
    changed = (alone(rules=(AT_LEAST_20,)),)
    (refined,) = walked.medallion(*changed).run("rebuild", since="2024-02-01")
    assert (refined.judged, refined.outdated) == (1, 1)
    assert (walked.rows("silver"), walked.rows("quarantine")) == ([1], [2])
    walked.account(*changed)


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


def test_a_view_that_a_crash_left_behind_is_renewed(walked):
    table = walked.context.table("silver", "orders_checked")
    walked.spark.sql(f"ALTER TABLE {table} ADD COLUMNS (late string)")  # and then the process was killed
    walked.refine()
    assert "late" in walked.spark.table(walked.context.table("quarantine", "orders")).columns


def test_a_rebuild_without_an_end_is_seen_behind_other_steps(walked):
    history = ProgressTable(walked.spark, walked.context.table("ops", "progress"))
    before = history.latest()
    table = walked.context.table("silver", "orders")
    entry = Entry(
        "rebuild_started", table, define(alone()), before[table].ingested_until, before[table].judged_until, 0
    )
    history.write([entry], git_sha="x")
    history.write([replace(entry, step="refine")], git_sha="x")
    assert history.latest()[table].unfinished == 0
    walked.refine()
    assert history.latest()[table].unfinished is None
