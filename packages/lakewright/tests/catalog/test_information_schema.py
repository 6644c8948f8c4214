"""The views of `information_schema`."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]


@pytest.fixture
def filled(spark, catalog, schema):
    spark.sql(
        f"CREATE TABLE {schema}.t (id BIGINT NOT NULL COMMENT 'the key', price DECIMAL(10, 2), tags ARRAY<STRING>) "
        "COMMENT 'priced'"
    )
    spark.sql(f"CREATE VIEW {schema}.v COMMENT 'keys' AS SELECT id FROM {schema}.t")
    return f"{catalog}.information_schema"


@pytest.mark.over_connect
def test_tables_and_views_are_listed_with_type_owner_and_comment(filled, rows):
    assert rows(f"SELECT table_schema, table_name, table_type, comment FROM {filled}.tables") == [
        ("s", "t", "MANAGED", "priced"),
        ("s", "v", "VIEW", "keys"),
    ]
    assert rows(f"SELECT table_name FROM {filled}.views WHERE view_definition LIKE 'SELECT id%'") == [("v",)]


@pytest.mark.over_connect
def test_columns_are_listed_in_order_with_types_and_comments(filled, rows):
    found = rows(
        "SELECT ordinal_position, column_name, full_data_type, is_nullable, numeric_precision, comment "
        f"FROM {filled}.columns WHERE table_name = 't'"
    )
    assert found == [
        (0, "id", "bigint", "NO", None, "the key"),
        (1, "price", "decimal(10,2)", "YES", 10, None),
        (2, "tags", "array<string>", "YES", None, None),
    ]


def test_schemata_and_privileges_are_listed(spark, schema, filled, rows):
    assert rows(f"SELECT schema_name FROM {filled}.schemata") == [
        ("default",),
        ("information_schema",),
        ("s",),
    ]
    spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO readers")
    assert rows(f"SELECT grantee, table_name, privilege_type FROM {filled}.table_privileges") == [
        ("readers", "t", "SELECT")
    ]


def test_the_information_schema_is_found_by_a_short_name_and_listed(spark, catalog, filled, rows):
    spark.sql(f"USE CATALOG {catalog}")
    assert rows("SELECT count(*) FROM information_schema.tables") == [(2,)]
    assert ("information_schema", "columns", False) in rows("SHOW TABLES IN information_schema")


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("CREATE TABLE {}.mine (x INT)", "information_schema is made from the catalog and cannot be changed"),
        ("DROP SCHEMA {} CASCADE", "information_schema is made from the catalog and cannot be changed"),
        ("INSERT INTO {0}.tables SELECT * FROM {0}.tables", "does not support append in batch mode"),
        ("CREATE SCHEMA {}", "SCHEMA_ALREADY_EXISTS"),
    ],
)
def test_the_information_schema_cannot_be_changed(filled, refused, statement, message):
    assert message in refused(statement.format(filled))


def test_the_information_schema_shows_the_last_commit_of_any_session(
    spark, schema, filled, rows, another_session
):
    another_session().sql(f"CREATE TABLE {schema}.later (x INT)")
    assert ("later",) in rows(f"SELECT table_name FROM {filled}.tables")
