"""The statements that change, describe and maintain a table."""

import pytest

pytestmark = pytest.mark.integration

MAPPED = "ALTER TABLE {t} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
DEFAULTS = "ALTER TABLE {t} SET TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"
FEED = "ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')"
TABLE, PARTITIONED = "a table", "a partitioned table"


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
    ],
)
def test_a_statement_leaves_what_it_leaves_in_deltas_own_catalog(compare, before, action):
    compare(before, action)
