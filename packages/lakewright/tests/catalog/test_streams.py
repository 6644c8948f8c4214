"""Structured Streaming from and to tables with three-level names."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]


def run(writer, target, checkpoint):
    query = writer.option("checkpointLocation", str(checkpoint)).trigger(availableNow=True).toTable(target)
    assert query.awaitTermination(120)
    assert query.exception() is None


@pytest.mark.over_connect
def test_a_stream_reads_a_table_and_writes_another_exactly_once(spark, schema, tmp_path):
    spark.range(3).write.saveAsTable(f"{schema}.source")
    for expected in (3, 3):
        run(
            spark.readStream.table(f"{schema}.source").writeStream,
            f"{schema}.target",
            tmp_path / "checkpoint",
        )
        assert spark.table(f"{schema}.target").count() == expected
    spark.range(3, 5).write.mode("append").saveAsTable(f"{schema}.source")
    run(spark.readStream.table(f"{schema}.source").writeStream, f"{schema}.target", tmp_path / "checkpoint")
    assert spark.table(f"{schema}.target").count() == 5


def test_a_stream_of_changes_is_read(spark, schema, tmp_path):
    spark.sql(f"CREATE TABLE {schema}.source (id BIGINT) TBLPROPERTIES (delta.enableChangeDataFeed = true)")
    spark.sql(f"INSERT INTO {schema}.source VALUES (1)")
    spark.sql(f"DELETE FROM {schema}.source WHERE id = 1")
    feed = (
        spark.readStream.option("readChangeFeed", "true")
        .option("startingVersion", 0)
        .table(f"{schema}.source")
    )
    run(feed.select("id", "_change_type").writeStream, f"{schema}.target", tmp_path / "checkpoint")
    assert sorted(row._change_type for row in spark.table(f"{schema}.target").collect()) == [
        "delete",
        "insert",
    ]


def test_each_batch_of_a_stream_may_merge_into_a_table(spark, schema, tmp_path):
    spark.range(3).write.saveAsTable(f"{schema}.source")
    spark.sql(f"CREATE TABLE {schema}.target (id BIGINT)")

    def merge(batch, _):
        batch.createOrReplaceTempView("batch")
        batch.sparkSession.sql(
            f"MERGE INTO {schema}.target t USING batch s ON t.id = s.id WHEN NOT MATCHED THEN INSERT *"
        )

    writer = spark.readStream.table(f"{schema}.source").writeStream.foreachBatch(merge)
    query = writer.option("checkpointLocation", str(tmp_path / "c")).trigger(availableNow=True).start()
    assert query.awaitTermination(120)
    assert query.exception() is None
    assert spark.table(f"{schema}.target").count() == 3
