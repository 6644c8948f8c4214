"""The classic session of these tests runs with `lakewright.StoredGrants`: the seam, shown refusing."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]


@pytest.fixture
def table(spark, schema):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    return f"{schema}.t"


@pytest.fixture
def bob(spark, catalog, schema, another_session):
    """A session of a principal who may use the catalog and the schema, and nothing else."""
    spark.sql(f"GRANT USE CATALOG ON CATALOG {catalog} TO bob")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {schema} TO bob")
    return another_session("bob")


def denied(principal, privilege, kind, name):
    return f"[PERMISSION_DENIED] User {principal} does not have {privilege} on {kind} '{name}'"


def test_a_refused_select_names_user_privilege_and_securable(table, bob, refused):
    message = refused(f"SELECT * FROM {table}", bob)
    assert denied("bob", "SELECT", "Table", table) in message
    quoted = ".".join(f"`{part}`" for part in table.split("."))
    assert f"fix: GRANT SELECT ON TABLE {quoted} TO `bob`" in message


def test_the_error_for_a_missing_use_privilege_names_the_catalog(
    spark, catalog, table, another_session, refused
):
    spark.sql(f"GRANT SELECT ON TABLE {table} TO carol")
    assert denied("carol", "USE CATALOG", "Catalog", catalog) in refused(
        f"SELECT * FROM {table}", another_session("carol")
    )


def test_a_grant_allows_access_and_a_revoke_removes_it(spark, table, bob, refused):
    spark.sql(f"GRANT SELECT ON TABLE {table} TO `bob`")
    assert bob.table(table).count() == 1
    spark.sql(f"REVOKE SELECT ON TABLE {table} FROM bob")
    assert "PERMISSION_DENIED" in refused(f"SELECT * FROM {table}", bob)


def test_a_grant_on_a_schema_applies_to_its_tables(spark, schema, table, bob):
    spark.sql(f"GRANT SELECT ON SCHEMA {schema} TO bob")
    assert bob.table(table).count() == 1


def test_every_principal_has_the_grants_of_account_users(spark, schema, table, bob):
    spark.sql(f"GRANT SELECT ON SCHEMA {schema} TO `account users`")
    assert bob.table(table).count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {t} VALUES (2)",
        "UPDATE {t} SET x = 2",
        "DELETE FROM {t}",
        "MERGE INTO {t} t USING (SELECT 1 AS x) s ON t.x = s.x WHEN MATCHED THEN DELETE",
        "INSERT OVERWRITE {t} VALUES (2)",
        "TRUNCATE TABLE {t}",
        "OPTIMIZE {t}",
        "CREATE OR REPLACE TABLE {t} AS SELECT 5 AS x",
        "ALTER TABLE {t} ADD COLUMN y INT",
    ],
)
def test_a_reader_may_not_change_a_table(  # noqa: PLR0917 - fixtures
    spark, table, bob, refused, rows, statement
):
    spark.sql(f"GRANT SELECT ON TABLE {table} TO bob")
    assert denied("bob", "MODIFY", "Table", table) in refused(statement.format(t=table), bob)
    assert rows(f"SELECT * FROM {table}") == [(1,)]


def test_a_reader_may_not_restore_a_table(spark, table, bob, refused):
    spark.sql(f"GRANT SELECT ON TABLE {table} TO bob")
    spark.sql(f"INSERT INTO {table} VALUES (2)")
    assert denied("bob", "MODIFY", "Table", table) in refused(
        f"RESTORE TABLE {table} TO VERSION AS OF 0", bob
    )


def test_a_reader_may_not_save_over_a_table(spark, table, bob):
    spark.sql(f"GRANT SELECT ON TABLE {table} TO bob")
    # Spark takes the settings from the thread's active session; one thread has two of them here.
    bob._jvm.org.apache.spark.sql.classic.SparkSession.setActiveSession(bob._jsparkSession)
    for mode in ("append", "overwrite"):
        with pytest.raises(Exception, match="MODIFY on Table"):
            bob.range(1).selectExpr("int(id) AS x").write.mode(mode).saveAsTable(table)


def test_a_writer_may_insert_without_the_right_to_read(spark, table, bob, rows):
    spark.sql(f"GRANT MODIFY ON TABLE {table} TO bob")
    bob.sql(f"INSERT INTO {table} VALUES (2)")
    assert rows(f"SELECT * FROM {table}") == [(1,), (2,)]


def test_dropping_and_renaming_need_more_than_modify(spark, table, bob, refused):
    spark.sql(f"GRANT SELECT, MODIFY ON TABLE {table} TO bob")
    for statement in (
        f"DROP TABLE {table}",
        f"ALTER TABLE {table} RENAME TO u",
        f"ALTER TABLE {table} OWNER TO bob",
    ):
        assert denied("bob", "MANAGE", "Table", table) in refused(statement, bob)


def test_creating_an_object_needs_the_privilege_on_its_parent(spark, catalog, schema, bob, refused):
    for statement in (
        f"CREATE TABLE {schema}.n (x INT)",
        f"CREATE VIEW {schema}.n AS SELECT 1",
        f"CREATE TABLE {schema}.n AS SELECT 1 AS x",
    ):
        assert denied("bob", "CREATE TABLE", "Schema", schema) in refused(statement, bob)
    assert denied("bob", "CREATE SCHEMA", "Catalog", catalog) in refused(f"CREATE SCHEMA {catalog}.n", bob)
    assert denied("bob", "CREATE VOLUME", "Schema", schema) in refused(f"CREATE VOLUME {schema}.n", bob)
    assert "CREATE CATALOG" in refused("CREATE CATALOG bobs", bob)
    assert denied("bob", "MANAGE", "Schema", schema) in refused(f"DROP SCHEMA {schema} CASCADE", bob)
    assert denied("bob", "MANAGE", "Catalog", catalog) in refused(f"DROP CATALOG {catalog} CASCADE", bob)


def test_the_creator_of_a_table_is_its_owner(spark, schema, bob, rows):
    spark.sql(f"GRANT CREATE TABLE ON SCHEMA {schema} TO bob")
    bob.sql(f"CREATE TABLE {schema}.bobs AS SELECT 1 AS x")
    assert bob.table(f"{schema}.bobs").count() == 1
    owners = dict(
        rows(f"SELECT table_name, table_owner FROM {schema.split('.')[0]}.information_schema.tables")
    )
    assert owners["bobs"] == "bob"


def test_a_view_is_read_with_its_definers_rights(spark, schema, table, bob, refused):
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT x + 1 AS y FROM {table}")
    assert denied("bob", "SELECT", "View", f"{schema}.v") in refused(f"SELECT * FROM {schema}.v", bob)
    spark.sql(f"GRANT SELECT ON VIEW {schema}.v TO bob")
    assert [tuple(row) for row in bob.table(f"{schema}.v").collect()] == [(2,)]
    assert denied("bob", "SELECT", "Table", table) in refused(f"SELECT * FROM {table}", bob)


@pytest.mark.over_connect
def test_grants_are_stored_and_shown(spark, catalog, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.t (x INT)")
    spark.sql(f"GRANT SELECT, MODIFY ON TABLE {schema}.t TO `group one`")
    spark.sql(f"GRANT SELECT ON {schema}.t TO alice@example.org")
    spark.sql(f"GRANT ALL PRIVILEGES ON SCHEMA {schema} TO admins")
    name = f"{schema}.t"
    assert rows(f"SHOW GRANTS ON TABLE {name}") == [
        ("admins", "ALL PRIVILEGES", "SCHEMA", schema),
        ("alice@example.org", "SELECT", "TABLE", name),
        ("group one", "MODIFY", "TABLE", name),
        ("group one", "SELECT", "TABLE", name),
    ]
    assert rows(f"SHOW GRANTS `group one` ON TABLE {name}")[0][0] == "group one"
    spark.sql(f"REVOKE ALL PRIVILEGES ON TABLE {name} FROM `group one`")
    assert [row[0] for row in rows(f"SHOW GRANTS ON TABLE {name}")] == ["admins", "alice@example.org"]
    assert rows(f"SHOW GRANTS ON SCHEMA {schema}") == [("admins", "ALL PRIVILEGES", "SCHEMA", schema)]


def test_an_unknown_privilege_or_object_is_refused(schema, refused):
    assert "'SELEKT' is not a privilege" in refused(f"GRANT SELEKT ON SCHEMA {schema} TO bob")
    assert "TABLE_OR_VIEW_NOT_FOUND" in refused(f"GRANT SELECT ON TABLE {schema}.nope TO bob")
    assert "expected TO" in refused(f"GRANT SELECT ON SCHEMA {schema} FROM bob")


def test_grants_survive_a_rename_and_a_replace(spark, table, schema, rows):
    spark.sql(f"GRANT SELECT ON TABLE {table} TO readers")
    spark.sql(f"CREATE OR REPLACE TABLE {table} AS SELECT 2 AS x")
    spark.sql(f"ALTER TABLE {table} RENAME TO {schema}.u")
    assert rows(f"SHOW GRANTS ON TABLE {schema}.u") == [("readers", "SELECT", "TABLE", f"{schema}.u")]


@pytest.mark.over_connect
def test_rights_on_a_volume_are_given_shown_and_taken(spark, schema, rows):
    spark.sql(f"CREATE VOLUME {schema}.v")
    spark.sql(f"GRANT READ VOLUME, WRITE VOLUME ON VOLUME {schema}.v TO bob")
    spark.sql(f"REVOKE WRITE VOLUME ON VOLUME {schema}.v FROM bob")
    assert rows(f"SHOW GRANTS bob ON VOLUME {schema}.v") == [("bob", "READ VOLUME", "VOLUME", f"{schema}.v")]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("GRANT SELECT ON SHARE outside TO RECIPIENT partner", "SHARE"),
        ("REVOKE READ FILES ON EXTERNAL LOCATION lake FROM bob;", "EXTERNAL LOCATION"),
        ("SHOW GRANTS ON STORAGE CREDENTIAL key", "STORAGE CREDENTIAL"),
    ],
)
def test_a_grant_on_what_the_lakehouse_does_not_have_names_its_kind(refused, statement, kind):
    message = refused(statement)
    assert f"a grant on {kind} runs on Databricks" in message
    assert "fix: declare it in the bundle or with Terraform" in message


def test_a_grant_on_a_table_with_such_a_name_is_one_on_a_table(spark, schema, rows):
    spark.sql(f"USE {schema}")
    spark.sql("CREATE TABLE share (x INT)")
    spark.sql("GRANT SELECT ON share TO bob")
    assert rows("SHOW GRANTS ON TABLE share") == [("bob", "SELECT", "TABLE", f"{schema}.share")]
