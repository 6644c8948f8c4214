"""INSERT, UPDATE, DELETE, MERGE and the writers of data frames."""

import pytest
from pyspark.errors import PySparkException

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]


@pytest.fixture
def table(spark, schema):
    """Rows (1, 'a') and (2, 'b'), partitioned by the letter."""
    spark.sql(f"CREATE TABLE {schema}.t (id INT, p STRING) PARTITIONED BY (p)")
    spark.sql(f"INSERT INTO {schema}.t VALUES (1, 'a'), (2, 'b')")
    return f"{schema}.t"


def frame(spark, *values):
    return spark.createDataFrame(list(values), "id int, p string")


@pytest.mark.over_connect
def test_merge_updates_inserts_and_deletes(spark, table, rows):
    spark.sql(
        f"MERGE INTO {table} t USING (SELECT 1 AS id, 'a' AS p, true AS gone UNION ALL SELECT 2, 'z', false "
        "UNION ALL SELECT 3, 'c', false) s ON t.id = s.id WHEN MATCHED AND s.gone THEN DELETE "
        "WHEN MATCHED THEN UPDATE SET p = s.p WHEN NOT MATCHED THEN INSERT (id, p) VALUES (s.id, s.p)"
    )
    assert rows(f"SELECT * FROM {table}") == [(2, "z"), (3, "c")]


@pytest.mark.over_connect
def test_merge_with_schema_evolution_adds_the_column(spark, table, rows):
    spark.sql(
        f"MERGE WITH SCHEMA EVOLUTION INTO {table} t USING (SELECT 3 AS id, 'c' AS p, 9 AS extra) s ON t.id = s.id "
        "WHEN NOT MATCHED THEN INSERT *"
    )
    assert (3, "c", 9) in rows(f"SELECT id, p, extra FROM {table}")


@pytest.mark.over_connect
def test_update_delete_and_truncate_change_rows(spark, table, rows):
    spark.sql(f"UPDATE {table} SET id = 10 WHERE p = 'a'")
    spark.sql(f"DELETE FROM {table} WHERE id = 2")
    assert rows(f"SELECT * FROM {table}") == [(10, "a")]
    spark.sql(f"TRUNCATE TABLE {table}")
    assert rows(f"SELECT * FROM {table}") == []


def test_insert_overwrites_a_partition_or_the_rows_of_a_condition(spark, table, rows):
    spark.sql(f"INSERT OVERWRITE {table} PARTITION (p = 'a') VALUES (7)")
    spark.sql(f"INSERT INTO {table} REPLACE WHERE p = 'b' SELECT 8, 'b'")
    assert rows(f"SELECT * FROM {table}") == [(7, "a"), (8, "b")]


@pytest.mark.over_connect
def test_save_as_table_appends_and_overwrites(spark, schema, rows):
    frame(spark, (1, "a")).write.saveAsTable(f"{schema}.t")
    frame(spark, (2, "b")).write.mode("append").saveAsTable(f"{schema}.t")
    assert rows(f"SELECT * FROM {schema}.t") == [(1, "a"), (2, "b")]
    frame(spark, (3, "c")).write.mode("overwrite").saveAsTable(f"{schema}.t")
    assert rows(f"SELECT * FROM {schema}.t") == [(3, "c")]
    frame(spark, (4, "d")).write.mode("ignore").saveAsTable(f"{schema}.t")
    assert rows(f"SELECT * FROM {schema}.t") == [(3, "c")]


@pytest.mark.over_connect
def test_save_as_table_replaces_only_the_rows_of_replace_where(spark, table, rows):
    frame(spark, (9, "a")).write.mode("overwrite").option("replaceWhere", "p = 'a'").saveAsTable(table)
    assert rows(f"SELECT * FROM {table}") == [(2, "b"), (9, "a")]


@pytest.mark.over_connect
def test_save_as_table_overwrites_the_partitions_of_its_rows_in_dynamic_mode(spark, table, rows):
    frame(spark, (9, "b")).write.mode("overwrite").option("partitionOverwriteMode", "dynamic").saveAsTable(
        table
    )
    assert rows(f"SELECT * FROM {table}") == [(1, "a"), (9, "b")]


def test_rows_outside_replace_where_are_refused(spark, table, rows):
    with pytest.raises(Exception, match="DELTA_REPLACE_WHERE_MISMATCH"):
        frame(spark, (9, "z")).write.mode("overwrite").option("replaceWhere", "p = 'a'").saveAsTable(table)
    assert rows(f"SELECT * FROM {table}") == [(1, "a"), (2, "b")]


def test_columns_are_merged_or_replaced_only_with_the_option(spark, table):
    wider = spark.createDataFrame([(3, "c", 1.5)], "id int, p string, z double")
    with pytest.raises(Exception, match=r"(?i)schema mismatch"):
        wider.write.mode("append").saveAsTable(table)
    wider.write.mode("append").option("mergeSchema", "true").saveAsTable(table)
    assert spark.table(table).columns == ["id", "p", "z"]
    other = spark.createDataFrame([("x",)], "only string")
    other.write.mode("overwrite").option("overwriteSchema", "true").saveAsTable(table)
    assert spark.table(table).columns == ["only"]


@pytest.mark.over_connect
def test_write_to_creates_appends_overwrites_and_replaces(spark, schema, rows):
    frame(spark, (1, "a")).writeTo(f"{schema}.t").create()
    frame(spark, (2, "b")).writeTo(f"{schema}.t").append()
    assert rows(f"SELECT * FROM {schema}.t") == [(1, "a"), (2, "b")]
    frame(spark, (3, "c")).writeTo(f"{schema}.t").createOrReplace()
    frame(spark, (4, "d")).write.insertInto(f"{schema}.t")
    assert rows(f"SELECT * FROM {schema}.t") == [(3, "c"), (4, "d")]


def test_a_wrong_type_is_refused_on_append(spark, table):
    with pytest.raises(PySparkException, match="CAST_INVALID_INPUT"):
        spark.createDataFrame([("x", "a")], "id string, p string").write.mode("append").saveAsTable(table)


def test_a_cached_table_shows_later_writes(spark, table, rows):
    spark.catalog.cacheTable(table)
    assert spark.table(table).count() == 2
    spark.sql(f"INSERT INTO {table} VALUES (3, 'c')")
    assert spark.table(table).count() == 3
    spark.catalog.uncacheTable(table)


def test_the_delta_table_api_finds_tables_by_name(spark, table, rows):
    delta = spark._jvm.io.delta.tables.DeltaTable.forName(spark._jsparkSession, table)
    delta.delete("id = 1")
    assert rows(f"SELECT * FROM {table}") == [(2, "b")]


def test_names_in_variables_and_parameters_are_resolved(spark, table):
    assert spark.sql("SELECT count(*) FROM IDENTIFIER(:name)", {"name": table}).collect()[0][0] == 2


def test_metadata_columns_can_be_selected(spark, table):
    assert spark.table(table).select("_metadata.file_name").collect()[0][0].endswith(".parquet")


@pytest.mark.over_connect
def test_insert_replaces_the_rows_that_have_the_values_of_its_own(spark, table, rows):
    spark.sql(f"INSERT INTO {table} VALUES (3, NULL)")
    spark.sql(
        f"INSERT INTO {table} REPLACE USING (p) SELECT * FROM VALUES (7, 'a'), (8, 'z'), (9, NULL) AS new(id, p)"
    )
    assert rows(f"SELECT * FROM {table}") == [(2, "b"), (3, None), (7, "a"), (8, "z"), (9, None)]
    spark.sql(f"INSERT INTO {table} REPLACE USING (p) SELECT 1 AS id, 'b' AS p WHERE false")
    assert len(rows(f"SELECT * FROM {table}")) == 5


@pytest.mark.over_connect
def test_insert_replaces_the_rows_of_a_condition_on_its_own(spark, table, rows):
    spark.sql(
        f"INSERT INTO {table} AS old REPLACE ON old.p <=> new.p AND (old.id > 1) (SELECT 5 AS id, 'b' AS p) AS new"
    )
    assert rows(f"SELECT * FROM {table}") == [(1, "a"), (5, "b")]
    spark.sql(
        f"WITH new AS (SELECT 6 AS id, 'q' AS p) INSERT INTO {table} REPLACE ON t.id = n.id - 1 (SELECT * FROM new) AS n"
    )
    assert rows(f"SELECT * FROM {table}") == [(1, "a"), (6, "q")]


def test_an_insert_that_replaces_is_one_commit_and_evolves_the_table_if_asked(spark, table, rows):
    before = spark.sql(f"DESCRIBE HISTORY {table}").count()
    spark.sql(
        f"INSERT WITH SCHEMA EVOLUTION INTO {table} REPLACE USING (id) SELECT 1 AS id, 'z' AS p, 4 AS extra"
    )
    assert rows(f"SELECT id, p, extra FROM {table}") == [(1, "z", 4), (2, "b", None)]
    newest, *others = spark.sql(f"DESCRIBE HISTORY {table}").collect()
    assert (newest.operation, newest.operationParameters["replaceUsingCols"], len(others)) == (
        "WRITE",
        "(id)",
        before,
    )


def test_an_insert_that_cannot_tell_what_to_replace_is_refused(table, refused, rows):
    for statement, message in {
        "REPLACE USING (nope) SELECT 1 AS id, 'a' AS p": "`nope` cannot be resolved in table",
        "REPLACE USING (p) SELECT 'a' AS p, 1 AS id": "misaligned",
        "REPLACE ON p = p SELECT 1 AS id, 'a' AS p": "AMBIGUOUS",
        "BY NAME REPLACE USING (p) SELECT 'a' AS p, 1 AS id": "fix: select the columns in the order of the table",
    }.items():
        assert message in refused(f"INSERT INTO {table} {statement}")
    assert rows(f"SELECT * FROM {table}") == [(1, "a"), (2, "b")]
