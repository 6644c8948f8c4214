"""The statements that change, describe and maintain a table."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

MAPPED = "ALTER TABLE {t} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
DEFAULTS = "ALTER TABLE {t} SET TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"
FEED = "ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')"
TABLE, PARTITIONED, EXTERNAL = "a table", "a partitioned table", "an external table"
NOT_CHECKED = "spark.databricks.delta.retentionDurationCheck.enabled"


def answer(statement, *columns):
    """Compare some columns of a statement's answer."""

    def action(spark, side):
        return tuple(repr(tuple(row)) for row in spark.sql(side.text(statement)).select(*columns).collect())

    return action


def vacuum(clause):
    """Compare how many rows VACUUM answers and how many files it leaves, once nothing is kept for its age."""

    def action(spark, side):
        spark.sql(side.text("DELETE FROM {t} WHERE a = 1"))
        spark.conf.set(NOT_CHECKED, "false")
        try:
            answered = spark.sql(side.text("VACUUM {t} " + clause)).count()
        finally:
            spark.conf.unset(NOT_CHECKED)
        place = spark.sql(side.text("DESCRIBE DETAIL {t}")).collect()[0].location.removeprefix("file:")
        return answered, len(list(Path(place).rglob("*.parquet")))

    return action


def convert(spark, side):
    """Turn files into a table by their path, from a schema of the catalog that is compared."""
    spark.sql(f"USE {side.t.rpartition('.')[0]}")
    try:
        spark.range(2).write.parquet(side.place)
        spark.sql(f"CONVERT TO DELTA parquet.`{side.place}`")
        spark.sql(side.text("CREATE TABLE {t} LOCATION '{place}'"))
    finally:
        spark.sql("USE spark_catalog.default")


def restore_by_time(spark, side):
    """Go back to the time of the first version."""
    first = spark.sql(side.text("DESCRIBE HISTORY {t}")).collect()[-1].timestamp
    spark.sql(side.text("DELETE FROM {t}"))
    spark.sql(side.text(f"RESTORE {{t}} TIMESTAMP AS OF '{first}'"))


@pytest.mark.parametrize(
    ("before", "action"),
    [
        (TABLE, "ALTER TABLE {t} ADD COLUMNS (n INT COMMENT 'c' AFTER a, s STRUCT<b: INT>)"),
        (TABLE, (MAPPED, "ALTER TABLE {t} RENAME COLUMN p TO q", "ALTER TABLE {t} DROP COLUMN a")),
        (TABLE, ("ALTER TABLE {t} ALTER COLUMN a COMMENT 'c'", "ALTER TABLE {t} ALTER COLUMN p FIRST")),
        (TABLE, ("ALTER TABLE {t} ALTER COLUMN a SET NOT NULL", "INSERT INTO {t} VALUES (NULL, 'z')")),
        (
            TABLE,
            (DEFAULTS, "ALTER TABLE {t} ALTER COLUMN p SET DEFAULT 'd'", "INSERT INTO {t} (a) VALUES (3)"),
        ),
        (
            TABLE,
            (
                "ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
                "ALTER TABLE {t} ALTER COLUMN a TYPE BIGINT",
            ),
        ),
        (TABLE, "ALTER TABLE {t} REPLACE COLUMNS (a INT, p STRING, n INT)"),
        (TABLE, ("ALTER TABLE {t} SET TBLPROPERTIES (n = '2')", "ALTER TABLE {t} UNSET TBLPROPERTIES (k)")),
        (TABLE, ("ALTER TABLE {t} CLUSTER BY (a)", "OPTIMIZE {t}", "ALTER TABLE {t} CLUSTER BY NONE")),
        (TABLE, ("ALTER TABLE {t} ADD CONSTRAINT c CHECK (a > 0)", "INSERT INTO {t} VALUES (0, 'z')")),
        (
            TABLE,
            ("ALTER TABLE {t} ADD CONSTRAINT c CHECK (a > 0)", "ALTER TABLE {t} DROP CONSTRAINT IF EXISTS c"),
        ),
        (TABLE, "ALTER TABLE {t} DROP CONSTRAINT nothing"),
        (TABLE, (FEED, "ALTER TABLE {t} DROP FEATURE changeDataFeed")),
        (TABLE, "COMMENT ON TABLE {t} IS 'w'"),
        (TABLE, ("DELETE FROM {t} WHERE a = 1", "RESTORE TABLE {t} TO VERSION AS OF 0")),
        (TABLE, ("UPDATE {t} SET p = 'z' WHERE a = 1", "SELECT * FROM {t} VERSION AS OF 0")),
        (
            PARTITIONED,
            ("OPTIMIZE {t} WHERE p = 'x'", "OPTIMIZE {t} ZORDER BY (a)", "SELECT count(*) FROM {t}"),
        ),
        (TABLE, ("DELETE FROM {t} WHERE a = 1", "REORG TABLE {t} APPLY (PURGE)", "SELECT count(*) FROM {t}")),
        (TABLE, ("TRUNCATE TABLE {t}", "SELECT count(*) FROM {t}")),
        (TABLE, "GENERATE symlink_format_manifest FOR TABLE {t}"),
        (
            TABLE,
            (FEED, "INSERT INTO {t} VALUES (3, 'z')", "SELECT a, _change_type FROM table_changes('{t}', 2)"),
        ),
        (TABLE, "INSERT INTO {t} BY NAME SELECT 'z' AS p, 3 AS a"),
        (TABLE, "INSERT INTO {t} REPLACE WHERE a = 1 SELECT 1, 'z'"),
        (PARTITIONED, "INSERT OVERWRITE {t} PARTITION (p = 'x') VALUES (9)"),
        (PARTITIONED, "INSERT OVERWRITE {t} VALUES (9, 'x')"),
        (
            TABLE,
            "MERGE WITH SCHEMA EVOLUTION INTO {t} t USING (SELECT 1 AS a, 'z' AS p, 5 AS n) s ON t.a = s.a "
            "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED BY SOURCE THEN DELETE",
        ),
        (PARTITIONED, "SHOW PARTITIONS {t}"),
        (TABLE, "DESCRIBE {t}"),
        (TABLE, "SHOW TBLPROPERTIES {t}"),
        (TABLE, "SHOW COLUMNS IN {t}"),
        (TABLE, "ALTER TABLE {t} ADD PARTITION (p = 'z')"),
        (TABLE, "ALTER TABLE {t} SET SERDEPROPERTIES ('a' = 'b')"),
        (TABLE, "MSCK REPAIR TABLE {t}"),
        (TABLE, "CACHE TABLE {t}"),
        (TABLE, "REFRESH TABLE {t}"),
        (TABLE, vacuum("")),
        (TABLE, "VACUUM {t} RETAIN 0 HOURS"),
        (TABLE, vacuum("RETAIN 0 HOURS")),
        (PARTITIONED, vacuum("RETAIN 0 HOURS DRY RUN")),
        (EXTERNAL, vacuum("FULL RETAIN 0 HOURS")),
        (TABLE, vacuum("LITE RETAIN 0 HOURS")),
        (TABLE, restore_by_time),
        (TABLE, ("DELETE FROM {t}", "RESTORE TABLE {t} TO VERSION AS OF 0")),
        (TABLE, "RESTORE TABLE {t} TO VERSION AS OF 7"),
        (
            TABLE,
            answer(
                "DESCRIBE HISTORY {t}",
                *("version", "operation", "readVersion", "isolationLevel", "isBlindAppend", "userMetadata"),
            ),
        ),
        (TABLE, answer("DESCRIBE HISTORY {t} LIMIT 1", "version", "map_keys(operationMetrics)")),
        (
            PARTITIONED,
            answer(
                "DESCRIBE DETAIL {t}",
                *(
                    "format",
                    "description",
                    "partitionColumns",
                    "clusteringColumns",
                    "numFiles",
                    "sizeInBytes",
                    "properties",
                ),
                *("minReaderVersion", "minWriterVersion", "tableFeatures"),
            ),
        ),
        (TABLE, "OPTIMIZE {t} FULL"),
        (TABLE, ("ALTER TABLE {t} CLUSTER BY (a)", "OPTIMIZE {t} FULL", "SELECT count(*) FROM {t}")),
        (TABLE, ("ALTER TABLE {t} CLUSTER BY (a)", "OPTIMIZE {t} ZORDER BY (a)")),
        (PARTITIONED, "OPTIMIZE {t} ZORDER BY (p)"),
        (PARTITIONED, "OPTIMIZE {t} WHERE a = 1"),
        (TABLE, "REORG TABLE {t} APPLY (UPGRADE UNIFORM (ICEBERG_COMPAT_VERSION=2))"),
        ("nothing", convert),
        (TABLE, "CONVERT TO DELTA {t}"),
    ],
)
def test_a_statement_leaves_what_it_leaves_in_deltas_own_catalog(compare, before, action):
    compare(before, action)
