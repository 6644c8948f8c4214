"""Names of catalogs, schemas and tables: case, odd characters, and what Unity Catalog refuses."""

import json

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]


@pytest.mark.over_connect
def test_names_are_compared_without_case_and_kept_in_lower_case(spark, schema, rows):
    spark.sql(f"CREATE TABLE {schema.upper()}.Raw_Events AS SELECT 1 AS x")
    assert rows(f"SELECT * FROM {schema.title()}.RAW_EVENTS") == [(1,)]
    assert spark.table(f"{schema}.rAw_eVents").count() == 1
    assert rows(f"SHOW TABLES IN {schema}") == [("s", "raw_events", False)]


def test_two_spellings_of_one_name_are_one_table(spark, schema, refused):
    spark.sql(f"CREATE TABLE {schema}.t (x INT)")
    assert "TABLE_OR_VIEW_ALREADY_EXISTS" in refused(f"CREATE TABLE {schema}.T (x INT)")


@pytest.mark.parametrize(
    "name", ["größe", "日本語", "_schema", "_catalog", "a-b", "100%", "con", "a~b", "select", "q'uote", "$x"]
)
def test_an_odd_name_works_and_stays_inside_its_folder(spark, schema, rows, lakehouse, name):
    spark.sql(f"CREATE TABLE {schema}.`{name}` AS SELECT 7 AS x")
    assert rows(f"SELECT x FROM {schema}.`{name}`") == [(7,)]
    assert rows(f"SHOW TABLES IN {schema}") == [("s", name, False)]
    catalog = schema.split(".")[0]
    files = [
        path.name
        for path in (lakehouse / "_catalog" / catalog / "s").iterdir()
        if path.name != "_schema.json"
    ]
    assert len(files) == 1
    assert files[0].isascii()


def test_a_name_with_backticks_works(spark, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.`a``b` AS SELECT 7 AS x")
    assert rows(f"SELECT x FROM {schema}.`a``b`") == [(7,)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("my table", "a space"),
        ("a/b", "a slash"),
        ("..", "a period"),
        (".hidden", "a period"),
        ("tab\there", "a control character"),
        ("x" * 256, "256 characters"),
        ("ü" * 60, "too long for a file"),
    ],
)
def test_a_name_that_unity_catalog_refuses_is_refused_with_the_reason(schema, refused, name, reason):
    for statement in (
        f"CREATE TABLE {schema}.`{name}` (x INT)",
        f"CREATE VIEW {schema}.`{name}` AS SELECT 1",
    ):
        message = refused(statement)
        assert reason in message
        assert "fix:" in message


def test_a_bad_name_is_refused_for_catalogs_schemas_and_renames(spark, catalog, schema, refused):
    spark.sql(f"CREATE TABLE {schema}.t (x INT)")
    assert "a space" in refused("CREATE CATALOG `my catalog`")
    assert "a space" in refused(f"CREATE SCHEMA {catalog}.`my schema`")
    assert "a space" in refused(f"ALTER TABLE {schema}.t RENAME TO {schema}.`my table`")


def test_the_longest_allowed_name_works(spark, schema, rows):
    name = "x" * 230
    spark.sql(f"CREATE TABLE {schema}.{name} AS SELECT 1 AS x")
    assert rows(f"SELECT x FROM {schema}.{name}") == [(1,)]


@pytest.mark.over_connect
def test_short_names_are_completed_with_the_current_catalog_and_schema(spark, catalog, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    spark.sql(f"USE CATALOG {catalog}")
    assert rows("SELECT current_catalog(), current_schema()") == [(catalog, "default")]
    assert rows("SELECT * FROM s.t") == [(1,)]
    spark.sql("USE SCHEMA s")
    assert rows("SELECT * FROM t") == [(1,)]


def test_a_name_with_four_levels_is_refused(catalog, refused):
    for statement in ("CREATE SCHEMA {c}.a.b", "CREATE TABLE {c}.a.b.t (x INT)", "DROP SCHEMA {c}.a.b"):
        assert "three levels" in refused(statement.format(c=catalog))


def test_a_variable_of_the_session_is_declared_by_its_full_name(spark, rows):
    spark.sql("DECLARE OR REPLACE VARIABLE system.session.answer INT DEFAULT 42")
    assert rows("SELECT system.session.answer") == [(42,)]
    spark.sql("DROP TEMPORARY VARIABLE system.session.answer")


def test_an_entry_holds_the_tables_metadata_and_a_relative_location(spark, schema, lakehouse):
    spark.sql(f"CREATE TABLE {schema}.t (x INT)")
    file = lakehouse / "_catalog" / schema.split(".")[0] / "s" / "t.json"
    entry = json.loads(file.read_text(encoding="utf-8"))
    assert (entry["format"], entry["kind"]) == (1, "managed-table")
    assert entry["location"] == f"tables/{entry['uuid']}"
    assert (lakehouse / entry["location"] / "_delta_log").is_dir()
