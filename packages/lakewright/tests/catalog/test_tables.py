"""Managed tables: CREATE, CREATE AS SELECT, CREATE OR REPLACE and DROP, with their data."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]


@pytest.mark.over_connect
def test_a_managed_table_is_created_filled_and_dropped_with_its_data(spark, schema, rows, lakehouse):
    before = set((lakehouse / "tables").glob("*"))
    spark.sql(f"CREATE TABLE {schema}.t (id BIGINT NOT NULL, name STRING COMMENT 'n') COMMENT 'things'")
    spark.sql(f"INSERT INTO {schema}.t VALUES (1, 'a')")
    assert rows(f"SELECT * FROM {schema}.t") == [(1, "a")]
    assert rows(f"SHOW COLUMNS IN {schema}.t") == [("id",), ("name",)]
    spark.sql(f"DROP TABLE {schema}.t")
    assert set((lakehouse / "tables").glob("*")) == before
    assert not spark.catalog.tableExists(f"{schema}.t")


@pytest.mark.over_connect
def test_create_table_as_select_and_replacing_it_keep_the_history(spark, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    spark.sql(f"CREATE OR REPLACE TABLE {schema}.t AS SELECT 2 AS x, 3 AS y")
    spark.sql(f"REPLACE TABLE {schema}.t (z INT)")
    assert rows(f"SELECT * FROM {schema}.t VERSION AS OF 1") == [(2, 3)]
    assert spark.table(f"{schema}.t").columns == ["z"]


def test_create_or_replace_creates_a_missing_table_and_replace_does_not(spark, schema, rows, refused):
    spark.sql(f"CREATE OR REPLACE TABLE {schema}.t (x INT)")
    assert rows(f"SELECT * FROM {schema}.t") == []
    assert "cannot be found" in refused(f"REPLACE TABLE {schema}.missing AS SELECT 1 AS x")


def test_creating_a_table_twice_is_refused_without_if_not_exists(spark, schema, refused, rows):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    for statement in (f"CREATE TABLE {schema}.t (x INT)", f"CREATE TABLE {schema}.t AS SELECT 2 AS x"):
        assert "TABLE_OR_VIEW_ALREADY_EXISTS" in refused(statement)
    spark.sql(f"CREATE TABLE IF NOT EXISTS {schema}.t AS SELECT 3 AS x")
    assert rows(f"SELECT * FROM {schema}.t") == [(1,)]


def test_a_failed_create_as_select_leaves_no_name_and_no_data(spark, schema, refused, lakehouse):
    before = set((lakehouse / "tables").glob("*"))
    assert "[USER_RAISED_EXCEPTION] no" in refused(
        f"CREATE TABLE {schema}.t AS SELECT int(raise_error('no')) AS x"
    )
    assert not spark.catalog.tableExists(f"{schema}.t")
    assert set((lakehouse / "tables").glob("*")) == before


def test_a_failed_replace_keeps_the_table_as_it_was(spark, schema, refused, rows):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    statement = f"CREATE OR REPLACE TABLE {schema}.t AS SELECT int(raise_error('no')) AS y"
    assert "[USER_RAISED_EXCEPTION] no" in refused(statement)
    assert rows(f"SELECT * FROM {schema}.t") == [(1,)]


@pytest.mark.over_connect
def test_an_external_table_keeps_its_data_when_dropped_and_can_be_attached_again(
    spark, schema, rows, tmp_path
):
    spark.sql(f"CREATE TABLE {schema}.t (x INT) LOCATION '{tmp_path}/place with space'")
    spark.sql(f"INSERT INTO {schema}.t VALUES (1)")
    spark.sql(f"DROP TABLE {schema}.t")
    spark.sql(f"CREATE TABLE {schema}.again USING delta LOCATION '{tmp_path}/place with space'")
    assert rows(f"SELECT * FROM {schema}.again") == [(1,)]


def test_an_external_table_moves_to_another_delta_location_only(spark, schema, rows, refused, tmp_path):
    spark.sql(f"CREATE TABLE {schema}.t LOCATION '{tmp_path}/a' AS SELECT 1 AS x")
    spark.sql(f"CREATE TABLE {schema}.u LOCATION '{tmp_path}/b' AS SELECT 2 AS x")
    assert "LOCATION_OVERLAP" in refused(f"ALTER TABLE {schema}.t SET LOCATION '{tmp_path}/b'")
    spark.sql(f"DROP TABLE {schema}.u")
    spark.sql(f"ALTER TABLE {schema}.t SET LOCATION '{tmp_path}/b'")
    assert rows(f"SELECT * FROM {schema}.t") == [(2,)]
    spark.sql(f"CREATE TABLE {schema}.managed (x INT)")
    assert "the catalog chooses where a managed table lies" in refused(
        f"ALTER TABLE {schema}.managed SET LOCATION '{tmp_path}/b'"
    )


def test_an_external_table_without_location_is_refused(schema, refused):
    assert "needs a location" in refused(f"CREATE EXTERNAL TABLE {schema}.t (x INT)")


def test_replacing_a_table_at_another_location_is_refused(spark, schema, refused, tmp_path):
    spark.sql(f"CREATE TABLE {schema}.t (x INT)")
    message = refused(f"CREATE OR REPLACE TABLE {schema}.t (x INT) LOCATION '{tmp_path}'")
    assert "another location" in message


@pytest.mark.parametrize("provider", ["parquet", "csv", "json"])
def test_formats_other_than_delta_are_refused_with_the_fix(schema, refused, provider):
    for statement in (
        f"CREATE TABLE {schema}.t (x INT) USING {provider}",
        f"CREATE OR REPLACE TABLE {schema}.t USING {provider} AS SELECT 1 AS x",
    ):
        message = refused(statement)
        assert f"'{provider}' is not supported" in message
        assert "fix: leave USING out" in message


@pytest.mark.over_connect
def test_columns_are_added_renamed_dropped_and_commented(spark, schema, rows):
    spark.sql(
        f"CREATE TABLE {schema}.t (id INT, old STRING) TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
    )
    spark.sql(f"INSERT INTO {schema}.t VALUES (1, 'a')")
    spark.sql(f"ALTER TABLE {schema}.t ADD COLUMN extra INT COMMENT 'later' AFTER id")
    spark.sql(f"ALTER TABLE {schema}.t RENAME COLUMN old TO new")
    spark.sql(f"ALTER TABLE {schema}.t ALTER COLUMN new COMMENT 'better'")
    spark.sql(f"ALTER TABLE {schema}.t DROP COLUMN extra")
    assert rows(f"SELECT id, new FROM {schema}.t") == [(1, "a")]
    assert ("new", "string", "better") in rows(f"DESCRIBE {schema}.t")


def test_properties_comment_and_owner_are_changed(spark, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.t (id INT) TBLPROPERTIES (a = '1')")
    spark.sql(f"ALTER TABLE {schema}.t SET TBLPROPERTIES (b = '2')")
    spark.sql(f"ALTER TABLE {schema}.t UNSET TBLPROPERTIES (a)")
    spark.sql(f"COMMENT ON TABLE {schema}.t IS 'the things'")
    spark.sql(f"ALTER TABLE {schema}.t OWNER TO `owner@example.org`")
    properties = dict(rows(f"SHOW TBLPROPERTIES {schema}.t"))
    assert properties["b"] == "2"
    assert "a" not in properties
    described = {row[0]: row[1] for row in rows(f"DESCRIBE EXTENDED {schema}.t")}
    assert (described["Comment"], described["Owner"]) == ("the things", "owner@example.org")
    assert (described["Catalog"], described["Type"]) == (schema.split(".")[0], "MANAGED")


def test_check_constraints_are_enforced(spark, schema, refused, rows):
    spark.sql(f"CREATE TABLE {schema}.t (id INT)")
    spark.sql(f"ALTER TABLE {schema}.t ADD CONSTRAINT positive CHECK (id > 0)")
    assert "positive" in refused(f"INSERT INTO {schema}.t VALUES (-1)")
    spark.sql(f"ALTER TABLE {schema}.t DROP CONSTRAINT positive")
    spark.sql(f"INSERT INTO {schema}.t VALUES (-1)")
    assert rows(f"SELECT * FROM {schema}.t") == [(-1,)]


def test_identity_generated_and_default_columns_are_filled(spark, schema, rows):
    spark.sql(
        f"CREATE TABLE {schema}.t (id BIGINT GENERATED ALWAYS AS IDENTITY, a INT, b INT GENERATED ALWAYS AS (a + 1), "
        "c INT DEFAULT 7) TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"
    )
    spark.sql(f"INSERT INTO {schema}.t (a) VALUES (10)")
    assert rows(f"SELECT * FROM {schema}.t") == [(1, 10, 11, 7)]


@pytest.mark.over_connect
def test_a_table_is_renamed_within_and_across_schemas_without_moving_data(
    spark, catalog, schema, rows, lakehouse
):
    spark.sql(f"CREATE SCHEMA {catalog}.other")
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    folders = set((lakehouse / "tables").glob("*"))
    spark.sql(f"ALTER TABLE {schema}.t RENAME TO u")
    spark.sql(f"ALTER TABLE {schema}.u RENAME TO {catalog}.other.v")
    assert rows(f"SELECT * FROM {catalog}.other.v") == [(1,)]
    assert rows(f"SHOW TABLES IN {schema}") == []
    assert set((lakehouse / "tables").glob("*")) == folders


def test_a_rename_to_a_taken_name_a_missing_schema_or_another_catalog_is_refused(
    spark, schema, refused, rows
):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT 2 AS x")
    assert "already exists" in refused(f"ALTER TABLE {schema}.t RENAME TO {schema}.v")
    assert "SCHEMA_NOT_FOUND" in refused(f"ALTER TABLE {schema}.t RENAME TO {schema.split('.')[0]}.nope.t")
    assert "cannot move" in refused(f"ALTER TABLE {schema}.t RENAME TO other.s.t")
    assert rows(f"SELECT * FROM {schema}.t") == [(1,)]


def test_a_table_like_another_has_its_columns_and_no_rows(spark, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x, 'a' AS y")
    spark.sql(f"CREATE TABLE {schema}.empty LIKE {schema}.t")
    assert spark.table(f"{schema}.empty").columns == ["x", "y"]
    assert rows(f"SELECT * FROM {schema}.empty") == []


def test_partitioned_and_clustered_tables_are_created(spark, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.p (x INT, day STRING) PARTITIONED BY (day)")
    spark.sql(f"INSERT INTO {schema}.p VALUES (1, 'mon')")
    assert rows(f"SHOW PARTITIONS {schema}.p") == [("mon",)]
    spark.sql(f"CREATE TABLE {schema}.c (x INT, k INT) CLUSTER BY (k)")
    assert spark.sql(f"DESCRIBE DETAIL {schema}.c").collect()[0].clusteringColumns == ["k"]


def test_dropping_a_missing_table_with_if_exists_succeeds(spark, schema, refused):
    spark.sql(f"DROP TABLE IF EXISTS {schema}.nope")
    assert "TABLE_OR_VIEW_NOT_FOUND" in refused(f"DROP TABLE {schema}.nope")


def test_tables_are_listed_with_a_pattern_and_by_the_catalog_api(spark, schema, rows):
    for name in ("orders", "orders_old", "people"):
        spark.sql(f"CREATE TABLE {schema}.{name} (x INT)")
    assert rows(f"SHOW TABLES IN {schema} LIKE 'orders*'") == [
        ("s", "orders", False),
        ("s", "orders_old", False),
    ]
    listed = {table.name: table.tableType for table in spark.catalog.listTables(schema)}
    assert listed == {"orders": "MANAGED", "orders_old": "MANAGED", "people": "MANAGED"}


def test_tables_by_path_still_work_with_one_of_our_catalogs_current(spark, catalog, rows, tmp_path):
    spark.sql(f"USE CATALOG {catalog}")
    spark.sql(f"CREATE TABLE delta.`{tmp_path}/t` AS SELECT 1 AS x")
    assert rows(f"SELECT * FROM delta.`{tmp_path}/t`") == [(1,)]
    spark.sql(f"CREATE OR REPLACE TABLE delta.`{tmp_path}/t` (x INT)")
    assert rows(f"SELECT * FROM delta.`{tmp_path}/t`") == []
    spark.sql(f"CREATE OR REPLACE TABLE delta.`{tmp_path}/t` (y STRING, z INT) PARTITIONED BY (y)")
    assert spark.table(f"delta.`{tmp_path}/t`").columns == ["y", "z"]
    spark.sql(f"CREATE OR REPLACE TABLE delta.`{tmp_path}/new` AS SELECT 2 AS x")
    assert rows(f"SELECT * FROM delta.`{tmp_path}/new`") == [(2,)]
    spark.range(2).write.parquet(f"{tmp_path}/p")
    assert rows(f"SELECT count(*) FROM parquet.`{tmp_path}/p`") == [(2,)]


def test_a_table_that_another_session_recreates_is_read_with_its_new_rows(
    spark, schema, another_session, rows
):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    assert rows(f"SELECT * FROM {schema}.t") == [(1,)]
    other = another_session()
    other.sql(f"DROP TABLE {schema}.t")
    other.sql(f"CREATE TABLE {schema}.t AS SELECT 'b' AS y")
    assert rows(f"SELECT y FROM {schema}.t") == [("b",)]
