"""What Unity Catalog's rules say about owners, MANAGE, ALL PRIVILEGES and the grants themselves, as statements."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]


@pytest.fixture
def bob(spark, catalog, schema, another_session):
    """A session of a principal who may use the catalog and the schema, and a table and a view that are not theirs."""
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT x FROM {schema}.t")
    spark.sql(f"GRANT USE CATALOG ON CATALOG {catalog} TO bob")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {schema} TO bob")
    return another_session("bob")


def test_the_owner_of_a_schema_manages_its_tables_and_does_not_read_them(spark, schema, bob, refused):
    spark.sql(f"ALTER SCHEMA {schema} OWNER TO bob")
    assert "does not have SELECT on Table" in refused(f"SELECT * FROM {schema}.t", bob)
    bob.sql(f"GRANT SELECT ON TABLE {schema}.t TO bob")
    assert bob.table(f"{schema}.t").count() == 1
    bob.sql(f"DROP TABLE {schema}.t")


def test_an_owner_still_needs_use_above_the_object(spark, schema, bob, refused):
    spark.sql(f"ALTER TABLE {schema}.t OWNER TO bob")
    assert bob.table(f"{schema}.t").count() == 1
    spark.sql(f"REVOKE USE SCHEMA ON SCHEMA {schema} FROM bob")
    assert "does not have USE SCHEMA on Schema" in refused(f"SELECT * FROM {schema}.t", bob)


def test_all_privileges_are_not_manage(spark, schema, bob, refused, rows):
    spark.sql(f"GRANT ALL PRIVILEGES ON SCHEMA {schema} TO bob")
    assert bob.table(f"{schema}.t").count() == 1
    bob.sql(f"INSERT INTO {schema}.t VALUES (2)")
    bob.sql(f"CREATE TABLE {schema}.own (x INT)")
    for statement in (
        f"DROP TABLE {schema}.t",
        f"GRANT SELECT ON TABLE {schema}.t TO carol",
        f"DROP SCHEMA {schema} CASCADE",
    ):
        assert "does not have MANAGE" in refused(statement, bob)
    assert rows(f"SHOW GRANTS bob ON TABLE {schema}.t") == [("bob", "ALL PRIVILEGES", "SCHEMA", schema)]


def test_manage_gives_no_data_and_may_give_it(spark, schema, bob, refused):
    spark.sql(f"GRANT MANAGE ON TABLE {schema}.t TO bob")
    assert "does not have SELECT" in refused(f"SELECT * FROM {schema}.t", bob)
    assert "does not have MODIFY" in refused(f"INSERT INTO {schema}.t VALUES (2)", bob)
    bob.sql(f"GRANT SELECT ON TABLE {schema}.t TO bob")
    assert bob.table(f"{schema}.t").count() == 1
    assert "does not have OWNERSHIP" in refused(f"ALTER TABLE {schema}.t ADD CONSTRAINT c CHECK (x > 0)", bob)
    bob.sql(f"ALTER TABLE {schema}.t OWNER TO bob")
    bob.sql(f"ALTER TABLE {schema}.t ADD CONSTRAINT c CHECK (x > 0)")


def test_revoke_all_privileges_takes_what_they_imply_and_leaves_manage(spark, schema, bob, rows):
    spark.sql(f"GRANT SELECT, MODIFY, MANAGE, ALL PRIVILEGES ON TABLE {schema}.t TO Bob")
    spark.sql(f"REVOKE ALL PRIVILEGES ON TABLE {schema}.t FROM bob")
    spark.sql(f"REVOKE APPLY TAG ON TABLE {schema}.t FROM bob")
    assert rows(f"SHOW GRANTS ON TABLE {schema}.t") == [("Bob", "MANAGE", "TABLE", f"{schema}.t")]


@pytest.mark.parametrize(
    ("grant", "fits"),
    [
        ("READ VOLUME ON TABLE {s}.t", "READ VOLUME fits: CATALOG, SCHEMA, VOLUME"),
        ("MODIFY ON VIEW {s}.v", "MODIFY fits: CATALOG, SCHEMA, TABLE"),
        ("MODIFY ON TABLE {s}.v", "MODIFY fits: CATALOG, SCHEMA, TABLE"),
        ("USE CATALOG ON SCHEMA {s}", "USE CATALOG fits: CATALOG"),
        ("CREATE CATALOG ON SCHEMA {s}", "CREATE CATALOG fits: METASTORE"),
        ("SELECT, READ FILES ON SCHEMA {s}", "READ FILES fits: EXTERNAL LOCATION"),
        ("SELECT ON METASTORE", "SELECT fits: CATALOG, SCHEMA, TABLE"),
    ],
)
def test_a_privilege_that_does_not_fit_is_refused_with_what_fits(  # noqa: PLR0917 - fixtures
    spark, bob, schema, refused, rows, grant, fits
):
    message = refused(f"GRANT {grant.format(s=schema)} TO carol")
    assert "is not applicable to this entity" in message
    assert fits in message
    assert not rows(f"SHOW GRANTS carol ON SCHEMA {schema}")


def test_only_the_owner_of_a_catalog_lets_data_leave_it(spark, catalog, schema, bob, refused, rows):  # noqa: PLR0917 - fixtures
    spark.sql(f"ALTER SCHEMA {schema} OWNER TO bob")
    statement = f"GRANT EXTERNAL USE SCHEMA ON SCHEMA {schema} TO bob"
    assert "does not have OWNERSHIP on Catalog" in refused(statement, bob)
    spark.sql(f"ALTER CATALOG {catalog} OWNER TO bob")
    bob.sql(statement)
    assert ("bob", "EXTERNAL USE SCHEMA", "SCHEMA", schema) in rows(f"SHOW GRANTS ON SCHEMA {schema}")


def test_grants_are_shown_to_who_manages_them_and_to_their_principal(spark, schema, bob, refused):
    spark.sql(f"GRANT SELECT ON SCHEMA {schema} TO bob")
    spark.sql(f"GRANT MODIFY ON TABLE {schema}.t TO carol")
    assert "does not have MANAGE" in refused(f"SHOW GRANTS ON TABLE {schema}.t", bob)
    assert "does not have MANAGE" in refused(f"SHOW GRANTS carol ON TABLE {schema}.t", bob)
    assert [tuple(row) for row in bob.sql(f"SHOW GRANTS bob ON TABLE {schema}.t").collect()] == [
        ("bob", "SELECT", "SCHEMA", schema)
    ]
    spark.sql(f"GRANT MANAGE ON TABLE {schema}.t TO bob")
    assert {row[0] for row in bob.sql(f"SHOW GRANTS ON TABLE {schema}.t").collect()} == {"bob", "carol"}


def test_a_view_is_given_to_oneself_only_since_it_works_with_its_owners_rights(spark, schema, bob, refused):
    spark.sql(f"GRANT MANAGE ON VIEW {schema}.v TO bob")
    assert "does not have OWNERSHIP on Metastore" in refused(f"ALTER VIEW {schema}.v OWNER TO carol", bob)
    bob.sql(f"ALTER VIEW {schema}.v OWNER TO bob")
    assert "the owner of the View" in refused(f"SELECT * FROM {schema}.v", bob)


def test_only_its_owner_changes_a_view(spark, schema, bob, refused):
    spark.sql(f"GRANT MANAGE, SELECT ON VIEW {schema}.v TO bob")
    spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO bob")
    for statement in (
        f"ALTER VIEW {schema}.v AS SELECT 2 AS x",
        f"CREATE OR REPLACE VIEW {schema}.v AS SELECT 2 AS x",
        f"COMMENT ON TABLE {schema}.v IS 'mine'",
    ):
        assert "does not have OWNERSHIP on View" in refused(statement, bob)
    bob.sql(f"DROP VIEW {schema}.v")


def test_who_may_create_tables_creates_or_replaces_views_of_their_own(spark, schema, bob, refused):
    replaces = f"CREATE OR REPLACE VIEW {schema}.of_bob AS SELECT {{}} AS x".format
    assert "does not have CREATE TABLE on Schema" in refused(replaces(1), bob)
    spark.sql(f"GRANT CREATE TABLE ON SCHEMA {schema} TO bob")
    for x in (1, 2):
        bob.sql(replaces(x))
        assert bob.table(f"{schema}.of_bob").collect()[0].x == x


def test_who_may_modify_changes_columns_comments_and_properties_and_no_more(spark, schema, bob, refused):
    spark.sql(f"GRANT MODIFY ON TABLE {schema}.t TO bob")
    bob.sql(f"ALTER TABLE {schema}.t ADD COLUMN y INT")
    bob.sql(f"ALTER TABLE {schema}.t SET TBLPROPERTIES ('a' = 'b')")
    bob.sql(f"COMMENT ON TABLE {schema}.t IS 'rows'")
    for statement in (
        f"ALTER TABLE {schema}.t CLUSTER BY (x)",
        f"ALTER TABLE {schema}.t ADD CONSTRAINT c CHECK (x > 0)",
        f"ALTER TABLE {schema}.t SET LOCATION '/tmp/elsewhere'",
    ):
        assert "does not have OWNERSHIP on Table" in refused(statement, bob)
    assert "MANAGE" in refused(f"ALTER TABLE {schema}.t RENAME TO {schema}.u", bob)


def test_the_metastore_has_grants_that_nothing_inherits(spark, catalog, bob, refused, another_session):
    assert "does not have CREATE CATALOG on Metastore" in refused("CREATE CATALOG bobs_analytics", bob)
    spark.sql("GRANT CREATE CATALOG ON METASTORE TO bob")
    try:
        bob.sql("CREATE CATALOG bobs_analytics")
        bob.sql("CREATE SCHEMA bobs_analytics.s")
        bob.sql("CREATE TABLE bobs_analytics.s.t AS SELECT 1 AS x")
        assert bob.table("bobs_analytics.s.t").count() == 1
        assert "does not have OWNERSHIP on Metastore" in refused(
            "GRANT CREATE CATALOG ON METASTORE TO carol", bob
        )
    finally:
        spark.sql("REVOKE CREATE CATALOG ON METASTORE FROM bob")
        spark.sql("DROP CATALOG IF EXISTS bobs_analytics CASCADE")
    assert "CREATE CATALOG" in refused("CREATE CATALOG bobs_analytics", bob)


def test_a_refusal_names_every_statement_that_it_takes(schema, catalog, bob, spark, another_session, refused):  # noqa: PLR0917 - fixtures
    message = refused(f"SELECT * FROM {schema}.t", another_session("o`neill@example.com"))
    first, second, third = (line for line in message.splitlines() if "GRANT" in line)
    assert first.strip() == f"fix: GRANT USE CATALOG ON CATALOG `{catalog}` TO `o``neill@example.com`"
    assert second.strip().startswith("GRANT USE SCHEMA ON SCHEMA")
    assert third.strip().startswith("GRANT SELECT ON TABLE")
    for line in (first.replace("fix:", ""), second, third):
        spark.sql(line)
    assert another_session("o`neill@example.com").table(f"{schema}.t").count() == 1


def test_the_information_schema_shows_grants_with_where_they_come_from(spark, catalog, schema, bob, rows):
    spark.sql(f"GRANT SELECT ON CATALOG {catalog} TO bob")
    spark.sql(f"GRANT MODIFY ON TABLE {schema}.t TO carol")
    columns = "grantee, table_name, privilege_type, is_grantable, inherited_from"
    held = f"SELECT {columns} FROM {catalog}.information_schema.table_privileges"
    assert rows(held) == [
        ("bob", "t", "SELECT", "NO", "CATALOG"),
        ("bob", "v", "SELECT", "NO", "CATALOG"),
        ("carol", "t", "MODIFY", "NO", "NONE"),
    ]
    assert {row[0] for row in bob.sql(held).collect()} == {"bob"}
    assert ("bob", "USE SCHEMA") in rows(
        f"SELECT grantee, privilege_type FROM {catalog}.information_schema.schema_privileges"
    )
    assert ("bob", "SELECT") in rows(
        f"SELECT grantee, privilege_type FROM {catalog}.information_schema.catalog_privileges"
    )
    grantors = rows(f"SELECT DISTINCT grantor FROM {catalog}.information_schema.catalog_privileges")
    assert [row[0] for row in grantors] != [None]
