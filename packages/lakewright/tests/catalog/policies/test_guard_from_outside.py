"""What stands around a policy, in the query or in what reads the files, computes nothing of it and does not hide that it fails."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]
TOKEN = "TOKEN"


READ = {  # each takes a value out of a VARIANT and converts it, as Spark lets the reader of Parquet files do
    "a part": "variant_get({v}, '$.x', 'int')",
    "the whole": "CAST({v} AS INT)",
    "a part of a part": "CAST(variant_get({v}, '$.x', 'variant') AS INT)",
}


def test_a_policy_is_not_computed_by_what_reads_the_files(spark, bob, people, answers, wrong_failures):
    found = {}
    spark.sql("CREATE TABLE documents (id INT, v VARIANT, s STRUCT<v: VARIANT>)")
    for what, one in READ.items():
        document = (
            """parse_json('"TOKENann"')""" if what == "the whole" else """parse_json('{"x": "TOKENann"}')"""
        )
        spark.sql(f"INSERT OVERWRITE documents SELECT 1, {document}, struct({document})")
        spark.sql(
            f"CREATE OR REPLACE FUNCTION more(v VARIANT) RETURNS BOOLEAN RETURN {one.format(v='v')} > 1"
        )
        spark.sql(
            f"CREATE OR REPLACE FUNCTION number(v VARIANT) RETURNS VARIANT RETURN CAST({one.format(v='v')} AS VARIANT)"
        )
        spark.sql(
            "CREATE OR REPLACE FUNCTION inner_number(s STRUCT<v: VARIANT>) RETURNS STRUCT<v: VARIANT> "
            f"RETURN struct(CAST({one.format(v='s.v')} AS VARIANT))"
        )
        for column, function in (("v", "number"), ("s", "inner_number")):
            spark.sql(f"ALTER TABLE documents ALTER COLUMN {column} SET MASK {function}")
            found[what, f"the mask of {column}"] = answers(f"SELECT CAST({column} AS STRING) FROM documents")
            spark.sql(f"ALTER TABLE documents ALTER COLUMN {column} DROP MASK")
        spark.sql("ALTER TABLE documents SET ROW FILTER more ON (v)")
        found[what, "the filter"] = answers("SELECT id FROM documents")
        spark.sql("ALTER TABLE documents DROP ROW FILTER")
    assert wrong_failures(found) == {}


def test_no_part_of_a_variant_in_a_hidden_row_is_converted(spark, bob, people, answers, refused):
    spark.sql("CREATE FUNCTION first_only(id INT) RETURNS BOOLEAN RETURN id = 1")
    spark.sql("CREATE TABLE documents (id INT, v VARIANT)")
    spark.sql(
        """INSERT INTO documents SELECT 1, parse_json('{"x": 7}') UNION ALL SELECT 2, parse_json('{"x": "TOKENann"}')"""
    )
    x = "variant_get(v, '$.x', 'int')"
    assert refused(f"SELECT id FROM documents WHERE {x} > 1")
    spark.sql("ALTER TABLE documents SET ROW FILTER first_only ON (id)")
    assert answers(f"SELECT id, {x} FROM documents WHERE {x} > 1") == {"[(1, 7)]"}
    changed = answers(f"UPDATE documents SET id = {x} - 6 WHERE {x} > 1")
    changed |= answers(f"DELETE FROM documents WHERE {x} > 7")
    changed |= answers(
        f"MERGE INTO documents t USING (SELECT 7 AS x) s ON {x} = s.x WHEN MATCHED THEN UPDATE SET id = 1"
    )
    assert [text[:300] for text in changed if "Error" in text or TOKEN in text] == []
    spark.sql("ALTER TABLE documents DROP ROW FILTER")
    assert sorted(row.id for row in spark.table("documents").select("id").collect()) == [1, 2]
    history = spark.sql("DESCRIBE HISTORY documents").collect()
    assert any("variant_get(v" in str(row.operationParameters) for row in history), history
