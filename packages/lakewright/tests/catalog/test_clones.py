"""SHALLOW and DEEP CLONE: one commit, own files, and what stays if they fail."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]


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


@pytest.mark.over_connect
@pytest.mark.parametrize("words", ["DEEP CLONE", "CLONE"])
def test_a_deep_clone_has_the_files_and_outlives_its_source(spark, schema, source, rows, words):
    answer = spark.sql(f"CREATE TABLE {schema}.copy {words} {source}").collect()[0]
    assert (answer.source_num_of_files, answer.num_copied_files) == (1, 1)
    assert answer.copied_files_size == answer.source_table_size > 0
    spark.sql(f"INSERT INTO {source} VALUES (2, 'b')")
    spark.sql(f"DROP TABLE {source}")
    assert rows(f"SELECT * FROM {schema}.copy") == [(1, "a")]
    assert [row.operation for row in spark.sql(f"DESCRIBE HISTORY {schema}.copy").collect()] == ["CLONE"]


def test_a_deep_clone_again_copies_only_what_is_new(spark, schema, source, rows):
    spark.sql(f"CREATE TABLE {schema}.copy DEEP CLONE {source}")
    spark.sql(f"INSERT INTO {source} VALUES (2, 'b')")
    answer = spark.sql(f"CREATE OR REPLACE TABLE {schema}.copy DEEP CLONE {source}").collect()[0]
    assert (answer.num_copied_files, answer.num_removed_files) == (1, 0)
    assert rows(f"SELECT * FROM {schema}.copy") == [(1, "a"), (2, "b")]
    spark.sql(f"DELETE FROM {source} WHERE id = 1")
    answer = spark.sql(f"CREATE OR REPLACE TABLE {schema}.copy CLONE {source}").collect()[0]
    assert (answer.num_copied_files, answer.num_removed_files) == (0, 1)
    assert rows(f"SELECT * FROM {schema}.copy") == [(2, "b")]
    assert len(rows(f"SELECT * FROM {schema}.copy VERSION AS OF 1")) == 2


def test_a_deep_clone_takes_the_rows_that_were_deleted_as_deleted(spark, schema, rows):
    spark.sql(
        f"CREATE TABLE {schema}.t TBLPROPERTIES (delta.enableDeletionVectors = true) AS SELECT id FROM range(0, 3, 1, 1)"
    )
    spark.sql(f"DELETE FROM {schema}.t WHERE id = 1")
    spark.sql(f"CREATE TABLE {schema}.shallow SHALLOW CLONE {schema}.t")
    spark.sql(f"CREATE TABLE {schema}.deep DEEP CLONE {schema}.shallow")
    spark.sql(f"DROP TABLE {schema}.t")
    assert rows(f"SELECT * FROM {schema}.deep") == [(0,), (2,)]


@pytest.mark.parametrize("words", ["DEEP CLONE", "SHALLOW CLONE"])
def test_a_table_with_rows_keys_and_other_columns_is_replaced_by_a_clone(spark, schema, source, rows, words):
    spark.sql(f"CREATE TABLE {schema}.copy (other INT PRIMARY KEY) COMMENT 'kept'")
    spark.sql(f"INSERT INTO {schema}.copy VALUES (5)")
    spark.sql(f"CREATE OR REPLACE TABLE {schema}.copy {words} {source}")
    assert rows(f"SELECT * FROM {schema}.copy") == [(1, "a")]
    assert rows(f"SELECT * FROM {schema}.copy VERSION AS OF 1") == [(5,)]
    assert rows(f"SELECT * FROM {schema.split('.')[0]}.information_schema.table_constraints") == []


def test_a_table_goes_back_to_an_earlier_version_by_a_clone_of_itself(spark, source, rows):
    spark.sql(f"UPDATE {source} SET id = 9")
    spark.sql(f"CREATE OR REPLACE TABLE {source} DEEP CLONE {source} VERSION AS OF 1")
    assert rows(f"SELECT * FROM {source}") == [(1, "a")]


def test_a_stream_goes_on_in_a_deep_clone(spark, schema, source, rows, tmp_path):
    spark.sql(f"CREATE TABLE {schema}.out (id INT, p STRING)")

    def stream(into):
        writer = spark.readStream.table(source).writeStream.option("checkpointLocation", str(tmp_path / "c"))
        writer.trigger(availableNow=True).toTable(into).awaitTermination()

    stream(f"{schema}.out")
    spark.sql(f"CREATE TABLE {schema}.copy DEEP CLONE {schema}.out")
    (newest,) = [path for path in (tmp_path / "c" / "commits").iterdir() if path.name == "0"]
    newest.unlink()  # the stream died before it wrote down that its first batch is in the table
    stream(f"{schema}.copy")
    assert rows(f"SELECT * FROM {schema}.copy") == [(1, "a")]


def test_a_deep_clone_by_path_and_under_sparks_own_catalog(spark, source, rows, tmp_path):
    spark.sql(f"CREATE TABLE delta.`{tmp_path}/c` DEEP CLONE {source}")
    spark.sql(f"CREATE TABLE spark_catalog.default.copy_of_clones DEEP CLONE delta.`{tmp_path}/c`")
    spark.sql(f"DROP TABLE {source}")
    assert rows("SELECT * FROM spark_catalog.default.copy_of_clones") == [(1, "a")]
    spark.sql("DROP TABLE spark_catalog.default.copy_of_clones")


def test_replacing_by_a_clone_needs_the_right_to_modify(spark, schema, source, another_session, refused):
    spark.sql(f"CREATE TABLE {schema}.copy (other INT)")
    spark.sql(f"GRANT USE CATALOG, USE SCHEMA, SELECT ON CATALOG {schema.split('.')[0]} TO bob")
    bob = another_session("bob")
    for words in ("DEEP CLONE", "SHALLOW CLONE"):
        assert "MODIFY on Table" in refused(f"CREATE OR REPLACE TABLE {schema}.copy {words} {source}", bob)


def test_a_table_may_be_called_clone(spark, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.clone AS SELECT 1 AS clone")
    spark.sql(f"CREATE TABLE {schema}.deep CLONE {schema}.clone")
    assert rows(f"SELECT clone FROM {schema}.deep") == [(1,)]
