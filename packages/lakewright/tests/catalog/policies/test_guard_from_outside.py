"""What stands around a policy, in the query or in what reads the files, computes nothing of it and does not hide that it fails."""

import itertools
import random

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]
TOKEN = "TOKEN"
FAILED = "LAKEWRIGHT_POLICY_FAILED"


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


AROUND = {  # of a query, around a column whose mask fails: each fails in each mode
    "coalesce": "coalesce({n}, 'x')",
    "coalesce of a constant": "coalesce(IF(id > 1, 'x', NULL), {n})",
    "NULLIF": "nullif({n}, 'x')",
    "BETWEEN": "{n} BETWEEN 'a' AND 'z'",
    "CASE": "CASE WHEN {n} = 'x' THEN 'a' ELSE 'b' END",
    "CASE of a value": "CASE {n} WHEN 'x' THEN 'a' END",
    "a branch of CASE": "CASE WHEN id = 1 THEN {n} END",
    "IF": "IF({n} IS NULL, 'a', {n})",
    "IS NULL": "{n} IS NULL",
    "nvl2": "nvl2({n}, 'a', 'b')",
    "greatest": "greatest({n}, 'a')",
    "try_cast": "try_cast({n} AS INT)",
    "try_cast of an array": "try_cast(array({n}) AS ARRAY<INT>)",
    "try_add": "try_add(length({n}), 1)",
    "try_to_number": "try_to_number({n}, '99')",
    "try_parse_json": "CAST(try_parse_json({n}) AS STRING)",
    "try_variant_get": "try_variant_get(parse_json({n}), '$', 'int')",
    "try_to_timestamp": "try_to_timestamp({n})",
    "try_url_decode": "try_url_decode({n})",
    "try_reflect": "try_reflect('java.lang.String', 'valueOf', {n})",
    "try_element_at": "try_element_at(array({n}), 1)",
    "try_sum": "(SELECT try_sum(length({n})) FROM failing)",
    "a lambda": "array_join(transform(array({n}), x -> coalesce(x, 'x')), ',')",
}
CAUGHT = {  # Spark catches all that fails inside of these: in a compiled stage a mask that fails may be NULL
    "try_to_binary": "try_to_binary({n}, 'utf-8')",
    "try_divide": "try_divide(length({n}), 0)",
    "try_add of a date": "try_add(DATE'2026-01-01', length({n}))",
    "try_aes_decrypt": "try_aes_decrypt(CAST({n} AS BINARY), 'abcdefghijklmnop')",
}
USES = {
    "shown": "SELECT {e} FROM failing",
    "twice": "SELECT {e}, hash({e}) FROM failing",
    "asked": "SELECT id FROM failing WHERE hash({e}) <> 0",
    "grouped": "SELECT count(*), {e} FROM failing GROUP BY {e}",
}
ROWS_OF_NULL = {"[(None,)]", "[(None, 42)]", "[(1,)]", "[(1, None)]"}  # 42 is the hash of NULL
DRAWN_AROUND = 12  # of 108; each takes six queries


def test_nothing_around_a_mask_or_in_a_filtered_query_hides_that_a_policy_fails(
    spark, bob, people, answers, wrong_failures
):
    spark.sql(
        "CREATE FUNCTION fails(n STRING) RETURNS STRING RETURN CAST(nullif(CAST(n AS INT), 5) AS STRING)"
    )
    spark.sql("CREATE FUNCTION hides(n STRING) RETURNS BOOLEAN RETURN nullif(CAST(n AS INT), 5) > 1")
    spark.sql("CREATE TABLE failing (id INT, name STRING, raw STRING)")
    spark.sql("INSERT INTO failing SELECT 1, 'TOKENann', 'TOKENann'")
    drawn = random.sample(list(itertools.product([*AROUND, *CAUGHT], USES)), DRAWN_AROUND)
    queries = {
        (around, use): USES[use].format(e=(AROUND | CAUGHT)[around].format(n="name")) for around, use in drawn
    }

    spark.sql("ALTER TABLE failing ALTER COLUMN name SET MASK fails")
    masked = {
        (around, use): answers(query) - (ROWS_OF_NULL if around in CAUGHT else set())
        for (around, use), query in queries.items()
    }
    spark.sql("ALTER TABLE failing ALTER COLUMN name DROP MASK")
    spark.sql("ALTER TABLE failing SET ROW FILTER hides ON (raw)")
    filtered = {(*key, "filtered"): answers(query) for key, query in queries.items()}
    assert wrong_failures(masked | filtered) == {}
