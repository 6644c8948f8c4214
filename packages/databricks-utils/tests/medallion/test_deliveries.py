"""Which files of a landing folder are new, which deliveries count, and what is reported of files that bronze does not hold."""

from dataclasses import replace
from pathlib import Path

import pytest
from shop import ORDERS

from databricks_utils.medallion import Account, AccountingError
from databricks_utils.medallion.bronze.comparison import compare
from databricks_utils.medallion.bronze.deliveries import Deliveries, Delivery
from databricks_utils.medallion.bronze.landed import count_landed
from databricks_utils.medallion.landing.files import LandingFile, list_files
from databricks_utils.testing import write_drop

pytestmark = pytest.mark.unit
SECOND = 1_000_000
LISTED = 100 * SECOND
REGISTER = "c.s_ops.deliveries"


def file(name, *, size=10, modified=SECOND):
    return LandingFile(Path("/landing/orders") / name, size, modified, modified)


def load(name, content, ingested, *, records=2, rows=None, **recorded):
    known = {"size": 10, "modified": SECOND, "listed": LISTED, **recorded}
    return Delivery(name, content, ingested, records, records if rows is None else rows, **known)


def sorted_files(files, deliveries, contents):
    """Compare files whose contents are given by name; return names by what happens to them, and which files were read."""
    read = []

    def digest(path):
        read.append(path.name)
        return contents[path.name]

    found = compare(files, Deliveries(tuple(deliveries)), digest=digest)
    names = [drop.name for drop in found.new], [drop.name for drop, _ in found.repeated]
    return *names, [drop.name for drop, _ in found.known], read


def test_a_file_with_the_recorded_size_and_time_is_not_read_again():
    assert sorted_files([file("a.csv")], [load("a.csv", "A", 5)], {}) == ([], [], ["a.csv"], [])


@pytest.mark.parametrize(
    "change",
    [
        {"size": 11},
        {"modified": 2 * SECOND},
        {"modified": None, "size": None, "listed": None},  # bronze holds it, and no row was recorded
        {"listed": 2 * SECOND},  # it could have been written again within the clock's resolution
    ],
)
def test_a_file_of_another_size_or_time_is_read_and_known_by_its_content(change):
    again = sorted_files([file("a.csv")], [load("a.csv", "A", 5, **change)], {"a.csv": "A"})
    assert again == ([], [], ["a.csv"], ["a.csv"])


def test_another_content_under_a_known_name_is_new_also_if_it_was_there_before():
    history = [load("a.csv", "A", 5), load("a.csv", "B", 6), load("b.csv", "C", 7)]
    assert sorted_files([file("a.csv", size=9)], history, {"a.csv": "A"})[0] == ["a.csv"]
    assert sorted_files([file("a.csv", size=9)], history, {"a.csv": "C"})[0] == ["a.csv"]


def test_a_known_content_under_a_new_name_adds_nothing_now_and_later():
    one, copy = load("a.csv", "A", 5), replace(load("copy.csv", "A", 6), repeats="a.csv")
    assert sorted_files([file("copy.csv")], [one], {"copy.csv": "A"})[1] == ["copy.csv"]
    assert sorted_files([file("copy.csv")], [one, copy], {}) == ([], [], ["copy.csv"], [])
    twice = sorted_files([file("c.csv"), file("d.csv")], [one], {"c.csv": "C", "d.csv": "C"})
    assert twice[:2] == (["c.csv"], ["d.csv"])


def test_files_that_bronze_lost_are_new_again():
    dropped = [load("a.csv", "A", 5, rows=0), replace(load("copy.csv", "A", 6), repeats="a.csv")]
    files, contents = [file("a.csv"), file("copy.csv")], {"a.csv": "A", "copy.csv": "A"}
    assert sorted_files(files, dropped, contents)[:3] == (["a.csv"], [], ["copy.csv"])
    assert sorted_files(files[:1], [load("a.csv", "A", 5, rows=1)], contents)[0] == ["a.csv"]


def test_the_newest_delivery_of_a_file_counts():
    every = Deliveries(
        (load("a.csv", "A", 5), load("b.csv", "B", 6), load("a.csv", "C", 8), load("b.csv", "", 9, records=0))
    )
    assert [item.sha256 for item in every.superseded] == ["A", "B"]
    assert (every.newest, every.newest_rows) == (9, 8)
    assert every.replaced_after(6).since == {"a.csv": 8, "b.csv": 9}
    assert every.replaced_after(8).condition("t") == (
        "((t._source_file IN ('b.csv') AND t._ingested_at < timestamp_micros(9)))"
    )
    assert not every.replaced_after(9)


def test_what_bronze_holds_and_what_was_recorded_is_one_delivery():
    held = Delivery("a.csv", "A", 5, 2, 2)
    looks = [load("a.csv", "A", 5, rows=0, listed=LISTED), load("a.csv", "A", 5, rows=0, listed=2 * LISTED)]
    (one,) = Deliveries.of([held], looks).every
    assert (one.rows, one.listed) == (2, 2 * LISTED)
    assert not Deliveries.of([held], []).every[0].is_recorded


def counted(tmp_path, deliveries, *, listed=10**18):
    return count_landed(ORDERS, tmp_path / "orders", Deliveries(tuple(deliveries)), listed, REGISTER)


@pytest.fixture
def delivered(tmp_path):
    """The landing folder with one file of two records, and its load."""
    path = write_drop(tmp_path / "orders" / "o1.csv", ORDERS.columns, [{"number": "1"}, {"number": "2"}])
    (found,) = list_files(tmp_path, path.parent)
    return load("o1.csv", "x", 5, size=found.size, modified=found.modified, listed=10**18)


def balanced(landed):
    """The error of an account that is otherwise right; None if there is none."""
    silver = landed.bronze - landed.superseded
    account = Account("orders", landed.records, landed.bronze, silver, 0, 0, 0, landed.superseded, landed)
    try:
        account.balance()
    except AccountingError as error:
        return error
    return None


def test_a_landing_file_that_was_never_loaded_is_counted_and_named(tmp_path, delivered):
    assert balanced(counted(tmp_path, [delivered])) is None
    write_drop(tmp_path / "orders" / "o2.csv.gz", ORDERS.columns, [{"number": "3"}])
    landed = counted(tmp_path, [delivered])
    assert (landed.records, landed.bronze) == (3, 2)
    error = balanced(landed)
    assert error.summary == "accounting: 1 file of orders in the landing folder, not in bronze"
    assert error.detail == "o2.csv.gz: 1 record"
    assert error.fix.startswith("run the ingestion")
    (tmp_path / "orders" / "o2.csv.gz").write_bytes(b"half a gzip")
    assert "o2.csv.gz: is cut off or damaged" in balanced(counted(tmp_path, [delivered])).detail


def test_a_file_that_came_after_the_last_ingestion_waits(tmp_path, delivered):
    write_drop(tmp_path / "orders" / "o2.csv.gz", ORDERS.columns, [{"number": "3"}])
    landed = counted(tmp_path, [delivered], listed=5)
    assert (landed.records, landed.waiting, balanced(landed)) == (2, ("o2.csv.gz",), None)
    account = Account("orders", 2, 2, 2, 0, 0, 0, 0, landed)
    assert account.advice.endswith("by the next one: o2.csv.gz")


def test_a_file_that_was_removed_after_it_was_loaded_stays_counted(tmp_path, delivered):
    (tmp_path / "orders" / "o1.csv").unlink()
    landed = counted(tmp_path, [delivered])
    assert (landed.records, balanced(landed)) == (2, None)


def test_records_that_bronze_lost_are_named_with_the_way_back(tmp_path, delivered):
    dropped = [replace(delivered, rows=0)]
    assert "run the ingestion" in balanced(counted(tmp_path, dropped)).fix
    (tmp_path / "orders" / "o1.csv").unlink()
    error = balanced(counted(tmp_path, dropped))
    assert error.summary == "accounting: bronze lacks the records of 1 file of orders that were loaded"
    assert error.detail == "o1.csv: 2 records, 0 in bronze"
    assert f"DELETE FROM {REGISTER} WHERE source = 'orders' AND file IN ('o1.csv')" in error.fix


def test_bronze_that_was_loaded_again_balances(tmp_path, delivered):
    again = replace(delivered, ingested=9)
    landed = counted(tmp_path, [replace(delivered, rows=0), again])
    assert (landed.records, landed.bronze, landed.superseded, balanced(landed)) == (2, 2, 0, None)


def test_a_delivery_that_was_replaced_counts_as_far_as_bronze_holds_it(tmp_path, delivered):
    landed = counted(tmp_path, [load("o1.csv", "old", 3, records=5), delivered])
    assert (landed.records, landed.bronze, landed.superseded, balanced(landed)) == (7, 7, 5, None)
