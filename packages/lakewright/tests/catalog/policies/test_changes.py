"""UPDATE, DELETE and MERGE of a protected table: they see what the principal sees, and leave the rest as it is.

What is on disk is compared by a session without a principal, to which no policy applies.
"""

import itertools
import random

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]
ANN, BOB, CID = (1, "TOKENann", "DE", 10), (2, "TOKENbob", "TOKENfr", 778899), (3, "TOKENcid", "DE", 30)


@pytest.fixture
def changed(spark, bob, rows):
    """Run a statement as bob, give what is on disk after it, and put the table back."""

    def run(statement):
        version = spark.sql("DESCRIBE HISTORY people").first().version
        bob.sql(statement).collect()
        after = rows("SELECT * FROM people")
        spark.sql(f"RESTORE TABLE people TO VERSION AS OF {version}")
        return after

    return run


def test_an_update_reads_masked_values_writes_visible_rows_and_leaves_the_rest_raw(changed, people):
    assert changed("UPDATE people SET pay = pay + 1") == [
        (1, "TOKENann", "DE", 11),
        BOB,
        (3, "TOKENcid", "DE", 31),
    ]
    assert changed("UPDATE people SET pay = 0 WHERE id IN (1, 2)") == [(1, "TOKENann", "DE", 0), BOB, CID]
    assert changed("UPDATE people p SET p.pay = 0 WHERE p.name LIKE 'TOKEN%'") == [ANN, BOB, CID]
    assert changed("UPDATE people SET pay = 0 WHERE name = '***' AND id = 3") == [
        ANN,
        BOB,
        (3, "TOKENcid", "DE", 0),
    ]
    assert changed("UPDATE people SET name = concat(name, region) WHERE id < 3") == [
        (1, "***DE", "DE", 10),
        BOB,
        CID,
    ]
    assert changed("UPDATE people SET name = 'new' WHERE region = 'TOKENfr' OR pay > 20") == [
        ANN,
        BOB,
        (3, "new", "DE", 30),
    ]
    # The condition fails on the hidden row only.
    assert changed("UPDATE people SET pay = 1 WHERE 1 / (pay - 778899) < 0 AND id = 1") == [
        (1, "TOKENann", "DE", 1),
        BOB,
        CID,
    ]


def test_a_delete_takes_visible_rows_only(changed, people):
    assert changed("DELETE FROM people") == [BOB]
    assert changed("DELETE FROM people WHERE region = 'TOKENfr'") == [ANN, BOB, CID]
    assert changed("DELETE FROM people WHERE id >= 2") == [ANN, BOB]
    assert changed("DELETE FROM people WHERE name LIKE 'TOKEN%'") == [ANN, BOB, CID]
    assert changed("DELETE FROM people WHERE name = '***' AND CAST(pay AS STRING) = '10'") == [BOB, CID]


def test_a_merge_into_a_protected_table_matches_what_its_principal_sees(spark, changed, people, bob, refused):
    spark.sql(
        "CREATE TABLE news AS SELECT id, name AS n, 5 AS pay FROM VALUES (1, '***'), (2, 'TOKENbob'), (4, 'x') AS v(id, name)"
    )
    on_id = "MERGE INTO people t USING news s ON t.id = s.id"
    assert changed(f"{on_id} WHEN MATCHED THEN UPDATE SET pay = s.pay") == [
        (1, "TOKENann", "DE", 5),
        BOB,
        CID,
    ]
    assert changed(f"{on_id} WHEN MATCHED AND t.name = s.n THEN DELETE") == [BOB, CID]
    assert changed(f"{on_id} WHEN MATCHED THEN UPDATE SET name = concat(t.name, s.n)") == [
        (1, "******", "DE", 10),
        BOB,
        CID,
    ]
    assert changed(
        "MERGE INTO people t USING news s ON t.name = s.n AND s.id = t.id WHEN MATCHED THEN DELETE"
    ) == [BOB, CID]
    assert changed(f"{on_id} WHEN NOT MATCHED BY SOURCE THEN DELETE") == [ANN, BOB]
    assert changed(f"{on_id} WHEN NOT MATCHED BY SOURCE AND t.pay > 1 THEN UPDATE SET t.name = t.name") == [
        ANN,
        BOB,
        (3, "***", "DE", 30),
    ]
    message = refused(f"{on_id} WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)", bob)
    assert "MERGE with INSERT and a row filter" in message
    assert "INSERT what is new" in message


def test_a_mask_alone_lets_a_merge_insert(spark, changed, people):
    spark.sql("ALTER TABLE people DROP ROW FILTER")
    everything = (
        "MERGE INTO people t USING (SELECT 1 AS id, 'n' AS name, 'DE' AS region, 0 AS pay UNION ALL SELECT 9, 'n', 'DE', 0) s "
        "ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )
    assert changed(everything) == [(1, "n", "DE", 0), BOB, CID, (9, "n", "DE", 0)]
    assert changed("UPDATE people SET pay = 1 WHERE name = 'TOKENann'") == [ANN, BOB, CID]
    assert changed("DELETE FROM people WHERE name = '***'") == []


def test_changes_hold_with_deletion_vectors_change_feed_and_structs(spark, bob, rows, people, schema):
    spark.sql(
        "CREATE TABLE deep (id INT, s STRUCT<a: STRING, b: INT>, region STRING, g INT GENERATED ALWAYS AS (id + 1)) "
        "TBLPROPERTIES ('delta.enableDeletionVectors' = 'true', 'delta.enableChangeDataFeed' = 'true')"
    )
    spark.sql(
        "INSERT INTO deep (id, s, region) "
        "SELECT id, struct(concat('TOKEN', id), id), IF(id = 2, 'TOKENfr', 'DE') FROM VALUES (1), (2), (3) v(id)"
    )
    spark.sql(
        "CREATE FUNCTION blind(s STRUCT<a: STRING, b: INT>) RETURNS STRUCT<a: STRING, b: INT> RETURN named_struct('a', '*', 'b', s.b)"
    )
    spark.sql("ALTER TABLE deep ALTER COLUMN s SET MASK blind")
    spark.sql("ALTER TABLE deep SET ROW FILTER here ON (region, 'DE')")
    bob.sql("UPDATE deep SET s.b = s.b * 10 WHERE s.a = '*'")
    bob.sql("DELETE FROM deep WHERE id >= 3 OR s.a = 'TOKEN1' OR region = 'TOKENfr'")
    bob.sql("UPDATE deep SET id = 7 WHERE s.b = 10")
    assert [(id_, tuple(s), r, g) for id_, s, r, g in rows("SELECT * FROM deep")] == [
        (2, ("TOKEN2", 2), "TOKENfr", 3),
        (7, ("TOKEN1", 10), "DE", 8),
    ]


REFUSED = [
    ("UPDATE people SET name = _metadata.file_path", "_metadata"),
    ("DELETE FROM people WHERE _metadata.file_path LIKE '%fr%'", "_metadata"),
    ("DELETE FROM people WHERE input_file_name() LIKE '%fr%'", "the names of files"),
    ("UPDATE people SET name = (SELECT max(name) FROM people)", "subquery"),
    ("UPDATE people SET pay = plus(pay)", "Python"),
    ("DELETE FROM people WHERE plus(pay) > 3", "Python"),
    ("UPDATE window_ SET pay = 1", "UPDATE is not possible"),
    ("DELETE FROM window_", "DELTA_UNEXPECTED_PARTIAL_SCAN"),
    ("INSERT INTO people REPLACE WHERE id = 2 SELECT * FROM people WHERE id = 2", "is not possible"),
    (
        "INSERT INTO people REPLACE WHERE region = 'TOKENfr' SELECT id, name, 'TOKENfr', pay FROM people",
        "is not possible",
    ),
    ("INSERT INTO people REPLACE USING (id) SELECT * FROM people", "is not possible"),
    ("INSERT INTO people REPLACE ON people.id = s.id (SELECT * FROM people) s", "is not possible"),
]


def test_a_change_that_could_show_or_reach_a_hidden_row_is_refused_by_name(spark, bob, rows, people, refused):
    bob.udf.register("plus", lambda pay: pay + 1, "int")
    bob.sql("CREATE TEMPORARY VIEW window_ AS SELECT * FROM people")
    for statement, message in REFUSED:
        assert message in refused(statement, bob), statement
    for option in (
        {"replaceWhere": "region = 'TOKENfr'"},
        {"replaceWhere": "id = 2"},
        {"partitionOverwriteMode": "dynamic"},
    ):
        new = bob.sql("SELECT 2 AS id, 'x' AS name, 'TOKENfr' AS region, 1 AS pay")
        with pytest.raises((PySparkException, Py4JJavaError)) as problem:
            new.write.format("delta").mode("overwrite").options(**option).saveAsTable("people")
        assert "is not possible" in str(problem.value), option
    assert rows("SELECT * FROM people") == [ANN, BOB, CID]


CHANGES = [
    "UPDATE people SET pay = 0 WHERE {e} IS NULL",
    "UPDATE people SET name = CAST({e} AS STRING)",
    "UPDATE people SET name = CAST({e} AS STRING) WHERE id = 2",
    "UPDATE people SET pay = CASE WHEN id > 0 THEN length(CAST({e} AS STRING)) END WHERE region <> 'DE'",
    "DELETE FROM people WHERE {e} IS NULL",
    "DELETE FROM people WHERE id = 2 AND {e} IS NULL",
    "MERGE INTO people t USING (SELECT 2 AS k) s ON t.id = s.k AND {e} IS NULL WHEN MATCHED THEN DELETE",
    "MERGE INTO people t USING (SELECT 2 AS k) s ON t.id = s.k WHEN MATCHED AND {e} IS NULL THEN DELETE",
    "MERGE INTO people t USING (SELECT 2 AS k) s ON t.id = s.k WHEN MATCHED THEN UPDATE SET name = CAST({e} AS STRING)",
    "MERGE INTO people t USING (SELECT 1 AS k) s ON t.id = s.k WHEN NOT MATCHED BY SOURCE AND {e} IS NULL THEN DELETE",
    "MERGE INTO people t USING (SELECT 1 AS k) s ON t.id = s.k WHEN NOT MATCHED BY SOURCE THEN UPDATE SET name = CAST({e} AS STRING)",
    "MERGE INTO people t USING people s ON {e} = s.name WHEN MATCHED THEN UPDATE SET pay = s.pay",
    "EXPLAIN EXTENDED UPDATE people SET pay = 0 WHERE {e} IS NULL",
    "EXPLAIN FORMATTED DELETE FROM people WHERE {e} IS NULL",
]
EXPRESSIONS = [
    "CAST({c} AS INT)",
    "raise_error({c})",
    "assert_true(length({c}) < 3, {c})",
    "to_date({c})",
    "element_at(array(1), CAST(length({c}) AS INT))",
    "{c}",
]
DRAWN = 12  # of 168: each takes a second


def test_no_expression_of_a_change_shows_a_hidden_value_or_reaches_a_hidden_row(spark, bob, rows, people):
    every = list(itertools.product(CHANGES, EXPRESSIONS, ("name", "region")))
    for change, expression, column in random.sample(every, DRAWN):
        alias = "t." if change.startswith("MERGE") else ""
        statement = change.format(e=expression.format(c=f"{alias}{column}"))
        try:
            text = repr(bob.sql(statement).collect())
        except (PySparkException, Py4JJavaError) as problem:
            text = str(problem)
        assert "TOKEN" not in text, statement
        assert "778899" not in text, statement
        left = rows("SELECT * FROM people")
        assert BOB in left, statement
        kept = {row[1] for row in left} - {"TOKENbob"}
        if "SET name" not in statement:
            assert kept <= {"TOKENann", "TOKENcid"}, statement
        spark.sql("RESTORE TABLE people TO VERSION AS OF 1")


def test_a_mask_holds_through_a_view_a_join_an_aggregate_a_function_and_a_merge(
    spark, bob, seen, rows, people
):
    spark.sql("CREATE VIEW v AS SELECT id, name FROM people")
    spark.sql("CREATE FUNCTION longest() RETURNS STRING RETURN (SELECT max(name) FROM v)")
    spark.sql("GRANT EXECUTE ON FUNCTION longest TO bob")
    spark.sql("CREATE TABLE copy (id INT, name STRING)")
    spark.sql("GRANT ALL PRIVILEGES ON TABLE copy TO bob")
    bob.udf.register("shout", lambda text: text.upper() + "!", "string")
    assert seen("SELECT * FROM v") == [(1, "***"), (3, "***")]
    assert seen("SELECT p.name, v.name FROM people p JOIN v ON p.id = v.id") == [("***", "***")] * 2
    assert seen("SELECT name, count(*), max(name) FROM people GROUP BY name") == [("***", 2, "***")]
    assert seen("SELECT shout(name) FROM people") == [("***!",)] * 2
    assert seen("SELECT longest()") == [("***",)]
    bob.sql("MERGE INTO copy t USING people s ON t.id = s.id WHEN NOT MATCHED THEN INSERT *")
    assert rows("SELECT * FROM copy") == [(1, "***"), (3, "***")]
    bob.sql(
        "MERGE INTO people t USING copy s ON t.id = s.id AND t.name = s.name WHEN MATCHED THEN UPDATE SET pay = 0"
    )
    assert rows("SELECT * FROM people") == [(1, "TOKENann", "DE", 0), BOB, (3, "TOKENcid", "DE", 0)]
