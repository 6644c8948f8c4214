"""A MERGE that knows the bounds of its keys reads only the files that may hold them."""

import pytest

from databricks_utils.catalog.key_bounds import key_bounds
from databricks_utils.catalog.tables import merge_latest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(5)]
DAY, MOMENT = "DATE'2024-01-0{}'", "TIMESTAMP'2024-01-0{}T06:00:00.000001Z'"


@pytest.fixture
def days(spark):
    """Return a function that makes one row for each day of January: keys of several types, and a version."""

    def make(*days, version=1):
        names = ["number", "day", "at", "text", "version", "value"]
        values = [
            f"({day}L, {DAY.format(day)}, {MOMENT.format(day)}, 'k', {version}, {version})" for day in days
        ]
        return spark.sql(f"SELECT * FROM VALUES {', '.join(values)}").toDF(*names)

    return make


def test_the_bounds_name_each_date_and_moment_as_literals(days):
    rows = days(3, 2, 5)
    assert key_bounds(rows, ["day"]) == "t.`day` BETWEEN DATE'2024-01-02' AND DATE'2024-01-05'"
    assert key_bounds(rows, ["at"]) == (
        "t.`at` BETWEEN TIMESTAMP'2024-01-02T06:00:00.000001+00:00' AND TIMESTAMP'2024-01-05T06:00:00.000001+00:00'"
    )
    assert key_bounds(rows, ["day", "text", "number"]) == (
        "t.`number` BETWEEN 2 AND 5 AND t.`day` BETWEEN DATE'2024-01-02' AND DATE'2024-01-05'"
    )


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("tinyint", "-128", "127"),
        ("smallint", "-32768", "32767"),
        ("int", "-2147483648", "2147483647"),
        ("bigint", "-9223372036854775808", "9223372036854775807"),
    ],
)
def test_a_number_of_each_type_is_within_its_bounds(spark, kind, first, last):
    rows = spark.sql(
        f"SELECT CAST(each AS {kind}) AS key FROM VALUES ('{last}'), ('0'), ('{first}') AS given(each)"
    )
    within = key_bounds(rows, ["key"])
    assert within == f"t.`key` BETWEEN {first} AND {last}"
    assert rows.alias("t").where(within).count() == 3


@pytest.mark.parametrize("kind", ["decimal(10,2)", "timestamp_ntz", "boolean", "double", "binary"])
def test_a_key_of_another_type_has_no_bounds(spark, kind):
    assert key_bounds(spark.sql(f"SELECT CAST(NULL AS {kind}) AS key"), ["key"]) == ""


def test_a_key_without_a_value_has_no_bounds_but_there_are_rows(spark):
    rows = spark.sql("SELECT CAST(NULL AS date) AS day, 4 AS number")
    assert key_bounds(rows, ["day", "number"]) == "t.`number` BETWEEN 4 AND 4"
    assert key_bounds(rows, ["day"]) == ""


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
