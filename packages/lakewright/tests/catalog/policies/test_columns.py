"""Masks on columns that partition a table, on new columns and on structs; what a policy that does not fit says."""

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]


@pytest.fixture
def parted(spark, people):
    """The table `people` with its partition column masked, and all rows shown."""
    spark.sql("ALTER TABLE people DROP ROW FILTER")
    spark.sql("CREATE FUNCTION blur(r STRING) RETURNS STRING RETURN left(r, 1)")
    spark.sql("ALTER TABLE people ALTER COLUMN region SET MASK blur")


WAYS = [
    "SELECT input_file_name(), id FROM people",
    "SELECT id FROM people WHERE input_file_name() LIKE '%fr%'",
    "SELECT _metadata.file_path FROM people",
    "SELECT _metadata FROM people",
    "SHOW PARTITIONS people",
    "SELECT region FROM people WHERE region = 'TOKENfr'",
    "EXPLAIN EXTENDED SELECT * FROM people WHERE region = 'T'",
    "EXPLAIN FORMATTED SELECT region, count(*) FROM people GROUP BY region",
    "SELECT CAST(region AS INT) FROM people",
    "DESCRIBE EXTENDED people",
    "DESCRIBE DETAIL people",
    "DELETE FROM people WHERE CAST(region AS INT) = 1",
    "UPDATE people SET name = input_file_name()",
]


def test_a_mask_on_a_partition_column_holds_also_in_the_names_of_files(spark, bob, parted, seen, rows):
    assert seen("SELECT id, region FROM people") == [(1, "D"), (2, "T"), (3, "D")]
    assert seen("SELECT id FROM people WHERE region = 'T'") == [(2,)]
    for statement in WAYS:
        try:
            text = repr(bob.sql(statement).collect())
        except (PySparkException, Py4JJavaError) as problem:
            text = str(problem)
        assert "TOKENfr" not in text.replace("= 'TOKENfr'", "").replace("= TOKENfr", ""), (statement, text)
    assert bob.table("people").inputFiles() == []
    bob.sql("UPDATE people SET pay = 0 WHERE region = 'T'")
    bob.sql("DELETE FROM people WHERE region = 'D' AND id = 1")
    assert rows("SELECT id, region, pay FROM people") == [(2, "TOKENfr", 0), (3, "DE", 30)]


def test_a_column_gets_its_mask_with_its_first_commit(  # noqa: PLR0917 - fixtures
    spark, bob, people, seen, rows, refused
):
    spark.sql("ALTER TABLE people ADD COLUMN phone STRING MASK hide")
    spark.sql("ALTER TABLE people ADD COLUMNS (fax STRING COMMENT 'MASK x', mail STRING MASK hide)")
    spark.sql("UPDATE people SET phone = 'TOKEN1', fax = 'f', mail = 'TOKEN2'")
    assert seen("SELECT phone, fax, mail FROM people") == [("***", "f", "***")] * 2
    assert "NOT_FOUND" in refused("ALTER TABLE people ADD COLUMN d STRING MASK nowhere")
    assert "does not have MANAGE" in refused("ALTER TABLE people ADD COLUMN d STRING MASK hide", bob)
    refused("ALTER TABLE people ADD COLUMN pay STRING MASK hide")
    refused("ALTER TABLE people ADD COLUMN d STRING DEFAULT 'x' MASK hide")
    masks = rows(f"SELECT column_name FROM {people.split('.')[0]}.information_schema.column_masks")
    assert masks == [("mail",), ("name",), ("phone",)]
    assert "d" not in spark.table("people").columns


def test_a_struct_is_masked_as_a_whole(spark, bob, people, seen):
    kind = "STRUCT<a: STRING, b: ARRAY<STRUCT<c: STRING>>>"
    spark.sql(f"CREATE TABLE deep (id INT, s {kind})")
    spark.sql("INSERT INTO deep SELECT 1, named_struct('a', 'TOKEN', 'b', array(named_struct('c', 'TOKEN')))")
    spark.sql(
        f"CREATE FUNCTION inside(s {kind}) RETURNS {kind} "
        "RETURN named_struct('a', left(s.a, 1), 'b', transform(s.b, x -> named_struct('c', '*')))"
    )
    spark.sql("ALTER TABLE deep ALTER COLUMN s SET MASK inside")
    assert seen("SELECT s.a, s.b[0].c, explode(s.b.c), to_json(s) FROM deep") == [
        ("T", "*", "*", '{"a":"T","b":[{"c":"*"}]}')
    ]


def test_a_principal_whom_the_functions_exempt_works_as_without_policies(  # noqa: PLR0917 - fixtures
    lakehouse, spark, bob, people, seen, rows
):
    file = lakehouse / "principals.json"
    file.write_text('{"version": 1, "users": ["bob"], "groups": {"HR": ["Bob"]}}', encoding="utf-8")
    spark.sql(
        "CREATE OR REPLACE FUNCTION here(r STRING, w STRING) RETURNS BOOLEAN RETURN is_member('hr') OR r = w"
    )
    try:
        bob.sql(
            "MERGE INTO people t USING (SELECT 2 AS id, 'new' AS name, 'DE' AS region, 1 AS pay UNION ALL SELECT 8, 'n', 'IT', 8) s "
            "ON t.id = s.id WHEN MATCHED AND t.name = 'TOKENbob' THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        )
        plan = bob.sql("EXPLAIN SELECT name FROM people WHERE name = 'new'").first()[0]
    finally:
        file.unlink()
    assert rows("SELECT id, name FROM people") == [(1, "TOKENann"), (2, "new"), (3, "TOKENcid"), (8, "n")]
    assert "EqualTo(name,new)" in plan


BAD = {
    # A mask's function is missing, has another type, or reads what its owner may not read; a filter reads a column that is gone.
    "missing": ("DROP FUNCTION hide", "UC_DEPENDENCY_DOES_NOT_EXIST"),
    "type": (
        "CREATE OR REPLACE FUNCTION hide(n ARRAY<INT>) RETURNS STRING RETURN 'x'",
        "DATATYPE_MISMATCH",
    ),
    "arguments": (
        "CREATE OR REPLACE FUNCTION hide(n STRING, m INT) RETURNS STRING RETURN n",
        "WRONG_NUM_ARGS",
    ),
    "column": (
        "CREATE OR REPLACE TABLE people AS SELECT 1 AS id, 'TOKEN' AS name, 'DE' AS area",
        "ROW_COLUMN_ACCESS.COLUMN_NOT_FOUND",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_policy_that_no_longer_fits_refuses_every_read_and_change_and_says_why(
    spark, bob, people, refused, case
):
    statement, message = BAD[case]
    spark.sql(statement)
    for work in ("SELECT id FROM people", "UPDATE people SET id = 1", "DELETE FROM people"):
        text = refused(work, bob)
        assert message in text, work
        assert "TOKEN" not in text
