"""Writes that meet other writes: each is made once or refused, whatever another process commits in between."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from databricks_utils.catalog import ConcurrentWriteError
from databricks_utils.catalog.commits import committing
from databricks_utils.catalog.history import data_version, last_write
from databricks_utils.catalog.tables import (
    append_once,
    ensure_table,
    merge_latest,
    replace_once,
)

SCHEMA = "key int, version int, text string"


@pytest.fixture
def table(spark, catalog):
    name = catalog.table_name("silver", "notes")
    ensure_table(spark, name, spark.createDataFrame([], SCHEMA).schema, comment="Notes")
    return name


@pytest.fixture
def notes(spark):
    return lambda *rows: spark.createDataFrame(list(rows), SCHEMA)


def rows_of(spark, table):
    return sorted(tuple(row) for row in spark.table(table).select("key", "version", "text").collect())


@pytest.mark.integration
def test_only_one_of_two_appends_that_read_the_same_state_succeeds(spark, table, notes):
    with ThreadPoolExecutor(2) as pool:
        attempts = list(
            pool.map(lambda text: append_once(notes((1, 1, text)), table, state=0), ["one", "two"])
        )
    made = [attempt.succeeded() for attempt in attempts]
    assert sorted(made) == [False, True]
    assert rows_of(spark, table) == [(1, 1, ["one", "two"][made.index(True)])]
    assert last_write(spark, table) == 1
    assert append_once(notes((2, 1, "next")), table, state=1).succeeded()
    assert last_write(spark, table) == 2


@pytest.mark.integration
def test_commits_of_another_kind_neither_stop_a_write_nor_let_an_outdated_one_through(spark, table, notes):
    append_once(notes((1, 1, "first")), table, state=0)
    data = data_version(spark, table)
    spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ('note' = 'x')")
    append_once(notes((2, 1, "second")), table, state=1)
    assert data_version(spark, table) == data + 2
    spark.sql(f"OPTIMIZE {table}").collect()
    spark.sql(f"ALTER TABLE {table} ADD COLUMNS (late int)")
    assert data_version(spark, table) == data + 2
    assert last_write(spark, table) == 2
    assert not append_once(notes((3, 1, "outdated")), table, state=1).succeeded()
    assert not replace_once(notes((3, 1, "outdated")), table, state=1, where="key > 0").succeeded()
    assert replace_once(notes((1, 2, "again")), table, state=2, where="key = 1").succeeded()
    assert rows_of(spark, table) == [(1, 2, "again"), (2, 1, "second")]


@pytest.mark.integration
def test_rows_that_were_deleted_do_not_bring_a_number_back(spark, table, notes):
    append_once(notes((1, 7, "first")), table, state=6)
    spark.sql(f"DELETE FROM {table}").collect()
    assert last_write(spark, table) == 7
    assert data_version(spark, table) == 2
    assert not append_once(notes((1, 7, "a killed process")), table, state=6).succeeded()
    assert rows_of(spark, table) == []
    assert append_once(notes((1, 8, "new")), table, state=7).succeeded()


@pytest.mark.integration
def test_a_table_made_anew_remembers_what_was_written_before(spark, table, notes):
    append_once(notes((1, 1, "first")), table, state=0)
    assert replace_once(notes((1, 2, "replaced")).drop("text"), table, state=4).succeeded()
    assert spark.table(table).columns == ["key", "version"]
    assert not append_once(notes((2, 1, "outdated")).drop("text"), table, state=3).succeeded()
    assert last_write(spark, table) == 5


@pytest.mark.integration
def test_a_merge_keeps_newer_versions(spark, table, notes):
    append_once(notes((1, 5, "newer"), (2, 1, "older"), (3, 1, "kept")), table, state=0)
    merge_latest(
        notes((1, 4, "late"), (2, 2, "new"), (4, 1, "added")), table, keys=["key"], version=["version"]
    )
    assert rows_of(spark, table) == [(1, 5, "newer"), (2, 2, "new"), (3, 1, "kept"), (4, 1, "added")]


@pytest.mark.integration
def test_a_table_that_exists_gets_the_columns_that_it_lacks(spark, table, notes):
    append_once(notes((1, 1, "first")), table, state=0)
    wider = spark.createDataFrame([], f"added boolean, {SCHEMA}").schema
    for _ in range(2):
        ensure_table(spark, table, wider, comment="Other notes")
    assert spark.table(table).columns == ["key", "version", "text", "added"]
    assert rows_of(spark, table) == [(1, 1, "first")]


@pytest.mark.integration  # it needs the errors of Spark, though no session
@pytest.mark.parametrize(
    "message",
    [
        "[DELTA_CONCURRENT_APPEND] Files were added to the root of the table",
        "io.delta.exceptions.ConcurrentDeleteReadException: This transaction attempted to read files",
        "[DELTA_METADATA_CHANGED] The metadata of the Delta table has been changed",
    ],
)
def test_a_conflict_of_delta_is_an_error_that_says_what_to_do(message):
    from pyspark.errors import PySparkException

    refused = r"c\.s\.t was written by another process"
    with pytest.raises(ConcurrentWriteError, match=refused) as refusal, committing("c.s.t"):
        raise PySparkException(message)
    assert "run the step again" in refusal.value.fix
    with pytest.raises(PySparkException, match="something else"), committing("c.s.t"):
        raise PySparkException("something else")
