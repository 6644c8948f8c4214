"""Views: CREATE, ALTER and DROP, and how the names in them are resolved."""

import pytest
from pyspark.errors import PySparkException

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]


@pytest.fixture
def base(spark, schema):
    spark.sql(f"CREATE TABLE {schema}.base AS SELECT 1 AS id, 'a' AS name")
    return f"{schema}.base"


@pytest.mark.over_connect
def test_a_view_is_created_read_replaced_and_dropped(spark, schema, base, rows, refused):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT id FROM {base}")
    assert rows(f"SELECT * FROM {schema}.v") == [(1,)]
    assert "already exists" in refused(f"CREATE VIEW {schema}.v AS SELECT 2")
    spark.sql(f"CREATE VIEW IF NOT EXISTS {schema}.v AS SELECT 2")
    assert rows(f"SELECT * FROM {schema}.v") == [(1,)]
    spark.sql(f"CREATE OR REPLACE VIEW {schema}.v AS SELECT name FROM {base}")
    assert rows(f"SELECT * FROM {schema}.v") == [("a",)]
    spark.sql(f"DROP VIEW {schema}.v")
    spark.sql(f"DROP VIEW IF EXISTS {schema}.v")
    assert "VIEW_NOT_FOUND" in refused(f"DROP VIEW {schema}.v")


@pytest.mark.over_connect
def test_short_names_in_a_view_resolve_in_the_definers_catalog_and_schema(  # noqa: PLR0917 - fixtures
    spark, catalog, schema, base, rows, another_session
):
    spark.sql(f"USE {schema}")
    spark.sql("CREATE VIEW v AS SELECT * FROM base")
    spark.sql(f"CREATE TABLE {catalog}.default.base AS SELECT 99 AS other")
    spark.sql(f"USE {catalog}.default")
    assert rows(f"SELECT id, name FROM {schema}.v") == [(1, "a")]
    elsewhere = another_session()
    assert [tuple(row) for row in elsewhere.table(f"{schema}.v").collect()] == [(1, "a")]


def test_a_view_reads_other_catalogs_and_other_views(spark, schema, base, rows):
    spark.sql("CREATE CATALOG second")
    try:
        spark.sql(f"CREATE VIEW {schema}.inner_view AS SELECT * FROM {base}")
        spark.sql(f"CREATE VIEW second.default.outer_view AS SELECT * FROM {schema}.inner_view")
        assert rows("SELECT * FROM second.default.outer_view") == [(1, "a")]
    finally:
        spark.sql("DROP CATALOG second CASCADE")


@pytest.mark.over_connect
def test_a_view_has_its_own_column_names_comments_and_properties(spark, schema, base, rows):
    spark.sql(
        f"CREATE VIEW {schema}.v (key COMMENT 'the key', label) COMMENT 'pairs' TBLPROPERTIES (a = '1') "
        f"AS SELECT * FROM {base}"
    )
    assert spark.table(f"{schema}.v").columns == ["key", "label"]
    described = rows(f"DESCRIBE EXTENDED {schema}.v")
    assert ("key", "int", "the key") in described
    assert ("Comment", "pairs", "") in described
    shown = rows(f"SHOW CREATE TABLE {schema}.v")[0][0]
    assert "COMMENT 'the key'" in shown
    assert "'a' = '1'" in shown


def test_a_view_is_altered_renamed_and_commented(spark, schema, base, rows):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT id FROM {base}")
    spark.sql(f"ALTER VIEW {schema}.v AS SELECT name FROM {base}")
    spark.sql(f"ALTER VIEW {schema}.v SET TBLPROPERTIES (a = '1')")
    spark.sql(f"ALTER VIEW {schema}.v OWNER TO team")
    spark.sql(f"ALTER VIEW {schema}.v RENAME TO {schema}.w")
    spark.sql(f"COMMENT ON TABLE {schema}.w IS 'named'")
    assert rows(f"SELECT * FROM {schema}.w") == [("a",)]
    described = {row[0]: row[1] for row in rows(f"DESCRIBE EXTENDED {schema}.w")}
    assert (described["Comment"], described["Owner"]) == ("named", "team")


def test_a_view_keeps_owner_and_grants_when_replaced(spark, schema, rows):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT 1 AS x")
    spark.sql(f"GRANT SELECT ON VIEW {schema}.v TO readers")
    spark.sql(f"CREATE OR REPLACE VIEW {schema}.v AS SELECT 2 AS x")
    assert rows(f"SHOW GRANTS ON VIEW {schema}.v") == [("readers", "SELECT", "VIEW", f"{schema}.v")]


@pytest.mark.over_connect
def test_views_are_listed_separately_and_among_tables(spark, schema, base, rows):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT 1 AS x")
    assert rows(f"SHOW VIEWS IN {schema}") == [("s", "v", False)]
    assert rows(f"SHOW TABLES IN {schema}") == [("s", "base", False), ("s", "v", False)]


def test_a_view_on_a_dropped_table_names_the_missing_table(spark, schema, base, refused):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT * FROM {base}")
    spark.sql(f"DROP TABLE {base}")
    message = refused(f"SELECT * FROM {schema}.v")
    assert "TABLE_OR_VIEW_NOT_FOUND" in message
    assert "`base` cannot be found" in message


def test_a_view_on_a_missing_table_cannot_be_created(spark, schema, refused, rows):
    assert "TABLE_OR_VIEW_NOT_FOUND" in refused(f"CREATE VIEW {schema}.v AS SELECT * FROM {schema}.nope")
    assert rows(f"SHOW VIEWS IN {schema}") == []


def test_statements_for_tables_refuse_views_and_the_reverse(spark, schema, base, refused):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT 1 AS x")
    assert "requires a TABLE" in refused(f"DROP TABLE {schema}.v")
    assert "requires a VIEW" in refused(f"DROP VIEW {base}")
    assert "already exists" in refused(f"CREATE TABLE {schema}.v (x INT)")
    assert "already exists" in refused(f"CREATE OR REPLACE TABLE {schema}.v AS SELECT 1 AS x")
    assert "already exists" in refused(f"CREATE VIEW {base} AS SELECT 1")


@pytest.mark.unverified(
    where=("connect", "classic"),
    area="SQL: tables and data",
    what="the error condition of INSERT, UPDATE, DELETE and MERGE on a view",
    instead="`EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE`, with the rights that the statement needs in place of its name",
    reason="the condition is documented, and Spark gives it for INSERT; not which statements of Databricks give it",
    link="https://docs.databricks.com/aws/en/error-messages/expect-table-not-view-error-class",
)
@pytest.mark.over_connect
def test_a_statement_that_changes_rows_names_the_view_that_it_cannot_change(spark, schema, refused):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT 1 AS x")
    for statement, right in {
        "INSERT INTO {v} VALUES (1)": "INSERT",
        "INSERT OVERWRITE {v} VALUES (1)": "DELETE, INSERT",
        "INSERT INTO {v} REPLACE WHERE x = 1 SELECT 1": "DELETE, INSERT",
        "INSERT INTO {v} REPLACE USING (x) SELECT 1 AS x": "DELETE, INSERT",
        "UPDATE {v} SET x = 2": "UPDATE",
        "DELETE FROM {v}": "DELETE",
        "MERGE INTO {v} t USING (SELECT 1 AS x) s ON t.x = s.x WHEN NOT MATCHED THEN INSERT *": "INSERT",
        "TRUNCATE TABLE {v}": "TRUNCATE TABLE",
    }.items():
        message = refused(statement.format(v=f"{schema}.v"))
        assert "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE" in message
        assert f"'{right}' expects a table" in message


def test_a_data_frame_cannot_be_written_to_a_view(spark, schema):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT 1 AS x")
    frame = spark.createDataFrame([(1,)], "x int")
    for write in (
        lambda: frame.write.insertInto(f"{schema}.v"),
        lambda: frame.writeTo(f"{schema}.v").append(),
        lambda: frame.writeTo(f"{schema}.v").overwritePartitions(),
    ):
        with pytest.raises(PySparkException, match="fix: write to the tables that the view reads"):
            write()


def test_a_view_sees_new_rows_but_not_new_columns_of_its_table(spark, schema, base, rows):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT * FROM {base}")
    spark.sql(f"ALTER TABLE {base} ADD COLUMN extra INT")
    spark.sql(f"INSERT INTO {base} VALUES (2, 'b', 3)")
    assert rows(f"SELECT * FROM {schema}.v") == [(1, "a"), (2, "b")]


def test_temporary_views_work_as_in_plain_spark(spark, schema, base, rows, refused):
    spark.sql(f"CREATE TEMPORARY VIEW tv AS SELECT * FROM {base}")
    assert rows("SELECT * FROM tv") == [(1, "a")]
    assert "tv" in refused(f"CREATE VIEW {schema}.v AS SELECT * FROM tv")
    spark.sql("DROP VIEW tv")
