"""Streams of a protected table show what their principal sees, batch by batch; streams into one are as INSERT."""

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]
REFUSED = "is not possible on a table with a row filter or a column mask"


def _run(query):
    query.awaitTermination(60)
    assert query.exception() is None


def test_a_stream_and_its_batches_see_masked_values_and_visible_rows(spark, bob, rows, people, tmp_path):
    spark.sql("CREATE TABLE copy (id INT, name STRING, region STRING, pay INT)")
    batches = []

    def start(stream):
        return stream.option("checkpointLocation", str(tmp_path / "a")).trigger(availableNow=True)

    def read():
        return bob.readStream.table("people").where("1 / (pay - 778899) < 0")

    _run(start(read().writeStream).toTable("copy"))
    assert rows("SELECT * FROM copy") == [(1, "***", "DE", 10), (3, "***", "DE", 30)]
    spark.sql("INSERT INTO people VALUES (4, 'TOKENdan', 'DE', 40), (5, 'TOKENeve', 'TOKENfr', 778899)")
    _run(start(read().writeStream).toTable("copy"))
    assert rows("SELECT id, name FROM copy") == [(1, "***"), (3, "***"), (4, "***")]
    each = bob.readStream.table("people").writeStream.foreachBatch(
        lambda batch, _: batches.extend(tuple(row) for row in batch.collect())
    )
    _run(each.option("checkpointLocation", str(tmp_path / "b")).trigger(availableNow=True).start())
    assert sorted(batches) == [(1, "***", "DE", 10), (3, "***", "DE", 30), (4, "***", "DE", 40)]
    counted = bob.readStream.table("people").groupBy("name").count().writeStream.outputMode("complete")
    _run(
        counted.format("memory")
        .queryName("counted")
        .option("checkpointLocation", str(tmp_path / "c"))
        .trigger(availableNow=True)
        .start()
    )
    assert [tuple(row) for row in bob.table("counted").collect()] == [("***", 3)]


def test_a_stream_of_the_past_of_changes_or_of_a_path_is_refused(spark, bob, people, tmp_path):
    at = spark.sql("DESCRIBE DETAIL people").first().location
    ways = {
        "startingVersion": ("0", "a stream of its past"),
        "startingTimestamp": ("2020-01-01", "a stream of its past"),
        "readChangeFeed": ("true", "change data feed"),
    }
    reads = {
        key: (lambda key=key, value=value: bob.readStream.option(key, value).table("people"), message)
        for key, (value, message) in ways.items()
    }
    reads["path"] = (lambda: bob.readStream.format("delta").load(at), "by its path")
    for name, (read, message) in reads.items():
        with pytest.raises((PySparkException, Py4JJavaError)) as problem:
            read().writeStream.format("memory").queryName("m").option(
                "checkpointLocation", str(tmp_path / name)
            ).start()
        assert REFUSED in str(problem.value), name
        assert message in str(problem.value), name


def test_a_stream_into_a_protected_table_adds_raw_rows(  # noqa: PLR0917 - fixtures
    spark, bob, rows, seen, people, tmp_path
):
    spark.sql("CREATE TABLE source AS SELECT 9 AS id, 'TOKENzoe' AS name, 'DE' AS region, 1 AS pay")
    stream = bob.readStream.table("source").writeStream.option("checkpointLocation", str(tmp_path / "w"))
    _run(stream.trigger(availableNow=True).toTable("people"))
    assert (9, "TOKENzoe", "DE", 1) in rows("SELECT * FROM people")
    assert (9, "***", "DE", 1) in seen("SELECT * FROM people")


def test_a_stream_ends_when_a_policy_changes(spark, bob, people, tmp_path):
    seen = []
    stream = bob.readStream.table("people").writeStream.foreachBatch(
        lambda batch, _: seen.extend(batch.collect())
    )
    query = stream.option("checkpointLocation", str(tmp_path / "e")).start()
    query.processAllAvailable()
    spark.sql("CREATE OR REPLACE FUNCTION hide(n STRING) RETURNS STRING RETURN '?'")
    spark.sql("INSERT INTO people VALUES (7, 'TOKENgil', 'DE', 1)")
    with pytest.raises((PySparkException, Py4JJavaError)) as problem:
        query.processAllAvailable()
    assert "LAKEWRIGHT_POLICY_CHANGED" in str(problem.value)
    assert {row.name for row in seen} == {"***"}


def test_a_stream_that_is_older_than_a_policy_ends(spark, bob, people, tmp_path):
    spark.sql("CREATE TABLE source AS SELECT 1 AS id, 'TOKEN' AS name")
    seen = []
    stream = bob.readStream.table("source").writeStream.foreachBatch(
        lambda batch, _: seen.extend(batch.collect())
    )
    query = stream.option("checkpointLocation", str(tmp_path / "o")).start()
    query.processAllAvailable()
    spark.sql("ALTER TABLE source ALTER COLUMN name SET MASK hide")
    spark.sql("INSERT INTO source VALUES (2, 'TOKEN')")
    with pytest.raises((PySparkException, Py4JJavaError)) as problem:
        query.processAllAvailable()
    assert "LAKEWRIGHT_POLICY_CHANGED" in str(problem.value)
    assert [row.id for row in seen] == [1]
