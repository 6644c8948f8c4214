"""What Databricks runs and a laptop does not: one statement each, over one table, in both modes."""

import pytest

pytestmark = pytest.mark.integration

OURS, UPSTREAM, NEVER = pytest.mark.ours, pytest.mark.upstream, pytest.mark.never
BOTH = ("connect", "classic")
DOCS = "https://docs.databricks.com/aws/en/"
SQL = DOCS + "sql/language-manual/"
TABLES, GOVERNANCE, FUNCTIONS = "SQL: tables and data", "SQL: governance", "SQL: functions and names"
SYNTAX = "PARSE_SYNTAX_ERROR"
NO_SUCH_FUNCTION = "UNRESOLVED_ROUTINE"


def works_there(mark, what, statement, fails, reason, page, area=TABLES, **more):
    """A statement that a workspace runs, marked as failing here in both modes."""
    fields = {"where": BOTH, "area": area, "what": what, "fails": fails, "reason": reason, "link": SQL + page}
    return pytest.param(statement, id=what, marks=mark(**fields, **more))


def refused_here(what, statement, message, instead, reason, link, area=FUNCTIONS, **more):
    """A statement that only a workspace can run, with the message that a laptop gives."""
    fields = {"where": BOTH, "area": area, "what": what, "instead": instead, "reason": reason, "link": link}
    return pytest.param(statement, message, id=what, marks=NEVER(**fields, **more))


@pytest.fixture(scope="session")
def ground(spark):
    """A schema with one table `t (id INT, doc STRING)` of one row, a copy of it, and no function."""
    spark.sql("CREATE CATALOG parity_analytics")
    spark.sql("CREATE SCHEMA parity_analytics.s")
    spark.sql("""CREATE TABLE parity_analytics.s.t AS SELECT 1 AS id, '{"a": 2}' AS doc""")
    spark.sql("CREATE TABLE parity_analytics.s.copy SHALLOW CLONE parity_analytics.s.t")
    yield "parity_analytics.s"
    spark.sql("DROP CATALOG parity_analytics CASCADE")


@pytest.mark.over_connect
@pytest.mark.parametrize(
    "statement",
    [
        works_there(
            UPSTREAM,
            "`CREATE STREAMING TABLE`",
            "CREATE OR REFRESH STREAMING TABLE {s}.st AS SELECT * FROM STREAM {s}.t",
            SYNTAX,
            "Spark knows streaming tables inside of declarative pipelines only, and no OR REFRESH",
            "sql-ref-syntax-ddl-create-streaming-table",
        ),
        works_there(
            UPSTREAM,
            "`CREATE MATERIALIZED VIEW`",
            "CREATE MATERIALIZED VIEW {s}.mv AS SELECT count(*) AS n FROM {s}.t",
            "UNSUPPORTED_FEATURE",
            "Spark knows materialized views inside of declarative pipelines only",
            "sql-ref-syntax-ddl-create-materialized-view",
        ),
        works_there(
            OURS,
            "`COPY INTO`",
            "COPY INTO {s}.t FROM '/Volumes/c/s/v' FILEFORMAT = CSV",
            SYNTAX,
            "the engine's parser can take it; it needs a record of the files that were loaded",
            "delta-copy-into",
        ),
        works_there(
            UPSTREAM,
            "`DEEP CLONE`",
            "CREATE TABLE {s}.deep DEEP CLONE {s}.t",
            SYNTAX,
            "open-source Delta clones shallowly only; CREATE TABLE … AS SELECT copies the rows without the history",
            "delta-clone",
        ),
        works_there(
            UPSTREAM,
            "replacing a clone that is not empty",
            "CREATE OR REPLACE TABLE {s}.copy SHALLOW CLONE {s}.t",
            "DELTA_UNSUPPORTED_NON_EMPTY_CLONE",
            "open-source Delta replaces an empty clone only; TRUNCATE it first",
            "delta-clone",
        ),
        works_there(
            OURS,
            "`CLUSTER BY AUTO`",
            "CREATE TABLE {s}.auto (id INT) CLUSTER BY AUTO",
            SYNTAX,
            "the engine's parser can take it; which columns to cluster by is chosen by a service of the workspace",
            "sql-ref-syntax-ddl-cluster-by",
        ),
        works_there(
            UPSTREAM,
            "`SHOW CREATE TABLE`",
            "SHOW CREATE TABLE {s}.t",
            "SHOW CREATE TABLE",
            "open-source Delta refuses it",
            "sql-ref-syntax-aux-show-create-table",
        ),
        works_there(
            UPSTREAM,
            "`ANALYZE TABLE`",
            "ANALYZE TABLE {s}.t COMPUTE STATISTICS",
            "ANALYZE TABLE",
            "Spark refuses it for tables of a catalog plugin",
            "sql-ref-syntax-aux-analyze-table",
        ),
        works_there(
            OURS,
            "`UNDROP TABLE`",
            "UNDROP TABLE {s}.gone",
            SYNTAX,
            "DROP deletes a managed table's data at once; a workspace keeps them for seven days",
            "sql-ref-syntax-ddl-undrop-table",
            workspace="works for seven days after DROP",
        ),
        works_there(
            OURS,
            "external tables of CSV, JSON or Parquet",
            "CREATE TABLE {s}.files (id INT) USING csv LOCATION '/tmp/no-such-folder'",
            "'csv' is not supported",
            "the catalog plugin holds Delta tables only; read the files by their path",
            "sql-ref-syntax-ddl-create-table-using",
        ),
        works_there(
            UPSTREAM,
            "`PRIMARY KEY` and `FOREIGN KEY`",
            "CREATE TABLE {s}.keyed (id INT NOT NULL, PRIMARY KEY (id))",
            "CONSTRAINT",
            "open-source Delta has no such constraints",
            "sql-ref-syntax-ddl-create-table-constraint",
            workspace="works, informational: not enforced",
        ),
        works_there(
            OURS,
            "column masks",
            "ALTER TABLE {s}.t ALTER COLUMN doc SET MASK {s}.mask",
            SYNTAX,
            "the engine's parser can take it; a rule of the plan would apply it",
            "sql-ref-syntax-ddl-column-mask",
            GOVERNANCE,
        ),
        works_there(
            OURS,
            "row filters",
            "ALTER TABLE {s}.t SET ROW FILTER {s}.visible ON (id)",
            SYNTAX,
            "the engine's parser can take it; a rule of the plan would apply it",
            "sql-ref-syntax-ddl-row-filter",
            GOVERNANCE,
        ),
        works_there(
            OURS,
            "tags",
            "ALTER TABLE {s}.t SET TAGS ('pii' = 'no')",
            SYNTAX,
            "the engine's parser can take it; the entry of a table has room for tags",
            "sql-ref-syntax-ddl-alter-table",
            GOVERNANCE,
        ),
        works_there(
            OURS,
            "`is_account_group_member`",
            "SELECT is_account_group_member('admins')",
            NO_SUCH_FUNCTION,
            "the engine knows principals, and no groups yet",
            "functions/is_account_group_member",
            GOVERNANCE,
        ),
        works_there(
            UPSTREAM,
            "`column:path`",
            "SELECT doc:a FROM {s}.t",
            SYNTAX,
            "Spark's parser lacks the operator; get_json_object and variant_get do the same in both",
            "functions/colonsign",
            FUNCTIONS,
        ),
        works_there(
            OURS,
            "`read_files`",
            "SELECT * FROM read_files('/Volumes/c/s/v', format => 'csv')",
            "UNRESOLVABLE_TABLE_VALUED_FUNCTION",
            "a table function of the engine can do it; spark.read does the same in both",
            "functions/read_files",
            FUNCTIONS,
        ),
        works_there(
            OURS,
            "`CREATE FUNCTION` in a schema, SQL",
            "CREATE FUNCTION {s}.plus_one(x INT) RETURNS INT RETURN x + 1",
            "CATALOG",
            "the catalog plugin keeps no functions yet; CREATE TEMPORARY FUNCTION works",
            "sql-ref-syntax-ddl-create-sql-function",
            FUNCTIONS,
        ),
        works_there(
            OURS,
            "`CREATE FUNCTION` in a schema, Python",
            "CREATE FUNCTION {s}.plus_one(x INT) RETURNS INT LANGUAGE PYTHON AS 'return x + 1'",
            SYNTAX,
            "the catalog plugin keeps no functions yet; spark.udf.register works",
            "sql-ref-syntax-ddl-create-sql-function",
            FUNCTIONS,
        ),
        works_there(
            OURS,
            "`secret('scope', 'key')`",
            "SELECT secret('scope', 'key')",
            NO_SUCH_FUNCTION,
            "a function of the engine can do it; dbutils.secrets.get works",
            "functions/secret",
            FUNCTIONS,
        ),
        works_there(
            OURS,
            "`LIST`",
            "LIST '/Volumes/c/s/v'",
            SYNTAX,
            "the engine's parser can take it; dbutils.fs.ls works",
            "sql-ref-syntax-aux-list",
            "Files",
        ),
    ],
)
def test_a_statement_of_databricks_runs(spark, ground, statement):
    spark.sql(statement.format(s=ground)).collect()


@pytest.mark.over_connect
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        refused_here(
            "the catalog `samples`",
            "SELECT * FROM samples.nyctaxi.trips",
            "the catalog 'samples' does not exist",
            "refused; the fix says to give the name as a parameter",
            "it holds Databricks' own data",
            DOCS + "discover/databricks-datasets",
        ),
        refused_here(
            "system tables",
            "SELECT * FROM system.billing.usage",
            "the catalog 'system' does not exist",
            "refused",
            "they record what a workspace does and costs; a local run has its own record",
            DOCS + "admin/system-tables/",
        ),
        refused_here(
            "`ai_query` and the other `ai_…` functions",
            "SELECT ai_query('endpoint', 'text')",
            NO_SUCH_FUNCTION,
            "refused as an unknown function",
            "they call models that a workspace serves",
            SQL + "functions/ai_query",
        ),
        refused_here(
            "shares",
            "CREATE SHARE outside",
            SYNTAX,
            "refused as a syntax error",
            "sharing data takes a metastore that others reach",
            SQL + "sql-ref-syntax-ddl-create-share",
            GOVERNANCE,
        ),
        refused_here(
            "recipients",
            "CREATE RECIPIENT partner",
            SYNTAX,
            "refused as a syntax error",
            "sharing data takes a metastore that others reach",
            SQL + "sql-ref-syntax-ddl-create-recipient",
            GOVERNANCE,
        ),
        refused_here(
            "external locations and storage credentials",
            "CREATE EXTERNAL LOCATION lake URL 'abfss://a@b/c' WITH (STORAGE CREDENTIAL d)",
            SYNTAX,
            "refused as a syntax error",
            "they stand for cloud storage; Terraform makes them",
            SQL + "sql-ref-syntax-ddl-create-location",
            GOVERNANCE,
        ),
    ],
)
def test_a_statement_that_needs_a_workspace_is_refused(refused, statement, message):
    assert message in refused(statement)
