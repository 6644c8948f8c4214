"""`system.access.table_lineage` and `column_lineage`: queries of a workspace, what a principal sees, and Spark's own `system`."""

import json
import time

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]

TABLE = "system.access.table_lineage"
COLUMN = "system.access.column_lineage"
ENTITY = (
    "struct<job_info:struct<job_id:string,job_run_id:string>,dashboard_id:string,legacy_dashboard_id:string,notebook_id:string,"
    "sql_query_id:string,dlt_pipeline_info:struct<dlt_pipeline_id:string,dlt_update_id:string>,genie_space_id:string,alert_id:string>"
)
OWNERS = ["account_id", "metastore_id", "workspace_id", "entity_type", "entity_id", "entity_run_id"]
TAIL = [
    "created_by",
    "event_time",
    "event_date",
    "record_id",
    "event_id",
    "statement_id",
    "entity_metadata",
    "direct_access",
]


def side(name):
    return [f"{name}_table_{part}" for part in ("full_name", "catalog", "schema", "name")] + [
        f"{name}_path",
        f"{name}_type",
    ]


def line(name, *, inputs=("c.s.a",), kind="COMPLETE", **event):
    """One event, as a line of a file has it."""
    dataset = {"namespace": "lakewright://x", "facets": {"datasetType": {"datasetType": "TABLE"}}}
    whole = {
        "eventTime": "2020-01-01T10:00:00Z",
        "eventType": kind,
        "run": {"runId": name, "facets": {"lakewright": {"principal": "old", **event}}},
        "inputs": [{"name": item, **dataset} for item in inputs],
        "outputs": [{"name": f"c.s.{name}", **dataset}],
    }
    return json.dumps(whole) + "\n"


@pytest.fixture
def wait_for(spark, schema):
    """Wait until the engine has written the event of the newest statement."""

    def wait():
        spark.sql(f"CREATE TABLE {schema}.marker AS SELECT 1 AS x")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if spark.sql(f"SELECT 1 FROM {TABLE} WHERE target_table_full_name = '{schema}.marker'").collect():
                return
            time.sleep(0.05)
        pytest.fail("the events did not arrive")

    return wait


@pytest.mark.over_connect
def test_the_catalog_system_leaves_sparks_own_functions_and_variables_alone(spark, rows):
    assert rows("SELECT system.builtin.abs(-1), SYSTEM.Builtin.upper('a'), abs(-2), builtin.abs(-3)") == [
        (1, "A", 2, 3)
    ]
    spark.sql("DECLARE OR REPLACE VARIABLE system.session.speed INT DEFAULT 3")
    spark.sql("SET VAR system.session.speed = 4")
    assert rows("SELECT system.session.speed, session.speed, speed") == [(4, 4, 4)]
    spark.sql("DROP TEMPORARY VARIABLE system.session.speed")
    spark.sql("CREATE TEMPORARY FUNCTION twice(x INT) RETURNS INT RETURN x * 2")
    assert rows("SELECT twice(2), system.session.twice(3)") == [(4, 6)]
    spark.sql("DROP TEMPORARY FUNCTION twice")
    spark.sql("CREATE OR REPLACE TEMPORARY VIEW seen AS SELECT 1 AS x")
    assert rows("SELECT x FROM seen") == [(1,)]
    spark.sql("USE system.access")
    try:
        assert rows("SELECT abs(-1), current_catalog(), current_schema()") == [(1, "system", "access")]
        assert rows("SELECT count(*) >= 0 FROM table_lineage") == [(True,)]
        assert rows("SELECT x FROM seen") == [(1,)]
    finally:
        spark.sql("USE spark_catalog.default")
        spark.sql("DROP VIEW seen")


@pytest.mark.over_connect
def test_the_tables_are_listed_and_have_the_columns_of_a_workspace(spark, rows):
    assert ("system",) in rows("SHOW CATALOGS")
    assert rows("SHOW SCHEMAS IN system") == [("access",)]
    assert rows("SHOW TABLES IN SYSTEM.Access") == [
        ("access", "column_lineage", False),
        ("access", "table_lineage", False),
    ]
    assert spark.catalog.tableExists(TABLE)
    assert not spark.catalog.tableExists("system.access.audit")
    table, column = spark.table(TABLE).schema, spark.table("System.ACCESS.Column_Lineage").schema
    assert table.names == [*OWNERS, *side("source"), *side("target"), *TAIL]
    assert column.names == [
        *OWNERS,
        *side("source"),
        "source_column_name",
        *side("target"),
        "target_column_name",
        *TAIL,
    ]
    kinds = {field.name: field.dataType.simpleString() for field in column}
    others = {
        "event_time": "timestamp",
        "event_date": "date",
        "entity_metadata": ENTITY,
        "direct_access": "boolean",
    }
    assert {name: kind for name, kind in kinds.items() if kind != "string"} == others


def test_nothing_in_the_catalog_system_can_be_changed(refused, schema):
    statements = (
        "CREATE TABLE system.access.mine (x INT)",
        "CREATE TABLE system.access.mine AS SELECT 1 AS x",
        f"INSERT INTO {TABLE} SELECT * FROM {TABLE}",
        f"DELETE FROM {TABLE}",
        f"DROP TABLE {TABLE}",
        f"ALTER TABLE {TABLE} ADD COLUMN x INT",
        f"ALTER TABLE {TABLE} RENAME TO system.access.mine",
        f"TRUNCATE TABLE {TABLE}",
        "CREATE SCHEMA system.mine",
        "DROP SCHEMA system.access CASCADE",
    )
    for statement in statements:
        message = refused(statement)
        assert "cannot be changed" in message or "does not support" in message, statement
    assert "belongs to Spark" in refused("CREATE CATALOG system")
    assert "TABLE_OR_VIEW_NOT_FOUND" in refused("SELECT * FROM system.access.audit")
    for statement in (
        f"GRANT SELECT ON TABLE {TABLE} TO `ann@example.com`",
        "SHOW GRANTS ON CATALOG system",
        "ALTER SCHEMA system.access OWNER TO `ann@example.com`",
    ):
        assert "no grants on a laptop" in refused(statement), statement
    assert "TABLE_OR_VIEW_NOT_FOUND" in refused("SELECT * FROM system.query.history")


@pytest.mark.over_connect
def test_a_query_of_a_workspace_finds_what_the_engine_has_recorded(spark, schema, rows, wait_for):
    catalog = schema.partition(".")[0]
    spark.sql(f"CREATE TABLE {schema}.a (id INT, price INT)")
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT id, price FROM {schema}.a")
    facts = {"job": "nightly", "task": "gold", "run_id": "r-1", "notebook": "/Workspace/gold"}
    for key, value in facts.items():
        spark.conf.set(f"spark.lakewright.lineage.{key}", value)
    try:
        spark.sql(f"CREATE TABLE {schema}.b AS SELECT id, price * 2 AS twice FROM {schema}.v WHERE id > 0")
    finally:
        for key in facts:
            spark.conf.unset(f"spark.lakewright.lineage.{key}")
    spark.sql(f"SELECT * FROM {schema}.a").collect()
    wait_for()
    found = rows(f"""
        SELECT source_table_name, source_type, target_table_full_name, entity_type, entity_id, entity_run_id,
               entity_metadata.job_info.job_run_id, entity_metadata.notebook_id, direct_access
        FROM {TABLE}
        WHERE target_table_catalog = '{catalog}' AND target_table_name = 'b' AND event_date >= current_date() - INTERVAL 1 DAY
    """)
    rest = (f"{schema}.b", "JOB", "nightly", "r-1", "r-1", "/Workspace/gold")
    assert found == [("a", "TABLE", *rest, False), ("v", "VIEW", *rest, True)]
    assert rows(f"""
        SELECT DISTINCT source_column_name, target_column_name FROM {COLUMN}
        WHERE source_table_full_name = '{schema}.a' AND target_table_name = 'b'
    """) == [("id", "id"), ("price", "twice")]
    # A statement that only reads, one that only writes; nobody's account.
    assert rows(f"""
        SELECT DISTINCT target_table_full_name, target_type, entity_type, entity_metadata.job_info, account_id, statement_id
        FROM {TABLE} WHERE source_table_full_name = '{schema}.a' AND target_table_full_name IS NULL
    """) == [(None, None, None, None, None, None)]
    assert rows(f"SELECT source_type FROM {TABLE} WHERE target_table_full_name = '{schema}.marker'") == [
        (None,)
    ]
    assert not rows(f"SELECT 1 FROM {TABLE} WHERE source_table_catalog = 'system'")
    keys = rows(f"SELECT record_id FROM {TABLE} UNION ALL SELECT record_id FROM {COLUMN}")
    assert len(keys) == len(set(keys))


def test_files_that_are_damaged_or_half_written_lose_no_other_event(rows, lakehouse):
    folder = lakehouse.with_name("lineage")
    folder.mkdir(exist_ok=True)
    old, garbage = folder / "2020-01-01.jsonl", folder / "2020-01-02.jsonl"
    lines = (
        line("one")
        + '[]\nnull\n\n{"eventType": "COMPLETE"}\n\x00\xff\n'
        + line("two", inputs=())
        + line("never", kind="FAIL")
    )
    old.write_text(lines + line("half")[:40], encoding="utf-8")
    garbage.write_bytes(b"\xff\xfe{" * 500_000 + b"\n" + line("three").encode() + line("four").encode()[:-1])
    try:
        found = f"SELECT target_table_name, source_table_name FROM {TABLE} WHERE created_by = 'old'"
        assert rows(found) == [("four", "a"), ("one", "a"), ("three", "a"), ("two", None)]
        assert rows(f"{found} AND event_date = DATE '2020-01-01'") == rows(found)
        assert rows(f"{found} AND event_date > DATE '2020-01-01'") == []
        # An event that was written after midnight is in the file of the next day.
        assert len(rows(f"{found} AND event_time < TIMESTAMP '2020-01-02'")) == 4
    finally:
        old.unlink()
        garbage.unlink()


def test_a_name_with_a_dot_is_one_name(schema, rows, lakehouse):
    """Such names are there where the project allows any; an event without backticks is of an older version."""
    catalog = schema.partition(".")[0]
    written = lakehouse.with_name("lineage") / "2020-01-03.jsonl"
    names = {"dotted": f"{schema}.`a.b`", "quoted": f"{catalog}.`s.a`.`b``c`", "plain": f"{schema}.open"}
    written.write_text("".join(line(run, inputs=(name,)) for run, name in names.items()), encoding="utf-8")
    parts = ", ".join(f"source_table_{part}" for part in ("full_name", "catalog", "schema", "name"))
    query = f"SELECT {parts} FROM {TABLE} WHERE target_table_name IN ('dotted', 'quoted', 'plain')"
    try:
        assert set(rows(query)) == {
            (names["dotted"], catalog, "s", "a.b"),
            (names["quoted"], catalog, "s.a", "b`c"),
            (names["plain"], catalog, "s", "open"),
        }
    finally:
        written.unlink()


@pytest.mark.never(
    where=("connect", "classic"),
    area="SQL: governance",
    what="grants on the catalog `system`",
    instead="no grant is needed for `system.access.table_lineage` and `column_lineage`: a principal sees the rows whose source and "
    "target it may know of",
    workspace="an administrator grants USE and SELECT on the schemas of `system`",
    reason="a laptop has no account administrator who could grant them",
    link="https://docs.databricks.com/aws/en/admin/system-tables/",
)
@pytest.mark.over_connect
def test_a_principal_sees_only_rows_of_which_it_may_know_both_sides(
    spark, schema, rows, wait_for, another_session
):
    catalog = schema.partition(".")[0]
    spark.sql(f"CREATE TABLE {schema}.open (x INT)")
    spark.sql(f"CREATE TABLE {schema}.closed AS SELECT x FROM {schema}.open")
    spark.sql(f"CREATE TABLE {schema}.report AS SELECT x FROM {schema}.open")
    spark.sql(f"CREATE VOLUME {schema}.files")
    spark.sql(f"SELECT x FROM {schema}.open").write.csv(f"/Volumes/{schema.replace('.', '/')}/files/out")
    wait_for()
    query = (
        "SELECT DISTINCT coalesce(source_table_name, source_path), coalesce(target_table_name, target_path) FROM {} "
        f"WHERE (source_table_catalog = '{catalog}' OR source_path LIKE '/Volumes/{catalog}/%') AND target_type IS NOT NULL"
    )
    every = {
        ("open", "closed"),
        ("open", "report"),
        ("open", f"/Volumes/{schema.replace('.', '/')}/files/out"),
    }
    assert set(rows(query.format(TABLE))) == set(rows(query.format(COLUMN))) == every
    reader, nobody = another_session("ann@example.com"), another_session("eve@example.com")

    def seen(session, table):
        return {tuple(row) for row in session.sql(query.format(table)).collect()}

    assert seen(nobody, TABLE) == seen(nobody, COLUMN) == set()
    # What the owner keeps in memory is the owner's.
    spark.sql(f"CACHE TABLE {TABLE}")
    spark.table(COLUMN).cache().count()
    try:
        assert set(rows(query.format(TABLE))) == every
        assert seen(nobody, TABLE) == seen(nobody, COLUMN) == set()
    finally:
        spark.sql("CLEAR CACHE")
    for privilege, securable in (
        ("USE CATALOG", f"CATALOG {catalog}"),
        ("USE SCHEMA", f"SCHEMA {schema}"),
        ("SELECT", f"TABLE {schema}.open"),
        ("SELECT", f"TABLE {schema}.report"),
    ):
        spark.sql(f"GRANT {privilege} ON {securable} TO `ann@example.com`")
    assert seen(reader, TABLE) == seen(reader, COLUMN) == {("open", "report")}
    assert seen(nobody, TABLE) == set()
    spark.sql(f"GRANT READ VOLUME ON VOLUME {schema}.files TO `ann@example.com`")
    spark.sql(f"REVOKE SELECT ON TABLE {schema}.report FROM `ann@example.com`")
    assert len(seen(reader, TABLE)) == 1
    assert "report" not in str(seen(reader, COLUMN))
    spark.sql(f"GRANT BROWSE ON CATALOG {catalog} TO `eve@example.com`")
    assert len(seen(nobody, TABLE)) == 3
