import pytest

pytestmark = pytest.mark.integration


@pytest.fixture
def source(spark, schema):
    spark.sql(f"CREATE TABLE {schema}.source (id INT, p STRING) PARTITIONED BY (p)")
    spark.sql(f"INSERT INTO {schema}.source VALUES (1, 'a')")
    return f"{schema}.source"


@pytest.mark.over_connect
def test_a_clone_is_one_commit_and_writes_to_its_own_files(spark, schema, source, rows):
    answer = spark.sql(f"CREATE TABLE {schema}.copy SHALLOW CLONE {source}").collect()[0]
    assert (answer.source_num_of_files, answer.num_copied_files) == (1, 0)
    spark.sql(f"INSERT INTO {schema}.copy VALUES (2, 'b')")
    assert (rows(f"SELECT * FROM {source}"), rows(f"SELECT * FROM {schema}.copy")) == (
        [(1, "a")],
        [(1, "a"), (2, "b")],
    )
    history = spark.sql(f"DESCRIBE HISTORY {schema}.copy").select("operation").collect()
    assert [row.operation for row in history] == ["WRITE", "CLONE"]


def test_a_clone_that_fails_leaves_no_name_and_no_data(spark, schema, source, refused, lakehouse):
    before = set((lakehouse / "tables").glob("*"))
    for statement in (
        f"CREATE TABLE {schema}.copy SHALLOW CLONE {source} TBLPROPERTIES ('delta.appendOnly' = 'perhaps')",
        f"CREATE TABLE {schema}.copy SHALLOW CLONE {source} TBLPROPERTIES ('delta.columnMapping.mode' = 'nonsense')",
        f"CREATE TABLE {schema}.copy SHALLOW CLONE {source} VERSION AS OF 99",
        f"CREATE OR REPLACE TABLE {schema}.copy SHALLOW CLONE {schema}.nothing",
        f"CREATE TABLE {schema}.`my copy` SHALLOW CLONE {source}",
    ):
        refused(statement)
        assert [row.tableName for row in spark.sql(f"SHOW TABLES IN {schema}").collect()] == ["source"]
        assert set((lakehouse / "tables").glob("*")) == before


@pytest.mark.over_connect
def test_a_clone_lies_where_location_says(spark, schema, source, rows, tmp_path):
    spark.sql(f"CREATE TABLE {schema}.copy SHALLOW CLONE {source} LOCATION '{tmp_path}/there'")
    assert (tmp_path / "there" / "_delta_log").is_dir()
    assert spark.catalog.getTable(f"{schema}.copy").tableType == "EXTERNAL"
    assert rows(f"SELECT * FROM {schema}.copy") == [(1, "a")]


def test_a_clone_of_an_earlier_version_takes_properties(spark, schema, source, rows):
    spark.sql(f"INSERT INTO {source} VALUES (2, 'b')")
    spark.sql(
        f"CREATE TABLE {schema}.copy SHALLOW CLONE {source} VERSION AS OF 1 TBLPROPERTIES ('delta.appendOnly' = 'true')"
    )
    assert rows(f"SELECT * FROM {schema}.copy") == [(1, "a")]
    assert dict(rows(f"SHOW TBLPROPERTIES {schema}.copy"))["delta.appendOnly"] == "true"


def test_a_clone_keeps_a_table_that_is_there(spark, schema, source, rows, refused):
    spark.sql(f"CREATE TABLE {schema}.copy SHALLOW CLONE {source}")
    spark.sql(f"INSERT INTO {schema}.copy VALUES (2, 'b')")
    spark.sql(f"CREATE TABLE IF NOT EXISTS {schema}.copy SHALLOW CLONE {source}")
    assert "already exists" in refused(f"CREATE TABLE {schema}.copy SHALLOW CLONE {source}")
    assert len(rows(f"SELECT * FROM {schema}.copy")) == 2


def test_an_empty_table_is_replaced_by_a_clone(spark, schema, source, rows):
    spark.sql(f"CREATE TABLE {schema}.copy (other INT)")
    spark.sql(f"CREATE OR REPLACE TABLE {schema}.copy SHALLOW CLONE {source}")
    assert rows(f"SELECT * FROM {schema}.copy") == [(1, "a")]


def test_a_clone_by_path_and_a_short_name_work_with_one_of_our_catalogs_current(
    spark, schema, source, rows, tmp_path
):
    spark.sql(f"USE CATALOG {schema.split('.')[0]}")
    spark.sql(f"CREATE TABLE delta.`{tmp_path}/c` SHALLOW CLONE {source}")
    spark.sql(f"CREATE TABLE s.copy SHALLOW CLONE delta.`{tmp_path}/c`")
    assert rows(f"SELECT * FROM {schema}.copy") == [(1, "a")]


def test_a_clone_needs_the_right_to_create_and_to_read(spark, schema, source, another_session, refused):
    spark.sql(f"GRANT USE CATALOG ON CATALOG {schema.split('.')[0]} TO bob")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {schema} TO bob")
    bob = another_session("bob")
    assert "CREATE TABLE on Schema" in refused(f"CREATE TABLE {schema}.copy SHALLOW CLONE {source}", bob)
    spark.sql(f"GRANT CREATE TABLE ON SCHEMA {schema} TO bob")
    assert "SELECT on Table" in refused(f"CREATE TABLE {schema}.copy SHALLOW CLONE {source}", bob)
