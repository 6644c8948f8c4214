"""Raw text is read without an error, whatever it holds; test data derives from the source."""

import pytest
from shop import ORDERS, RAW

from databricks_utils.medallion import Raw
from databricks_utils.testing import delivered_records, first_records, write_drop

pytestmark = pytest.mark.integration


def test_what_is_missing_or_unreadable_becomes_null(spark):
    values = [" 7 ", "", "  ", "NA", None, "seven", "7.5", "99999999999"]
    frame = delivered_records(spark, ORDERS, *({"number": value} for value in values))
    read = frame.select(
        RAW.text("number").alias("t"), RAW.whole("number").alias("w"), RAW.decimal("number").alias("d")
    )
    rows = [tuple(row) for row in read.collect()]
    assert [row[0] for row in rows] == ["7", None, None, None, None, "seven", "7.5", "99999999999"]
    assert [row[1] for row in rows] == [7, None, None, None, None, None, None, None]
    assert [row[2] for row in rows] == [7.0, None, None, None, None, None, 7.5, 99999999999.0]
    whole, decimal = RAW.rules(whole=["number"], decimal=["number"])
    assert (whole.name, decimal.name) == ("number_is_a_whole_number", "number_is_a_number")
    holds = frame.select(whole.holds(), decimal.holds()).collect()
    assert [row[0] for row in holds] == [True] * 5 + [False, False, False]
    assert [row[1] for row in holds] == [True] * 5 + [False, True, True]
    assert frame.select(Raw().text("number")).collect()[3][0] == "NA"


def test_dates_and_timestamps_are_read(spark):
    values = ["2024-02-29", "2023-02-29", "NA"]
    frame = delivered_records(spark, ORDERS, *({"number": value} for value in values))
    read = frame.select(RAW.date("number").cast("string"), RAW.timestamp("number").isNotNull())
    assert [tuple(row) for row in read.collect()] == [("2024-02-29", True), (None, False), (None, False)]


def test_the_first_records_of_samples_have_the_sources_columns(tmp_path):
    assert first_records(tmp_path, ORDERS) == []
    for name in ("b.csv", "a.csv.gz"):
        write_drop(
            tmp_path / "orders" / name, ["Number", "customer"], [{"Number": name[0], "customer": 'x,"y"'}]
        )
    assert first_records(tmp_path, ORDERS, rows=5) == [
        {"number": "a", "customer": 'x,"y"'},
        {"number": "b", "customer": 'x,"y"'},
    ]
