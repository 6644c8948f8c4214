"""A MERGE that knows the bounds of its keys reads only the files that may hold them."""

import pytest

from databricks_utils.catalog.key_bounds import key_bounds
from databricks_utils.catalog.tables import merge_latest

pytestmark = pytest.mark.integration
DAY, MOMENT = "DATE'2024-01-0{}'", "TIMESTAMP'2024-01-0{}T06:00:00.000001Z'"


@pytest.fixture
def days(spark):
    """Return a function that makes one row for each day of January: keys of several types, and a version."""

    def make(*days, version=1):
        columns = "number bigint, day date, at timestamp, text string, version int, value int"
        values = [
            f"({day}, {DAY.format(day)}, {MOMENT.format(day)}, 'k', {version}, {version})" for day in days
        ]
        return spark.sql(f"SELECT * FROM VALUES {', '.join(values)}").toDF(
            *spark.createDataFrame([], columns).columns
        )

    return make


def test_the_bounds_name_each_date_moment_and_number_as_literals(days):
    rows = days(3, 2, 5)
    assert key_bounds(rows, ["day"]) == "t.`day` BETWEEN DATE'2024-01-02' AND DATE'2024-01-05'"
    assert key_bounds(rows, ["number", "text"]) == "t.`number` BETWEEN 2 AND 5"
    assert key_bounds(rows, ["at"]) == (
        "t.`at` BETWEEN TIMESTAMP'2024-01-02T06:00:00.000001+00:00' AND TIMESTAMP'2024-01-05T06:00:00.000001+00:00'"
    )
    assert key_bounds(rows, ["day", "number"]).count("BETWEEN") == 2


def test_texts_have_no_bounds_and_without_rows_there_is_nothing_to_merge(days):
    assert key_bounds(days(1), ["text"]) == ""
    assert key_bounds(days(1).where("false"), ["day"]) is None


@pytest.mark.parametrize("year", ["10000", "0001", "-0004"])
def test_a_date_that_python_does_not_know_is_a_bound_and_such_a_moment_is_none(spark, year):
    rows = spark.sql(f"SELECT DATE'{year}-01-01' AS day, TIMESTAMP'{year}-01-02T00:00:00Z' AS at")
    found = key_bounds(rows, ["day", "at"])
    assert "t.`day`" in found
    assert ("t.`at`" in found) == (year == "0001")
    rows.createOrReplaceTempView("t")
    assert spark.sql(f"SELECT count(*) FROM t WHERE {found}").collect()[0][0] == 1


def test_a_merge_with_bounds_updates_and_adds_as_one_without(spark, catalog, days):
    tables = [catalog.table_name("silver", name) for name in ("bounded", "unbounded")]
    keys, version = ("day", "number", "at"), ("version",)
    for table in tables:
        days(1).write.saveAsTable(table)
        days(2, 3).write.mode("append").saveAsTable(table)
        new = days(3, 4, version=2)
        within = key_bounds(new, keys) if table == tables[0] else ""
        merge_latest(new, table, keys=keys, version=version, within=within)
        assert sorted(tuple(row) for row in spark.table(table).select("number", "value").collect()) == [
            (1, 1), (2, 1), (3, 2), (4, 2),
        ]  # fmt: skip
    bounded = spark.table(tables[0]).alias("t").where(key_bounds(days(1), keys))
    assert len(bounded.inputFiles()) == 1 < len(spark.table(tables[0]).inputFiles())
