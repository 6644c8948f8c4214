"""Upkeep joins files, clusters and deletes what no version within the retention needs; no row changes, and steps rest again."""

import os
import time
from pathlib import Path

import pytest

from databricks_utils.catalog import ClusteringError
from databricks_utils.catalog.history import data_version
from databricks_utils.catalog.maintenance import maintain, maintain_table, project_tables
from databricks_utils.catalog.tables import append_rows, merge_latest, replace_table, replace_where
from databricks_utils.config import MaintenanceSection
from databricks_utils.steps import StepRegister, run_step, table_step

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]
RETENTION_HOURS = 200


@pytest.fixture
def notes(spark, catalog):
    """Make a table of three small files."""
    name = catalog.table_name("silver", "notes")
    spark.sql(f"CREATE TABLE {name} (key int, day date) USING DELTA")
    for key in range(3):
        append_rows(rows(spark, key), name)
    return name


def rows(spark, *keys):
    from pyspark.sql import functions as F

    # One partition: of an empty one, which a classic session may have, Delta leaves a file that is in no version.
    frame = spark.createDataFrame([(key,) for key in keys], "key int").coalesce(1)
    return frame.withColumn("day", F.expr("DATE'2024-01-01' + key"))


def files_on_disk(spark, table):
    location = spark.sql(f"DESCRIBE DETAIL {table}").collect()[0]["location"].removeprefix("file:")
    return {path for path in Path(location).rglob("*.parquet") if "_delta_log" not in path.parts}


def test_the_tables_of_a_project_are_maintained_and_a_second_time_there_is_nothing_to_do(
    spark, catalog, notes
):
    spark.sql(f"CREATE VIEW {catalog.table_name('gold', 'shown')} AS SELECT * FROM {notes}")
    spark.sql("CREATE SCHEMA IF NOT EXISTS local_analytics.foreign_silver")
    spark.sql("CREATE TABLE IF NOT EXISTS local_analytics.foreign_silver.notes (key int) USING DELTA")
    assert project_tables(spark, catalog) == (notes,)
    settings = MaintenanceSection(
        retention_hours=RETENTION_HOURS, cluster_by={"silver.notes": ("day",), "gold.typo": ("key",)}
    )
    version = data_version(spark, notes)
    first, second = (maintain(spark, catalog, settings) for _ in range(2))
    assert [(t.name, t.cluster_by, t.removed, t.added) for t in first.tables] == [(notes, ("day",), 3, 1)]
    assert first.missing == (catalog.table_name("gold", "typo").lower(),)
    assert f"{notes}: 3 files became 1, clustered by day" in str(first)
    assert "does not exist" in str(first)
    assert str(second).startswith(f"{notes}: no file to join")
    detail = spark.sql(f"DESCRIBE DETAIL {notes}").collect()[0]
    assert detail["properties"]["delta.deletedFileRetentionDuration"] == f"interval {RETENTION_HOURS} hours"
    assert (detail["numFiles"], detail["clusteringColumns"]) == (1, ["day"])
    assert sorted(row[0] for row in spark.table(notes).select("key").collect()) == [0, 1, 2]
    assert data_version(spark, notes) == version

    # Every kind of write goes on, also those that replace the table.
    append_rows(rows(spark, 3), notes)
    merge_latest(rows(spark, 3, 4), notes, keys=["key"], version=["day"])
    replace_where(rows(spark, 5), notes, "day >= DATE'2024-01-05'")
    assert sorted(row[0] for row in spark.table(notes).select("key").collect()) == [0, 1, 2, 3, 5]
    replace_table(rows(spark, 7), notes)
    assert maintain(spark, catalog, settings).tables[0].cluster_by == ("day",)
    assert [row[0] for row in spark.table(notes).select("key").collect()] == [7]


def test_only_files_that_no_version_needs_and_that_are_older_than_the_retention_are_deleted(spark, notes):
    before = files_on_disk(spark, notes)
    old, new = (
        next(iter(before)).with_name(f"left_by_a_killed_writer_{age}.parquet") for age in ("old", "new")
    )
    long_ago = time.time() - (RETENTION_HOURS + 24) * 3600
    for path in (old, new):
        path.write_bytes(next(iter(before)).read_bytes())
    for path in (old, *before):
        os.utime(path, (long_ago, long_ago))
    maintain_table(spark, notes, RETENTION_HOURS)
    held = files_on_disk(spark, notes)
    assert held >= before | {new}, "three small files were replaced a moment ago, however old they are"
    assert len(held) == len(before) + 2
    assert old not in held


def test_after_the_upkeep_a_step_works_once_more_and_then_rests(spark, context, notes):
    made = context.table("gold", "copied")
    step = table_step(spark, context, "copy", reads=[notes], writes=[made], code=[])

    def run():
        return run_step(
            StepRegister(spark, context), step, lambda: replace_table(spark.table(notes), made) or 1, int
        )

    assert not run().unchanged
    assert run().unchanged
    maintain_table(spark, notes, RETENTION_HOURS)
    assert run().reasons == (f"{notes} changed",)
    assert run().unchanged
    maintain_table(spark, notes, RETENTION_HOURS)
    assert run().unchanged, "an upkeep that finds nothing to do makes no commit"


def test_a_table_that_cannot_be_clustered_is_an_error_with_a_fix(spark, catalog, notes):
    with pytest.raises(ClusteringError, match="no column `month`") as refusal:
        maintain_table(spark, notes, RETENTION_HOURS, cluster_by=["month"])
    assert "maintenance.cluster_by" in refusal.value.fix
    parted = catalog.table_name("silver", "parted")
    spark.sql(f"CREATE TABLE {parted} (key int, day date) USING DELTA PARTITIONED BY (day)")
    with pytest.raises(ClusteringError, match="partitioned by day"):
        maintain_table(spark, parted, RETENTION_HOURS, cluster_by=["key"])
