"""Catalogs: CREATE, SHOW, DESCRIBE and DROP, in all sessions at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from databricks_utils.quoting import literal

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]


@pytest.mark.over_connect
def test_a_new_catalog_is_usable_at_once_and_from_every_session(spark, catalog, another_session, rows):
    other = another_session()
    other.sql(f"CREATE TABLE {catalog}.default.t AS SELECT 1 AS x")
    assert rows(f"SELECT * FROM {catalog}.default.t") == [(1,)]
    assert spark.table(f"{catalog}.default.t").count() == 1


@pytest.mark.over_connect
def test_the_data_frame_api_finds_a_catalog_created_by_another_session(spark, another_session):
    session = another_session()
    spark.sql("CREATE CATALOG made_elsewhere")
    try:
        session.range(3).write.saveAsTable("made_elsewhere.default.t")
        assert another_session().read.table("made_elsewhere.default.t").count() == 3
        assert another_session().catalog.tableExists("made_elsewhere.default.t")
    finally:
        spark.sql("DROP CATALOG made_elsewhere CASCADE")


@pytest.mark.over_connect
def test_show_catalogs_lists_all_catalogs_or_those_that_match_a_pattern(spark, catalog, rows):
    assert (catalog,) in rows("SHOW CATALOGS")
    assert rows(f"SHOW CATALOGS LIKE '{catalog[:-3]}*'") == [(catalog,)]
    assert rows("SHOW CATALOGS 'no-such-*'") == []


def test_creating_a_catalog_twice_is_refused_without_if_not_exists(spark, catalog, refused):
    assert "exists already" in refused(f"CREATE CATALOG {catalog}")
    spark.sql(f"CREATE CATALOG IF NOT EXISTS {catalog.upper()}")


def test_a_catalog_is_described_with_comment_and_owner(spark, rows):
    spark.sql("CREATE CATALOG described COMMENT 'it''s ours'")
    try:
        spark.sql("ALTER CATALOG described OWNER TO `team a`")
        described = dict(rows("DESCRIBE CATALOG described"))
        assert (described["Comment"], described["Owner"]) == ("it's ours", "team a")
        # As our own statements write a text: Spark would replace the variable.
        text = "${env:HOME}: it's 'new'"
        spark.sql(f"COMMENT ON CATALOG described IS {literal(text)}")
        assert dict(rows("DESCRIBE CATALOG EXTENDED described"))["Comment"] == text
    finally:
        spark.sql("DROP CATALOG described CASCADE")


def test_a_catalog_with_schemas_is_dropped_only_with_cascade(spark, catalog, schema, refused, rows):
    spark.sql(f"CREATE TABLE {schema}.t (x INT)")
    assert "CASCADE" in refused(f"DROP CATALOG {catalog}")
    assert "CASCADE" in refused(f"DROP CATALOG {catalog} RESTRICT")
    spark.sql(f"DROP CATALOG {catalog} CASCADE")
    assert (catalog,) not in rows("SHOW CATALOGS")


def test_dropping_a_catalog_deletes_its_managed_data(spark, catalog, lakehouse):
    before = set((lakehouse / "tables").glob("*"))
    spark.sql(f"CREATE TABLE {catalog}.default.t AS SELECT 1 AS x")
    assert set((lakehouse / "tables").glob("*")) != before
    spark.sql(f"DROP CATALOG {catalog} CASCADE")
    assert set((lakehouse / "tables").glob("*")) == before


def test_a_catalog_dropped_by_one_session_is_gone_for_another_that_uses_it(
    spark, catalog, another_session, refused
):
    other = another_session()
    other.sql(f"USE CATALOG {catalog}")
    spark.sql(f"DROP CATALOG {catalog} CASCADE")
    assert f"'{catalog}' does not exist" in refused("CREATE SCHEMA anew", other)
    assert f"'{catalog}' does not exist" in refused("SHOW SCHEMAS", other)


@pytest.mark.parametrize("current", ["spark_catalog", "ours"])
def test_an_unknown_catalog_is_named_in_the_error(spark, catalog, refused, current):
    spark.sql(f"USE CATALOG {catalog if current == 'ours' else current}")
    for statement in (
        "SELECT * FROM nowhere.a.b",
        "CREATE SCHEMA nowhere.a",
        "CREATE SCHEMA IF NOT EXISTS nowhere.a COMMENT 'c'",
        "DROP SCHEMA nowhere.a",
        "DESCRIBE SCHEMA nowhere.a",
        "ALTER SCHEMA nowhere.a SET DBPROPERTIES (k = '1')",
        "COMMENT ON SCHEMA nowhere.a IS 'c'",
        "SHOW TABLES IN nowhere.a",
        "USE nowhere.a",
        "CREATE TABLE nowhere.a.b (x INT)",
        "CREATE OR REPLACE TABLE nowhere.a.b AS SELECT 1 AS x",
        "CREATE VIEW nowhere.a.b AS SELECT 1 AS x",
        "DROP TABLE nowhere.a.b",
        "ALTER TABLE nowhere.a.b ADD COLUMN y INT",
        "DESCRIBE nowhere.a.b",
        "DESCRIBE HISTORY nowhere.a.b",
        "OPTIMIZE nowhere.a.b",
        "INSERT INTO nowhere.a.b VALUES (1)",
        "GRANT SELECT ON SCHEMA nowhere.a TO bob",
        "USE CATALOG nowhere",
        "DROP CATALOG nowhere",
    ):
        expected = (
            "nowhere" if statement.startswith("USE CATALOG") else "the catalog 'nowhere' does not exist"
        )
        assert expected in refused(statement), statement


def test_an_unknown_catalog_is_named_where_the_name_is_computed(spark, catalog, refused):
    spark.sql(f"USE CATALOG {catalog}")
    for statement in (
        "CREATE SCHEMA IDENTIFIER('nowhere.a')",
        "CREATE TABLE IDENTIFIER('nowhere.a.b') (x INT)",
    ):
        assert "the catalog 'nowhere' does not exist" in refused(statement)


def test_dropping_a_missing_catalog_with_if_exists_succeeds(spark):
    spark.sql("DROP CATALOG IF EXISTS nowhere")


def test_sparks_own_catalog_cannot_be_created(refused):
    assert "belongs to Spark" in refused("CREATE CATALOG spark_catalog")


def test_statements_may_have_comments_and_any_case(spark, rows):
    spark.sql("/* a */ create -- b\n catalog if not exists `shouted`")
    try:
        assert ("shouted",) in rows("show Catalogs")
    finally:
        spark.sql("drop catalog shouted")


def test_the_error_for_wrong_syntax_shows_the_expected_syntax(refused):
    assert "expected a catalog's name, found the end" in refused("CREATE CATALOG")
    assert "found `extra`" in refused("CREATE CATALOG a extra")


@pytest.mark.over_connect
def test_the_default_catalog_of_a_session_is_used(catalog, another_session):
    session = another_session()
    session.conf.set("spark.sql.defaultCatalog", catalog)
    session.sql("CREATE TABLE default.t AS SELECT 1 AS x")
    assert [tuple(row) for row in session.sql("SELECT *, current_catalog() FROM t").collect()] == [
        (1, catalog)
    ]


@pytest.mark.over_connect
@pytest.mark.parametrize(
    "named", ["{0}", "`{0}`", "'{0}'", "IDENTIFIER('{0}')", "IDENTIFIER('{0}' || '')", "IDENTIFIER(:name)"]
)
def test_use_catalog_accepts_a_name_a_string_or_an_identifier_clause(spark, catalog, rows, named):
    spark.sql(f"USE CATALOG {named.format(catalog)}", args={"name": catalog})
    try:
        assert rows("SELECT current_catalog()") == [(catalog,)]
    finally:
        spark.sql("USE CATALOG spark_catalog")


@pytest.mark.over_connect
def test_our_statements_accept_positional_parameters(spark, schema, rows):
    spark.sql("GRANT USE SCHEMA ON SCHEMA IDENTIFIER(?) TO `team a`", args=[schema])
    assert rows(f"SHOW GRANTS ON SCHEMA {schema}") == [("team a", "USE SCHEMA", "SCHEMA", schema)]
    with pytest.raises(Exception, match="a name in quotes, found `\\?`"):
        spark.sql("USE CATALOG IDENTIFIER(?)", args=[7])


@pytest.mark.over_connect
def test_sessions_can_create_the_same_catalog_with_if_not_exists_at_once(another_session):
    sessions = [another_session() for _ in range(4)]
    for number in range(8):
        with ThreadPoolExecutor(4) as pool:
            made = [
                pool.submit(session.sql, f"CREATE CATALOG IF NOT EXISTS race{number}") for session in sessions
            ]
            for one in made:
                one.result()
        sessions[0].sql(f"DROP CATALOG race{number} CASCADE")


def test_grants_accept_an_identifier_clause_with_several_parts(spark, schema, rows):
    spark.sql("GRANT USE SCHEMA ON SCHEMA IDENTIFIER(:name) TO `team a`", args={"name": schema})
    assert rows(f"SHOW GRANTS ON SCHEMA {schema}") == [("team a", "USE SCHEMA", "SCHEMA", schema)]


def test_an_invalid_identifier_clause_is_refused(refused):
    assert "a name in quotes" in refused("USE CATALOG IDENTIFIER(some_column)")
    assert "in one part" in refused("USE CATALOG IDENTIFIER('a.b')")
