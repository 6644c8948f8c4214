"""ANALYZE TABLE and its rights."""

import pytest

pytestmark = pytest.mark.integration


@pytest.fixture
def table(spark, schema):
    spark.sql(f"CREATE TABLE {schema}.t (id INT, p STRING) PARTITIONED BY (p)")
    return f"{schema}.t"


def test_statistics_are_accepted_for_a_table(spark, table):
    for clause in ("", " NOSCAN", " FOR COLUMNS id, P", " FOR ALL COLUMNS"):
        assert spark.sql(f"ANALYZE TABLE {table} COMPUTE STATISTICS{clause}").collect() == []


@pytest.mark.over_connect
@pytest.mark.never(
    where=("connect", "classic"),
    area="SQL: tables and data",
    what="`ANALYZE TABLE` and `ANALYZE TABLES`",
    instead="accepted, without effect; names of tables and columns, and the right to MODIFY, are checked",
    workspace="the optimizer gets statistics",
    reason="statistics make queries faster and change no result; Delta keeps its own for each file",
    link="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-aux-analyze-compute-statistics",
)
def test_statistics_of_a_schema_and_of_a_partition_are_accepted(spark, schema, table):
    assert spark.sql(f"ANALYZE TABLES IN {schema} COMPUTE STATISTICS").collect() == []
    assert spark.sql(f"ANALYZE TABLE {table} PARTITION (p = 'a') COMPUTE STATISTICS").collect() == []
    described = {row[0] for row in spark.sql(f"DESCRIBE EXTENDED {table}").collect()}
    assert "Statistics" not in described


def test_what_is_not_there_has_no_statistics(table, refused):
    for statement, message in {
        f"ANALYZE TABLE {table} COMPUTE STATISTICS FOR COLUMNS nope": "fix: use columns of the table: id, p",
        f"ANALYZE TABLE {table} PARTITION (nope = 1) COMPUTE STATISTICS": "the column `nope` cannot be found",
        f"ANALYZE TABLE {table}x COMPUTE STATISTICS": "TABLE_OR_VIEW_NOT_FOUND",
    }.items():
        assert message in refused(statement)


def test_statistics_need_the_right_to_modify(spark, schema, table, another_session, refused):
    spark.sql(f"GRANT USE CATALOG, USE SCHEMA, SELECT ON CATALOG {schema.split('.')[0]} TO bob")
    bob = another_session("bob")
    assert "MODIFY on Table" in refused(f"ANALYZE TABLE {table} COMPUTE STATISTICS", bob)
    assert "MODIFY on Table" in refused(f"ANALYZE TABLES IN {schema} COMPUTE STATISTICS", bob)
