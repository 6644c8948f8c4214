"""From landing to silver on real Delta: no record is lost or duplicated, whatever is delivered and wherever a step stops."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from shop import ORDERS, alone, customers, nothing_of, orders

from databricks_utils.catalog.history import last_write, table_version
from databricks_utils.medallion import (
    AccountingError,
    BronzeMismatchError,
    LandingFileError,
    LandingProblemsError,
    LeftOutError,
)
from databricks_utils.medallion.bronze import finding
from databricks_utils.medallion.bronze import ingestion as step
from databricks_utils.medallion.silver import refinement
from databricks_utils.medallion.silver.checked import between
from databricks_utils.medallion.silver.refinement import Refinement
from databricks_utils.quality import QuarantineShareError

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]
ORDER = {"number": "2", "customer": "ann", "amount": "5"}


def test_the_same_files_again_add_nothing_and_a_file_delivered_anew_updates(walked):
    first = walked.account()
    original = (walked.context.landing / "orders" / "o1.csv.gz").read_bytes()
    (walked.context.landing / "orders" / "copy.csv.gz").write_bytes(original)
    walked.walk()
    assert walked.account() == first
    # The same name with other content: a correction, and the same record again in another file.
    corrected = {"number": "1", "customer": "ann", "amount": "11"}
    walked.deliver("orders", "o1", corrected)
    walked.deliver("orders", "o2", corrected, ORDER)
    walked.walk()
    later = walked.account()
    assert (later.landed, later.silver, later.updated, later.duplicates, later.superseded) == (4, 2, 0, 1, 1)
    assert walked.rows("silver", columns="order_number;amount_eur") == [(1, 11.0), (2, 5.0)]
    # The correction is taken back: the first content, which is known, under the name that had another one since.
    (walked.context.landing / "orders" / "o1.csv.gz").write_bytes(original)
    walked.walk()
    back = walked.account()
    assert (back.landed, back.silver, back.updated, back.duplicates, back.superseded) == (5, 2, 1, 0, 2)
    assert walked.rows("silver", columns="order_number;amount_eur") == [(1, 10.0), (2, 5.0)]
    done = walked.walk()
    assert walked.account() == back
    assert (done.judged, done.advice) == (0, "")


def test_a_source_that_never_delivered_gets_an_empty_table_and_names_the_place(walked):
    medallion = walked.medallion(customers(), orders())
    ingested = {item.source: item for item in medallion.ingest()}
    customer = ingested["customers"]
    assert (customer.files, customer.known, customer.records) == (0, 0, 0)
    assert f"deliver `.csv` or `.csv.gz` files to {walked.context.landing}/customers" in customer.advice
    assert walked.spark.table(customer.table).count() == 0
    assert (ingested["orders"].known, ingested["orders"].advice) == (1, "")
    (refined,) = walked.medallion(customers()).refine()
    assert (refined.judged, refined.quarantined) == (0, 0)
    for account in walked.medallion(customers()).account():
        account.balance()


def test_the_quarantine_limit_is_each_entitys_own_and_may_be_lifted_once(walked):
    strict = (alone(max_quarantined_share=0.4),)
    walked.deliver("orders", "o2", ORDER, {**ORDER, "number": "3", "amount": "-1"})
    with pytest.raises(QuarantineShareError, match=r"1 of 2 rows .* the limit is 40\.0%") as refusal:
        walked.walk(*strict)
    assert "accept_quarantined=orders" in refusal.value.fix
    assert (walked.rows("silver"), walked.rows("quarantine")) == ([1], [3])
    with pytest.raises(QuarantineShareError):
        walked.refine(*strict)
    walked.medallion(*strict).run("refine", accept_quarantined="orders")
    walked.refine(*strict)  # what was accepted stays accepted
    assert (walked.rows("silver"), walked.rows("quarantine")) == ([1, 2], [3])


def test_odd_headers_and_malformed_lines_are_kept(walked):
    odd = {
        "gate": "B2",
        "": "no name",
        "_corrupt_record": "not Spark's",
        "a`b.c": "backtick",
        "tail, wing": "text",
    }
    walked.deliver("orders", "o2", {**ORDER, **odd}, header=[*reversed(ORDERS.columns), *odd])
    walked.deliver("orders", "o3", {**ORDER, "number": "3", "customer": 'a "b", \\'}, "too,short")
    (ingested,) = walked.medallion().ingest()
    assert ingested.unknown_columns == tuple(sorted(odd))
    walked.refine()
    bronze = walked.spark.table(walked.context.table("bronze", "orders"))
    assert [json.loads(row["_extra"]) for row in bronze.where("number = '2'").collect()] == [odd]
    assert bronze.where("_corrupt_record = 'too,short'").count() == 1
    assert [row["customer"] for row in bronze.where("number = '3'").collect()] == ['a "b", \\']
    (row,) = walked.spark.table(walked.context.table("quarantine", "orders")).collect()
    assert "record_is_complete" in [failure["rule"] for failure in row["_failures"]]
    account = walked.account()
    assert (account.landed, account.quarantined) == (4, 1)


def test_one_bad_file_stops_the_ingestion_before_anything_is_written(shop):
    both = (customers(), orders())
    folder = shop.context.landing / "customers"
    folder.mkdir()
    whole = gzip.compress(b"id,country\n" + b"ann,NL\n" * 500)
    (folder / "cut.csv.gz").write_bytes(whole[:-15])
    with pytest.raises(LandingFileError, match=r"cut\.csv\.gz is cut off"):
        shop.walk(*both)
    assert all(
        shop.spark.table(shop.context.table("bronze", name)).isEmpty() for name in ("customers", "orders")
    )
    (folder / "empty.csv").write_bytes(b"")
    with pytest.raises(LandingProblemsError, match="2 files cannot be loaded"):
        shop.medallion(*both).ingest()
    (folder / "empty.csv").unlink()
    (folder / "cut.csv.gz").write_bytes(gzip.compress(b"id,country\nann,NL\n"))
    # Each step may be a task of its own.
    medallion = shop.medallion(*both)
    assert [item.source for item in medallion.ingest(only=("customers",))] == ["customers"]
    medallion.refine(only=("customers",))
    medallion.ingest(only=("orders",))
    (refined,) = medallion.refine(only=("orders",))
    assert (refined.entity, refined.judged, shop.rows("silver")) == ("orders", 1, [1])


def test_a_crash_between_checked_and_silver_loses_and_doubles_nothing(walked, monkeypatch):
    walked.deliver("orders", "o2", ORDER, {**ORDER, "number": "3", "amount": "-1"})
    with monkeypatch.context() as crash:
        crash.setattr(Refinement, "_merge", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            walked.walk()
    walked.refine()
    account = walked.account()
    assert (account.silver, account.quarantined) == (2, 1)
    # A row that goes missing is noticed.
    walked.spark.sql(f"DELETE FROM {walked.context.table('silver', 'orders')} WHERE order_number = 2")
    with pytest.raises(AccountingError, match="do not add up"):
        walked.account()
    walked.medallion().rebuild()
    assert walked.account().silver == 2


def test_a_crash_before_progress_is_written_repeats_the_merge_and_changes_nothing(walked, monkeypatch):
    walked.deliver("orders", "o2", ORDER)
    with monkeypatch.context() as crash:
        crash.setattr("databricks_utils.medallion.silver.progress.ProgressTable.write", lambda *_, **__: None)
        walked.walk()
    walked.refine()
    assert walked.rows("silver") == [1, 2]
    walked.account()


def test_an_append_that_saw_an_older_table_doubles_nothing(walked):
    # As after a kill: the statement of the killed run lives on, and lands after the next run has looked.
    walked.deliver("orders", "o2", ORDER)
    outdated = step.find_new_files(walked.spark, walked.context, [ORDERS])
    walked.medallion().ingest()
    before = walked.spark.table(walked.context.table("bronze", "orders")).count()
    # A commit of another kind, such as an OPTIMIZE of the platform's own, must not let it through.
    walked.spark.sql(f"ALTER TABLE {outdated[0].table} SET TBLPROPERTIES ('note' = 'x')")
    step.load(walked.spark, outdated, now=datetime.now(UTC))
    assert walked.spark.table(walked.context.table("bronze", "orders")).count() == before


def test_a_history_is_read_only_after_a_write_was_refused_because_newer_rows_were_deleted(
    walked, monkeypatch
):
    asked = []

    def counted(spark, name):
        asked.append(name)
        return last_write(spark, name)

    for module in (finding, refinement):
        monkeypatch.setattr(module, "last_write", counted)
    walked.deliver("orders", "o2", ORDER)
    walked.walk()
    assert (asked, walked.rows("silver")) == ([], [1, 2])
    checked = walked.context.table("silver", "orders_checked")
    walked.spark.sql(f"DELETE FROM {checked} WHERE order_number = 2").collect()
    walked.deliver("orders", "o3", {**ORDER, "number": "3"})
    walked.walk()
    assert (asked, walked.rows("silver")) == ([checked], [1, 2, 3])
    assert walked.account().bronze == 3


def test_a_file_that_changes_while_it_is_read_is_loaded_by_the_next_ingestion(walked):
    walked.deliver("orders", "o2", ORDER)
    seen = step.find_new_files(walked.spark, walked.context, [ORDERS])
    walked.deliver("orders", "o2", ORDER, {**ORDER, "number": "3"})
    _, problems = step.load(walked.spark, seen, now=datetime.now(UTC))
    with pytest.raises(BronzeMismatchError, match="1 of the new files") as refusal:
        raise problems["orders"]
    assert "run the ingestion again" in refusal.value.fix
    walked.walk()
    assert walked.rows("silver") == [1, 2, 3]
    walked.account()


def test_a_function_that_leaves_records_out_is_named(shop):
    with pytest.raises(LeftOutError, match="the function that types `orders` left them out") as refusal:
        shop.walk(alone(read=nothing_of))
    assert refusal.value.location == "shop.nothing_of"


def test_a_load_that_left_a_file_out_is_reported(walked):
    second = walked.deliver("orders", "o2", ORDER)
    outdated = step.find_new_files(walked.spark, walked.context, [ORDERS])
    # Another ingestion, which did not see that file, appends meanwhile.
    aside = second.rename(walked.context.landing / "o2.csv.gz")
    walked.deliver("orders", "o3", {**ORDER, "number": "3"})
    walked.medallion().ingest()
    aside.rename(second)
    _, problems = step.load(walked.spark, outdated, now=datetime.now(UTC))
    with pytest.raises(BronzeMismatchError) as refusal:
        raise problems["orders"]
    assert "run the ingestion again" in refusal.value.fix
    walked.walk()
    assert walked.rows("silver") == [1, 2, 3]


def test_only_the_files_with_new_records_are_read(walked, monkeypatch):
    read = []

    def noting(df, *moments):
        rows = between(df, *moments)
        read.append((len(df.inputFiles()), len(rows.inputFiles())))
        return rows

    monkeypatch.setattr(refinement, "between", noting)
    walked.deliver("orders", "o2", ORDER)
    walked.walk()
    assert read == [(2, 1), (2, 1)], "of bronze, and of the checked table"
    assert walked.rows("silver", columns="order_number") == [1, 2]


def test_what_was_refused_as_a_whole_arrives_with_the_next_delivery(walked):
    strict = (alone(max_quarantined_share=0.4),)
    walked.deliver("orders", "o2", ORDER, {**ORDER, "number": "3", "amount": "-1"})
    with pytest.raises(QuarantineShareError):
        walked.walk(*strict)
    walked.deliver("orders", "o3", *({**ORDER, "number": str(number)} for number in range(4, 8)))
    walked.walk(*strict)
    assert (walked.rows("silver"), walked.rows("quarantine")) == ([1, 2, 4, 5, 6, 7], [3])
    walked.account(*strict)


def test_a_delivery_without_a_valid_record_leaves_silver_without_a_commit(walked):
    silver = walked.context.table("silver", "orders")
    before = table_version(walked.spark, silver)
    walked.deliver("orders", "o2", {**ORDER, "amount": "-1"})
    walked.walk()
    assert (table_version(walked.spark, silver), walked.rows("quarantine")) == (before, [2])
    walked.account()
