"""CREATE, CREATE OR REPLACE and REPLACE TABLE under each state of the name."""

import pytest

pytestmark = pytest.mark.integration

IS_A_VIEW = {"error": ("TABLE_OR_VIEW_ALREADY_EXISTS", "DELTA_CANNOT_WRITE_INTO_VIEW")}
OTHER_PLACE = {"error": ("INVALID_PARAMETER_VALUE", "DELTA_TABLE_LOCATION_MISMATCH")}
NEW = (
    "CREATE OR REPLACE TABLE {t} (z INT NOT NULL COMMENT 'c', q STRING DEFAULT 'd') PARTITIONED BY (q) "
    "COMMENT 'w' TBLPROPERTIES (n = '2', delta.feature.allowColumnDefaults = 'supported')"
)
GENERATED = (
    "CREATE OR REPLACE TABLE {t} (g BIGINT GENERATED ALWAYS AS IDENTITY, at TIMESTAMP, "
    "day DATE GENERATED ALWAYS AS (CAST(at AS DATE)))",
    "INSERT INTO {t} (at) VALUES (TIMESTAMP '2024-05-06 07:08:09')",
)


@pytest.mark.parametrize(
    ("before", "action"),
    [
        ("a table", "CREATE OR REPLACE TABLE {t} (a INT, p STRING) TBLPROPERTIES (k = '1')"),
        ("a partitioned table", "CREATE OR REPLACE TABLE {t} (a INT, p STRING)"),
        ("an external table", "CREATE OR REPLACE TABLE {t} (a INT, p STRING) CLUSTER BY (a)"),
        ("an external table", "CREATE OR REPLACE TABLE {t} (z INT) LOCATION '{place}'"),
        ("nothing", NEW),
        ("a table", NEW),
        ("a partitioned table", GENERATED),
        ("a table", "CREATE OR REPLACE TABLE {t} USING delta"),
        ("a table", ("CREATE OR REPLACE TABLE {t} (z INT)", "CREATE OR REPLACE TABLE {t} (z INT)")),
        (
            "a table",
            ("CREATE OR REPLACE TABLE {t} (z INT) CLUSTER BY (z)", "CREATE OR REPLACE TABLE {t} (z INT)"),
        ),
        (
            "a partitioned table",
            "CREATE OR REPLACE TABLE {t} COMMENT 'w' TBLPROPERTIES (n = '2') AS SELECT 5 AS z",
        ),
        ("a table", "REPLACE TABLE {t} (z INT) PARTITIONED BY (z)"),
        ("a table", "REPLACE TABLE {t} PARTITIONED BY (q) AS SELECT 5 AS z, 'b' AS q"),
        ("nothing", "REPLACE TABLE {t} (z INT)"),
        ("a table", "CREATE TABLE {t} (z INT)"),
        ("a table", "CREATE TABLE IF NOT EXISTS {t} (z INT)"),
        ("a table", "CREATE TABLE IF NOT EXISTS {t} AS SELECT 5 AS z"),
        ("a view", "CREATE TABLE {t} AS SELECT 5 AS z"),
        ("a view", "CREATE TABLE IF NOT EXISTS {t} (z INT)"),
        ("a table", ("CREATE TABLE {u} LIKE {t}", "SELECT * FROM {u}")),
        ("a table", ("DROP TABLE {t}", "CREATE TABLE {t} (z INT)")),
    ],
)
def test_a_statement_leaves_what_it_leaves_in_deltas_own_catalog(compare, before, action):
    compare(before, action)


@pytest.mark.parametrize(
    ("before", "action", "differs"),
    [
        ("a view", "CREATE OR REPLACE TABLE {t} (z INT)", IS_A_VIEW),
        ("a view", "CREATE OR REPLACE TABLE {t} AS SELECT 5 AS z", IS_A_VIEW),
        (
            "a view",
            "REPLACE TABLE {t} (z INT)",
            {"error": ("TABLE_OR_VIEW_NOT_FOUND", "DELTA_CANNOT_WRITE_INTO_VIEW")},
        ),
        # Spark asks a catalog for tables alone, and only its session catalog counts views among them.
        (
            "a view",
            "CREATE TABLE IF NOT EXISTS {t} AS SELECT 5 AS z",
            {"error": ("TABLE_OR_VIEW_ALREADY_EXISTS", None)},
        ),
        ("a table", "CREATE OR REPLACE TABLE {t} (z INT) LOCATION '{place}'", OTHER_PLACE),
    ],
)
def test_a_refusal_differs_only_in_its_words(compare, before, action, differs):
    compare(before, action, differs)
