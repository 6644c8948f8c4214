"""What Databricks runs and a laptop does not: one statement each, over one table, in both modes."""

import pytest

pytestmark = pytest.mark.integration

OURS, UPSTREAM, NEVER = pytest.mark.ours, pytest.mark.upstream, pytest.mark.never
BOTH = ("connect", "classic")
EITHER_WAY = pytest.mark.drawn(1, by="spark")  # a run of CI tries all statements, in one of the two modes
DOCS = "https://docs.databricks.com/aws/en/"
SQL = DOCS + "sql/language-manual/"
TABLES, GOVERNANCE, FUNCTIONS = "SQL: tables and data", "SQL: governance", "SQL: functions and names"
SYNTAX = "PARSE_SYNTAX_ERROR"
THERE = "runs on Databricks, not in the local engine"
NO_SUCH_FUNCTION = "UNRESOLVED_ROUTINE"


def works_there(mark, what, statement, *, fails, reason, page, area=TABLES, **more):
    """A statement that a workspace runs, marked as failing here in both modes."""
    fields = {"where": BOTH, "area": area, "what": what, "fails": fails, "reason": reason, "link": SQL + page}
    return pytest.param(statement, id=what, marks=mark(**fields, **more))


def refused_here(what, statement, *, message, instead, reason, link, area=FUNCTIONS):
    """A statement that only a workspace can run, with the message that a laptop gives."""
    fields = {"where": BOTH, "area": area, "what": what, "instead": instead, "reason": reason, "link": link}
    return pytest.param(statement, message, id=what, marks=NEVER(**fields))


@pytest.fixture(scope="module")
def ground(spark):
    """A schema with one table `t (id INT, doc STRING)` of one row, and no function."""
    spark.sql("CREATE CATALOG parity_analytics")
    spark.sql("CREATE SCHEMA parity_analytics.s")
    spark.sql("""CREATE TABLE parity_analytics.s.t AS SELECT 1 AS id, '{"a": 2}' AS doc""")
    yield "parity_analytics.s"
    spark.sql("DROP CATALOG parity_analytics CASCADE")


@EITHER_WAY
@pytest.mark.over_connect
@pytest.mark.parametrize(
    "statement",
    [
        works_there(
            UPSTREAM,
            "`CREATE STREAMING TABLE`",
            "CREATE OR REFRESH STREAMING TABLE {s}.st AS SELECT * FROM STREAM {s}.t",
            fails=SYNTAX,
            reason="Spark knows streaming tables inside of declarative pipelines only, and no OR REFRESH",
            page="sql-ref-syntax-ddl-create-streaming-table",
        ),
        works_there(
            UPSTREAM,
            "`CREATE MATERIALIZED VIEW`",
            "CREATE MATERIALIZED VIEW {s}.mv AS SELECT count(*) AS n FROM {s}.t",
            fails="CREATE_PIPELINE_DATASET_QUERY_EXECUTION",
            reason="Spark knows materialized views inside of declarative pipelines only",
            page="sql-ref-syntax-ddl-create-materialized-view",
        ),
        works_there(
            OURS,
            "`UNDROP TABLE`",
            "UNDROP TABLE {s}.gone",
            fails=THERE,
            reason="DROP deletes a managed table's data at once; a workspace keeps them for seven days",
            page="sql-ref-syntax-ddl-undrop-table",
            workspace="works for seven days after DROP",
        ),
        works_there(
            OURS,
            "`BY NAME` with `REPLACE ON` and `REPLACE USING`",
            "INSERT INTO {s}.t BY NAME REPLACE USING (id) SELECT 'x' AS doc, 1 AS id",
            fails=THERE,
            reason="Delta matches columns of a DataFrame that replaces rows by their position; REPLACE without BY NAME works",
            page="sql-ref-syntax-dml-insert-into",
        ),
        works_there(
            OURS,
            "external tables of CSV, JSON or Parquet",
            "CREATE TABLE {s}.files (id INT) USING csv LOCATION '/tmp/no-such-folder'",
            fails="'csv' is not supported",
            reason="the catalog plugin holds Delta tables only; read the files by their path",
            page="sql-ref-syntax-ddl-create-table-using",
        ),
        works_there(
            UPSTREAM,
            "`column:path` on JSON text",
            "SELECT doc:a FROM {s}.t",
            fails="COLUMN_IS_NOT_VARIANT_TYPE",
            reason="Spark's operator takes VARIANT only; parse_json(column):path and get_json_object work in both",
            page="functions/colonsign",
            area=FUNCTIONS,
        ),
        works_there(
            OURS,
            "`read_files`",
            "SELECT * FROM read_files('/Volumes/c/s/v', format => 'csv')",
            fails="table-valued function",
            reason="a table function of the engine can do it; spark.read does the same in both",
            page="functions/read_files",
            area=FUNCTIONS,
        ),
        works_there(
            OURS,
            "`CREATE FUNCTION` in a schema, Python",
            "CREATE FUNCTION {s}.plus_one(x INT) RETURNS INT LANGUAGE PYTHON AS 'return x + 1'",
            fails=SYNTAX,
            reason="Spark parses SQL functions only; spark.udf.register works",
            page="sql-ref-syntax-ddl-create-sql-function",
            area=FUNCTIONS,
        ),
        works_there(
            OURS,
            "`secret('scope', 'key')`",
            "SELECT secret('scope', 'key')",
            fails=NO_SUCH_FUNCTION,
            reason="a function of the engine can do it; dbutils.secrets.get works",
            page="functions/secret",
            area=FUNCTIONS,
        ),
        works_there(
            OURS,
            "`LIST`",
            "LIST '/Volumes/c/s/v'",
            fails=THERE,
            reason="the engine's parser can take it; dbutils.fs.ls works",
            page="sql-ref-syntax-aux-list",
            area="Files",
        ),
    ],
)
def test_a_statement_of_databricks_runs(spark, ground, statement):
    spark.sql(statement.format(s=ground)).collect()


@EITHER_WAY
@pytest.mark.over_connect
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        refused_here(
            "the catalog `samples`",
            "SELECT * FROM samples.nyctaxi.trips",
            message="the catalog 'samples' does not exist",
            instead="refused; the fix says to give the name as a parameter",
            reason="it holds Databricks' own data",
            link=DOCS + "discover/databricks-datasets",
        ),
        refused_here(
            "system tables other than those of lineage",
            "SELECT * FROM system.billing.usage",
            message="TABLE_OR_VIEW_NOT_FOUND",
            instead="not there; `system.access.table_lineage` and `column_lineage` are",
            reason="they record what a workspace does and costs; a local run has its own record",
            link=DOCS + "admin/system-tables/",
        ),
        refused_here(
            "`ai_query` and the other `ai_…` functions",
            "SELECT ai_query('endpoint', 'text')",
            message=NO_SUCH_FUNCTION,
            instead="refused as an unknown function",
            reason="they call models that a workspace serves",
            link=SQL + "functions/ai_query",
        ),
        refused_here(
            "shares",
            "CREATE SHARE outside",
            message=THERE,
            instead="refused by its name; the fix says to run it in a workspace or to declare it with Terraform",
            reason="sharing data takes a metastore that others reach",
            link=SQL + "sql-ref-syntax-ddl-create-share",
            area=GOVERNANCE,
        ),
        refused_here(
            "recipients",
            "CREATE RECIPIENT partner",
            message=THERE,
            instead="refused by its name; the fix says to run it in a workspace or to declare it with Terraform",
            reason="sharing data takes a metastore that others reach",
            link=SQL + "sql-ref-syntax-ddl-create-recipient",
            area=GOVERNANCE,
        ),
        refused_here(
            "connections and foreign catalogs",
            "CREATE CONNECTION c TYPE postgresql OPTIONS (host 'h')",
            message=THERE,
            instead="refused by its name; the fix says to run it in a workspace or to declare it with Terraform",
            reason="they stand for databases that a workspace reaches",
            link=SQL + "sql-ref-syntax-ddl-create-connection",
            area=GOVERNANCE,
        ),
        refused_here(
            "`FSCK REPAIR TABLE`",
            "FSCK REPAIR TABLE t",
            message=THERE,
            instead="refused by its name; the fix names RESTORE TABLE",
            reason="it forgets files that a cloud store has lost",
            link=SQL + "delta-fsck",
            area=TABLES,
        ),
        refused_here(
            "bloom filter indexes",
            "CREATE BLOOMFILTER INDEX ON TABLE t FOR COLUMNS (id)",
            message=THERE,
            instead="refused by its name; the fix says to leave it out",
            reason="an index makes queries of large tables faster and changes no result",
            link=SQL + "delta-create-bloomfilter-index",
            area=TABLES,
        ),
        refused_here(
            "`CACHE SELECT`",
            "CACHE SELECT * FROM t",
            message=THERE,
            instead="refused by its name; the fix says to leave it out",
            reason="it fills the disk cache of a cluster and changes no result",
            link=SQL + "delta-cache",
            area=TABLES,
        ),
        refused_here(
            "`SYNC`",
            "SYNC SCHEMA main.s FROM hive_metastore.s",
            message=THERE,
            instead="refused by its name",
            reason="it upgrades tables of a Hive metastore, which a laptop has not",
            link=SQL + "sql-ref-syntax-aux-sync",
            area=GOVERNANCE,
        ),
        refused_here(
            "`CREATE WIDGET` and `REMOVE WIDGET`",
            "CREATE WIDGET TEXT name DEFAULT 'x'",
            message=THERE,
            instead="refused by its name; the fix names dbutils.widgets",
            reason="widgets belong to a notebook, and the engine runs SQL for many",
            link=DOCS + "notebooks/widgets",
            area="Notebooks and dbutils",
        ),
        refused_here(
            "governed tags",
            "CREATE GOVERNED TAG pii",
            message=THERE,
            instead="refused by its name; a tag that a policy asks for takes MANAGE where the policy is",
            reason="an account defines them and who may assign them",
            link=SQL + "sql-ref-syntax-ddl-create-governed-tag",
            area=GOVERNANCE,
        ),
        refused_here(
            "policies on views and on the metastore, GRANT and DENY policies",
            "CREATE POLICY p ON METASTORE ROW FILTER f TO `account users` FOR TABLES",
            message=THERE,
            instead="refused by its name; policies of rows and columns on catalogs, schemas and tables hold",
            reason="they are in Beta, and their pages may change",
            link=SQL + "sql-ref-syntax-ddl-create-policy",
            area=GOVERNANCE,
        ),
        refused_here(
            "external locations and storage credentials",
            "CREATE EXTERNAL LOCATION lake URL 'abfss://a@b/c' WITH (STORAGE CREDENTIAL d)",
            message=THERE,
            instead="refused by its name; the fix says to run it in a workspace or to declare it with Terraform",
            reason="they stand for cloud storage; Terraform makes them",
            link=SQL + "sql-ref-syntax-ddl-create-location",
            area=GOVERNANCE,
        ),
    ],
)
def test_a_statement_that_needs_a_workspace_is_refused(refused, statement, message):
    assert message in refused(statement)


@pytest.mark.over_connect
def test_a_refusal_names_the_statement_and_a_way_out(refused):
    for statement in (
        "CREATE GOVERNED TAG a",
        "SHOW POLICIES ON METASTORE",
    ):
        message = refused(statement)
        assert THERE in message
        assert "\n  fix: " in message


def test_a_table_may_have_the_name_of_what_a_workspace_has(spark, schema, rows):
    spark.sql(f"USE {schema}")
    for name in ("share", "list", "provider", "recipient", "connection", "tag", "mask"):
        spark.sql(f"CREATE TABLE {name} (tags INT)")
        spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES (tags = 'mask')")
        assert rows(f"DESCRIBE {name}") == [("tags", "int", None)]
        spark.sql(f"DROP TABLE {name}")


@pytest.mark.never(
    where=BOTH,
    area=TABLES,
    what="the columns of `CLUSTER BY AUTO`",
    instead="accepted: a new table has none, an altered one keeps what it has",
    workspace="a service chooses columns by the queries of a table",
    reason="how files are laid out changes no result",
    link=SQL + "sql-ref-syntax-ddl-cluster-by",
)
@pytest.mark.over_connect
def test_a_table_whose_clustering_columns_nobody_chooses_is_made(spark, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.t (id INT) CLUSTER BY AUTO COMMENT 'CLUSTER BY AUTO'")
    spark.sql(f"CREATE OR REPLACE TABLE {schema}.t CLUSTER BY AUTO AS SELECT 1 AS id")
    assert rows(f"SELECT * FROM {schema}.t") == [(1,)]
    spark.sql(f"ALTER TABLE {schema}.t CLUSTER BY (id)")
    spark.sql(f"ALTER TABLE {schema}.t CLUSTER BY AUTO")
    detail = spark.sql(f"DESCRIBE DETAIL {schema}.t").collect()[0]
    assert (detail.clusteringColumns, detail.properties["clusterByAuto"]) == (["id"], "true")
