"""Ways around a missing right that a statement could take."""

import json

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(4)]

DENIED = "does not have SELECT on Table"


@pytest.fixture
def bob(spark, catalog, schema, another_session):
    """A session of a principal who may read the view `v` and the table `mine`, and not the table `t` below the view."""
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x, 'secret' AS y")
    spark.sql(f"CREATE TABLE {schema}.mine AS SELECT 1 AS x, 'z' AS y")
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT x FROM {schema}.t")
    spark.sql(f"GRANT USE CATALOG ON CATALOG {catalog} TO bob")
    spark.sql(f"GRANT USE SCHEMA, CREATE TABLE ON SCHEMA {schema} TO bob")
    spark.sql(f"GRANT SELECT ON VIEW {schema}.v TO bob")
    spark.sql(f"GRANT SELECT, MODIFY ON TABLE {schema}.mine TO bob")
    return another_session("bob")


READS = [
    "SELECT y FROM {s}.v JOIN {s}.t ON v.x = t.x",
    "SELECT (SELECT max(y) FROM {s}.t) FROM {s}.v",
    "SELECT x FROM {s}.v UNION ALL SELECT y FROM {s}.t",
    "WITH a AS (SELECT * FROM {s}.v), b AS (SELECT y FROM {s}.t) SELECT * FROM a, b",
    "SELECT y FROM {s}.t WHERE x IN (SELECT x FROM {s}.v)",
    "SELECT * FROM {s}.v WHERE EXISTS (SELECT 1 FROM {s}.t WHERE t.y > 'a')",
    "SELECT * FROM {s}.v ORDER BY (SELECT max(y) FROM {s}.t)",
    "SELECT * FROM {s}.v, LATERAL (SELECT y FROM {s}.t WHERE t.x = v.x)",
    "SELECT count(*) FROM {s}.t",
    "SELECT 1 FROM {s}.t LIMIT 0",
    "SELECT * FROM {s}.t VERSION AS OF 0",
    "SELECT _metadata.file_path FROM {s}.t",
    "TABLE {s}.t",
    "FROM {s}.t |> SELECT y",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r JOIN {s}.t ON n < 2) SELECT * FROM r",
    "DESCRIBE QUERY SELECT * FROM {s}.t",
    "DESCRIBE TABLE EXTENDED {s}.t",
    "DESCRIBE TABLE EXTENDED {s}.t y",
    "DESCRIBE HISTORY {s}.t",
    "DESCRIBE DETAIL {s}.t",
    "SHOW CREATE TABLE {s}.t",
    "SHOW COLUMNS IN {s}.t",
    "SHOW TBLPROPERTIES {s}.t",
    "CACHE TABLE kept AS SELECT * FROM {s}.t",
]
# UPDATE and DELETE with a subquery are refused by Delta itself.
WRITES = [
    "CREATE TABLE {s}.copied AS SELECT * FROM {s}.v JOIN {s}.t USING (x)",
    "CREATE OR REPLACE TABLE {s}.mine AS SELECT * FROM {s}.t",
    "CREATE TABLE {s}.copied SHALLOW CLONE {s}.t",
    "CREATE TABLE {s}.copied CLONE {s}.t",
    "CREATE VIEW {s}.other AS SELECT * FROM {s}.t",
    "INSERT INTO {s}.mine SELECT * FROM {s}.t",
    "INSERT OVERWRITE {s}.mine SELECT * FROM {s}.t",
    "INSERT INTO {s}.mine REPLACE WHERE x = 1 SELECT * FROM {s}.t",
    "MERGE INTO {s}.mine m USING {s}.t s ON m.x = s.x WHEN MATCHED THEN UPDATE SET y = s.y",
    "MERGE INTO {s}.mine m USING {s}.v s ON m.x = (SELECT max(x) FROM {s}.t) WHEN MATCHED THEN DELETE",
]


@pytest.mark.parametrize("query", READS)
def test_a_table_below_a_view_is_not_read_or_described_in_any_way(bob, schema, refused, query):
    assert bob.sql(f"SELECT * FROM {schema}.v").count() == 1
    message = refused(query.format(s=schema), bob)
    assert DENIED in message
    assert "secret" not in message


DESCRIBED = (
    "DESCRIBE TABLE EXTENDED {s}.t",
    "DESCRIBE DETAIL",
    "SHOW CREATE",
    "SHOW COLUMNS",
    "SHOW TBLPROPERTIES",
)


def test_who_may_write_a_table_reads_none_of_its_rows_in_any_way(spark, bob, schema, refused, rows):
    spark.sql(f"GRANT MODIFY ON TABLE {schema}.t TO bob")
    clones = [
        "CREATE TABLE {s}.copied SHALLOW CLONE {s}.t VERSION AS OF 0",
        "CREATE TABLE {s}.copied CLONE {s}.t VERSION AS OF 0",
    ]
    for text in [*READS, *WRITES, *clones]:
        statement = text.format(s=schema)
        if text == DESCRIBED[0] or text.startswith(DESCRIBED[1:]):
            bob.sql(statement).collect()
        else:
            message = refused(statement, bob)
            assert DENIED in message, statement
            assert "secret" not in message
    assert rows(f"SELECT * FROM {schema}.mine") == [(1, "z")]
    assert [row[1] for row in rows(f"SHOW TABLES IN {schema}")] == ["mine", "t", "v"]


def test_who_may_read_a_table_changes_nothing_by_deltas_own_commands(spark, bob, schema, refused):
    spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO bob")
    table = bob._jvm.io.delta.tables.DeltaTable.forName(bob._jsparkSession, f"{schema}.t")
    of_java = bob._jvm.org.apache.spark.sql.classic.SparkSession
    of_java.setActiveSession(bob._jsparkSession)
    for change in (
        lambda: table.addFeatureSupport("deletionVectors"),
        lambda: table.delete("x = 1"),
        lambda: bob.sql(f"GENERATE symlink_format_manifest FOR TABLE {schema}.t"),
        lambda: bob.sql(f"VACUUM {schema}.t"),
        lambda: bob.sql(f"REORG TABLE {schema}.t APPLY (PURGE)"),
    ):
        with pytest.raises(Exception, match="does not have MODIFY on Table"):
            change()
    assert spark.table(f"{schema}.t").count() == 1


@pytest.mark.parametrize("statement", WRITES)
def test_a_table_below_a_view_is_not_copied_in_any_way(bob, schema, refused, rows, statement):
    assert bob.sql(f"SELECT * FROM {schema}.v").count() == 1
    assert DENIED in refused(statement.format(s=schema), bob)
    assert rows(f"SELECT * FROM {schema}.mine") == [(1, "z")]
    assert [row[1] for row in rows(f"SHOW TABLES IN {schema}")] == ["mine", "t", "v"]


def test_a_plan_that_may_not_be_read_is_not_explained(spark, bob, schema):
    for mode in ("", "EXTENDED", "FORMATTED", "COST", "CODEGEN"):
        explained = bob.sql(f"EXPLAIN {mode} SELECT * FROM {schema}.v JOIN {schema}.t USING (x)").collect()
        shown = "\n".join(row[0] for row in explained)
        assert "PERMISSION_DENIED" in shown
        assert "parquet" not in shown


def test_update_and_delete_read_the_rows_that_they_change(spark, bob, schema, refused, rows):
    spark.sql(f"GRANT MODIFY ON TABLE {schema}.t TO bob")
    for statement in (
        f"DELETE FROM {schema}.t WHERE y = 'secret'",
        f"UPDATE {schema}.t SET x = 7 WHERE y = 'secret'",
        f"MERGE INTO {schema}.t USING {schema}.mine m ON t.y = m.y WHEN NOT MATCHED BY SOURCE THEN DELETE",
    ):
        assert DENIED in refused(statement, bob)
    bob.sql(f"INSERT INTO {schema}.t VALUES (2, 'added')")
    spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO bob")
    bob.sql(f"DELETE FROM {schema}.t WHERE y = 'secret'")
    assert rows(f"SELECT * FROM {schema}.t") == [(2, "added")]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {s}.t SELECT * FROM {s}.t",
        "INSERT OVERWRITE {s}.t SELECT * FROM {s}.t",
        "INSERT INTO {s}.t REPLACE WHERE x = 1 SELECT * FROM {s}.t",
        "INSERT INTO {s}.t SELECT x, 'w' FROM {s}.v",
        "WITH r AS (SELECT * FROM {s}.t) INSERT INTO {s}.t SELECT * FROM r",
        "DELETE FROM {s}.t WHERE x IN (SELECT x FROM {s}.t)",
        "UPDATE {s}.t SET y = 'w' WHERE x IN (SELECT x FROM {s}.t)",
        "MERGE INTO {s}.t a USING {s}.t b ON a.x = b.x WHEN MATCHED THEN DELETE",
        "MERGE INTO {s}.t a USING {s}.v b ON a.x = b.x WHEN MATCHED THEN UPDATE SET y = 'w'",
    ],
)
def test_a_table_that_a_statement_reads_is_not_written_without_the_right(  # noqa: PLR0917 - fixtures
    spark, bob, schema, refused, rows, statement
):
    spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO bob")
    assert "does not have MODIFY on Table" in refused(statement.format(s=schema), bob)
    assert rows(f"SELECT * FROM {schema}.t") == [(1, "secret")]


def test_a_dataframe_is_refused_once_the_right_is_gone(spark, bob, schema):
    spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO bob")
    kept, over_view = bob.table(f"{schema}.t"), bob.sql(f"SELECT * FROM {schema}.v JOIN {schema}.t USING (x)")
    bob.table(f"{schema}.t").createOrReplaceTempView("kept")
    assert kept.count() == over_view.count() == bob.table("kept").count() == 1
    spark.sql(f"REVOKE SELECT ON TABLE {schema}.t FROM bob")
    for derived in (kept.collect, over_view.collect, lambda: kept.select("x").collect(), kept.toPandas):
        with pytest.raises(Exception, match=DENIED):
            derived()
    with pytest.raises(Exception, match=DENIED):
        bob.sql("SELECT * FROM kept").collect()


def test_cached_rows_are_read_with_a_right_only(spark, bob, schema, refused):
    spark.table(f"{schema}.t").cache().count()
    try:
        assert DENIED in refused(f"SELECT * FROM {schema}.t", bob)
        assert bob.sql(f"SELECT * FROM {schema}.v").count() == 1
    finally:
        spark.catalog.clearCache()


def test_a_view_needs_the_right_of_its_owner(spark, bob, schema, refused, another_session):
    spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO bob")
    bob.sql(f"CREATE VIEW {schema}.bobs AS SELECT * FROM {schema}.t")
    spark.sql(f"GRANT USE CATALOG ON CATALOG {schema.split('.')[0]} TO carol")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {schema} TO carol")
    spark.sql(f"GRANT SELECT ON VIEW {schema}.bobs TO carol")
    carol = another_session("carol")
    assert carol.table(f"{schema}.bobs").count() == 1
    spark.sql(f"REVOKE SELECT ON TABLE {schema}.t FROM bob")
    message = refused(f"SELECT * FROM {schema}.bobs", carol)
    assert f"User bob (the owner of the View '{schema}.bobs') {DENIED}" in message


def test_a_view_over_a_view_works_with_the_rights_of_its_own_owner(
    spark, bob, schema, refused, another_session
):
    bob.sql(f"CREATE VIEW {schema}.upper AS SELECT x + 1 AS y FROM {schema}.v")
    spark.sql(f"GRANT USE CATALOG ON CATALOG {schema.split('.')[0]} TO carol")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {schema} TO carol")
    spark.sql(f"GRANT SELECT ON VIEW {schema}.upper TO carol")
    carol = another_session("carol")
    assert [tuple(row) for row in carol.table(f"{schema}.upper").collect()] == [(2,)]
    assert "does not have SELECT on View" in refused(f"SELECT * FROM {schema}.v", carol)
    spark.sql(f"REVOKE SELECT ON VIEW {schema}.v FROM bob")
    assert "User bob" in refused(f"SELECT * FROM {schema}.upper", carol)


def test_a_temporary_view_gives_no_right(bob, schema, refused):
    message = refused(f"CREATE TEMPORARY VIEW mine AS SELECT * FROM {schema}.t", bob)
    assert DENIED in message


def test_a_session_keeps_its_principal(bob, schema, refused):
    bob.sql(f"SELECT * FROM {schema}.v").collect()
    bob.conf.set("spark.lakewright.principal", "alice")
    assert "works for bob and cannot become alice" in refused(f"SELECT * FROM {schema}.mine", bob)
    bob.conf.unset("spark.lakewright.principal")
    assert DENIED in refused(f"SELECT * FROM {schema}.t", bob)
    bob.sql("RESET")
    assert DENIED in refused(f"SELECT * FROM {schema}.t", bob)
    bob.conf.set("spark.lakewright.grantsEnforced", "false")
    assert DENIED in refused(f"SELECT * FROM {schema}.t", bob)
    assert (
        bob.conf.get("spark.lakewright.grantsEnforced") == "true"
    )  # what is made from this session has it too
    assert bob.sql(f"SELECT * FROM {schema}.v").count() == 1


def test_a_stream_reads_with_the_right_of_its_session_only(spark, bob, schema, tmp_path):
    def run():
        frame = bob.readStream.table(f"{schema}.t")
        query = frame.writeStream.format("noop").option("checkpointLocation", str(tmp_path / "c"))
        query.trigger(availableNow=True).start().awaitTermination()

    with pytest.raises(Exception, match=DENIED):
        run()
    spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO bob")
    run()


def test_a_stream_writes_with_the_right_of_its_session_only(spark, bob, schema, tmp_path, rows):
    def run(table, checkpoint):
        frame = bob.readStream.table(f"{schema}.mine")
        query = frame.writeStream.option("checkpointLocation", str(tmp_path / checkpoint))
        query.trigger(availableNow=True).toTable(f"{schema}.{table}").awaitTermination()

    with pytest.raises(Exception, match="MODIFY on Table"):
        run("t", "a")
    spark.sql(f"GRANT MODIFY ON TABLE {schema}.t TO bob")
    run("t", "b")
    assert rows(f"SELECT * FROM {schema}.t") == [(1, "secret"), (1, "z")]


def test_what_is_not_seen_is_not_listed(spark, catalog, schema, bob):
    spark.sql(f"CREATE SCHEMA {catalog}.hidden")
    spark.sql(f"CREATE VOLUME {schema}.files")
    listed = {row[1] for row in bob.sql(f"SHOW TABLES IN {schema}").collect()}
    assert listed == {"mine", "v"}
    assert {row[0] for row in bob.sql(f"SHOW SCHEMAS IN {catalog}").collect()} == {"information_schema", "s"}
    assert bob.sql(f"SHOW VOLUMES IN {schema}").count() == 0
    assert catalog in {row[0] for row in bob.sql("SHOW CATALOGS").collect()}
    held = {
        relation: {
            row[0]
            for row in bob.sql(f"SELECT {column} FROM {catalog}.information_schema.{relation}").collect()
        }
        for relation, column in [
            ("tables", "table_name"),
            ("columns", "table_name"),
            ("views", "table_name"),
            ("schemata", "schema_name"),
            ("volumes", "volume_name"),
        ]
    }
    assert held == {
        "tables": {"mine", "v"},
        "columns": {"mine", "v"},
        "views": {"v"},
        "schemata": {"information_schema", "s"},
        "volumes": set(),
    }
    spark.sql(f"GRANT BROWSE ON CATALOG {catalog} TO bob")
    assert {row[1] for row in bob.sql(f"SHOW TABLES IN {schema}").collect()} == {"mine", "t", "v"}
    names = f"SELECT table_name FROM {catalog}.information_schema.columns"
    assert {row[0] for row in bob.sql(names).collect()} == {"mine", "t", "v"}


def test_a_catalog_that_is_not_seen_is_not_listed(spark, catalog, another_session, refused):
    dora = another_session("dora")
    assert catalog not in {row[0] for row in dora.sql("SHOW CATALOGS").collect()}
    assert "does not have USE CATALOG on Catalog" in refused(f"DESCRIBE CATALOG {catalog}", dora)
    spark.sql(f"CREATE FUNCTION {catalog}.default.f() RETURN 1")
    assert "does not have USE CATALOG on Catalog" in refused(
        f"DESCRIBE SCHEMA EXTENDED {catalog}.default", dora
    )
    assert dora.sql(f"SHOW USER FUNCTIONS IN {catalog}.default").count() == 0


def test_what_is_there_is_created_again_without_a_right(bob, catalog, schema, refused):
    bob.sql(f"CREATE TABLE IF NOT EXISTS {schema}.mine (x INT)")
    bob.sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    bob.sql(f"CREATE CATALOG IF NOT EXISTS {catalog}")
    assert "CREATE SCHEMA" in refused(f"CREATE SCHEMA IF NOT EXISTS {catalog}.another", bob)


def test_no_grant_survives_a_drop(spark, bob, schema, refused):
    spark.sql(f"DROP TABLE {schema}.mine")
    spark.sql(f"CREATE TABLE {schema}.mine AS SELECT 2 AS x")
    assert DENIED in refused(f"SELECT * FROM {schema}.mine", bob)


def test_a_grant_moves_with_the_name_and_not_to_another_schema_without_a_right(
    spark, bob, catalog, schema, refused
):
    spark.sql(f"GRANT MANAGE ON TABLE {schema}.mine TO bob")
    spark.sql(f"CREATE SCHEMA {catalog}.other")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {catalog}.other TO bob")
    assert "CREATE TABLE on Schema" in refused(
        f"ALTER TABLE {schema}.mine RENAME TO {catalog}.other.mine", bob
    )
    bob.sql(f"ALTER TABLE {schema}.mine RENAME TO {schema}.renamed")
    assert bob.table(f"{schema}.renamed").count() == 1


def test_two_sessions_grant_and_revoke_at_once_and_no_grant_is_lost(spark, schema, another_session):
    from concurrent.futures import ThreadPoolExecutor

    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")

    def work(number):
        for _ in range(5):
            spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO `p{number}`")
            spark.sql(f"GRANT MODIFY ON TABLE {schema}.t TO `p{number}`")
            spark.sql(f"REVOKE MODIFY ON TABLE {schema}.t FROM `p{number}`")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    shown = {(row[0], row[1]) for row in spark.sql(f"SHOW GRANTS ON TABLE {schema}.t").collect()}
    assert shown == {(f"p{number}", "SELECT") for number in range(4)}


@pytest.fixture
def people(lakehouse):
    """Write who there is, as a command of a project does; removed at the end."""
    file = lakehouse / "principals.json"

    def write(**content):
        file.write_text(json.dumps({"version": 1, **content}), encoding="utf-8")

    yield write
    file.unlink(missing_ok=True)


@pytest.mark.over_connect
def test_a_member_has_what_its_groups_have(spark, schema, another_session, refused, people):
    catalog = schema.split(".")[0]
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    people(
        users=["Ana@example.com"], groups={"inner": ["ana@example.com"], "outer": ["inner"], "Top": ["outer"]}
    )
    spark.sql(f"GRANT USE CATALOG ON CATALOG {catalog} TO `account users`")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {schema} TO TOP")
    spark.sql(f"GRANT SELECT ON TABLE {schema}.t TO outer")
    ana = another_session("ana@example.com")
    assert ana.table(f"{schema}.t").count() == 1
    spark.sql(f"ALTER TABLE {schema}.t OWNER TO inner")
    ana.sql(f"ALTER TABLE {schema}.t ADD CONSTRAINT positive CHECK (x > 0)")
    people(users=["Ana@example.com"], groups={"inner": [], "outer": ["inner"], "Top": ["outer"]})
    assert "User ana@example.com does not have USE SCHEMA" in refused(f"SELECT * FROM {schema}.t", ana)


def test_a_grant_to_nobody_is_refused_where_it_is_known_who_there_is(spark, schema, refused, people):
    spark.sql(f"GRANT SELECT ON SCHEMA {schema} TO anybody")
    people(users=["ana"], groups={"readers": ["ana"]})
    message = refused(f"GRANT SELECT ON SCHEMA {schema} TO reader")
    assert "[PRINCIPAL_DOES_NOT_EXIST] Could not find principal with name reader" in message
    assert "declared are: ana, readers" in message
    spark.sql(f"REVOKE SELECT ON SCHEMA {schema} FROM anybody")
    spark.sql(f"GRANT SELECT ON SCHEMA {schema} TO `account users`")
    assert "principal with name reader" in refused(f"ALTER SCHEMA {schema} OWNER TO reader")


def test_a_list_of_principals_that_cannot_be_read_is_an_error(  # noqa: PLR0917 - fixtures
    spark, schema, refused, lakehouse, another_session, people
):
    people()
    (lakehouse / "principals.json").write_text("{", encoding="utf-8")
    message = refused(f"SHOW TABLES IN {schema}", another_session("ana"))
    assert "the list of principals cannot be read" in message
    assert "principals.json" in message
