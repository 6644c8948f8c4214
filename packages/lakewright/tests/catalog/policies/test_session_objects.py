"""What a session holds for itself, as variables and temporary views, is nothing that a stored function may name.

Else the reader of a table would decide what its mask or its row filter shows.
"""

import json

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]
NAMES = "SELECT name FROM people WHERE id = 1"
CLASS = "INVALID_TEMP_OBJ_REFERENCE"
HELD = (
    "DECLARE OR REPLACE VARIABLE allowed INT DEFAULT 1",
    "DECLARE OR REPLACE VARIABLE pair STRUCT<a INT, b INT> DEFAULT named_struct('a', 1, 'b', 1)",
    "DECLARE OR REPLACE VARIABLE mine STRING DEFAULT 'upper'",
    "CREATE OR REPLACE TEMPORARY VIEW levels AS SELECT 1 AS open",
    "CREATE OR REPLACE GLOBAL TEMPORARY VIEW levels AS SELECT 1 AS open",
    "CREATE OR REPLACE TEMPORARY FUNCTION opens(x STRING) RETURNS BOOLEAN RETURN TRUE",
    "CREATE OR REPLACE TEMPORARY FUNCTION ways() RETURNS TABLE (open INT) RETURN SELECT 1",
)
# Each is TRUE in a session that holds the objects above, if it is read with them.
READ_WITH_THE_SESSION = {
    "a variable": "allowed = 1",
    "a variable by its schema": "session.allowed = 1",
    "a variable by its full name": "system.session.allowed = 1",
    "a field of a variable": "pair.a = 1",
    "a variable in a lambda": "exists(array(1), x -> x = allowed)",
    "a variable in a table function": "EXISTS (SELECT 1 FROM range(session.allowed))",
    "a variable in a list of values": "EXISTS (SELECT 1 FROM VALUES (session.allowed) AS t(a) WHERE a = 1)",
    "a variable in a WITH": "(WITH w AS (SELECT session.allowed AS a) SELECT max(a) FROM w) = 1",
    "a variable that names": "IDENTIFIER(mine)('x') = 'X'",
    "a temporary view": "EXISTS (SELECT 1 FROM levels)",
    "a temporary view by its schema": "EXISTS (SELECT 1 FROM session.levels)",
    "a temporary view by its full name": "EXISTS (SELECT 1 FROM system.session.levels)",
    "a global temporary view": "EXISTS (SELECT 1 FROM global_temp.levels)",
    "a temporary view by IDENTIFIER": "EXISTS (SELECT 1 FROM IDENTIFIER('lev' || 'els'))",
    "a temporary function": "opens('x')",
    "a temporary function by its schema": "session.opens('x')",
    "a temporary function by its full name": "system.session.opens('x')",
    "a temporary function by IDENTIFIER": "IDENTIFIER('op' || 'ens')('x')",
    "a temporary function in a window": "(SELECT count(*) OVER w FROM VALUES (1) AS t(a) WINDOW w AS (ORDER BY opens('x'))) = 1",
    "a temporary table function": "EXISTS (SELECT 1 FROM ways())",
    "a temporary table function by its schema": "EXISTS (SELECT 1 FROM session.ways())",
}
# Spark refuses them with other words, as the name is gone before it is known.
OTHER_ERRORS = (
    "a variable in a table function",
    "a variable that names",
    "a temporary view by IDENTIFIER",
    "a temporary function by IDENTIFIER",
)
# Of names that Spark has, and that a session has too: Spark's are meant.
READ_WITHOUT = {
    "a function of Spark": "lower('N') = 'open'",
    "a function of Spark by IDENTIFIER": "IDENTIFIER('low' || 'er')('N') = 'open'",
    "a function of Spark in a window": (
        "(SELECT max(lower('N')) OVER w FROM VALUES (1) AS t(a) WINDOW w AS (PARTITION BY lower('N'))) = 'open'"
    ),
}


@pytest.fixture
def held(spark, catalog, bob):
    """Bob's session, with objects of its own."""
    spark.sql(f"GRANT EXECUTE ON CATALOG {catalog} TO bob")
    for statement in HELD:
        bob.sql(statement)
    bob.udf.register("lower", lambda x: "open")
    bob.conf.set("spark.sql.functionResolution.sessionOrder", "first")
    yield bob
    bob.sql("DROP VIEW IF EXISTS global_temp.levels")


@pytest.fixture
def stored(lakehouse, catalog):
    """Change the record of a function, as one that an older version has written."""

    def write(name, **fields):
        file = lakehouse / "_catalog" / catalog / "s" / f"{name}.function.json"
        record = json.loads(file.read_text(encoding="utf-8"))
        record["function"].update(fields)
        file.write_text(json.dumps(record), encoding="utf-8")

    return write


@pytest.fixture
def answer(held):
    """Run a statement with the session's own objects: its rows, or its refusal."""

    def run(statement=NAMES):
        try:
            return [tuple(row) for row in held.sql(statement).collect()]
        except (PySparkException, Py4JJavaError) as problem:
            return str(problem)

    return run


def test_no_object_of_a_session_may_stand_in_the_text_of_a_function(spark, people, refused):
    for statement in HELD:
        spark.sql(statement)
    try:
        wrong = {}
        for what, text in READ_WITH_THE_SESSION.items():
            statements = [f"CREATE FUNCTION bad(x STRING) RETURNS BOOLEAN RETURN {text}"]
            if what in (
                "a variable",
                "a temporary view",
                "a temporary function",
                "a temporary table function",
            ):
                statements += [
                    f"CREATE OR REPLACE FUNCTION hide(n STRING) RETURNS STRING RETURN IF({text}, n, '***')",
                    f"CREATE FUNCTION bad() RETURNS TABLE (a INT) RETURN SELECT 1 WHERE {text}",
                ]
            for statement in statements:
                message = refused(statement)
                if what not in OTHER_ERRORS and not (CLASS in message and "fix: " in message):
                    wrong[what] = message[:300]
        assert wrong == {}
        message = refused("CREATE FUNCTION bad(x STRING) RETURNS BOOLEAN RETURN session.allowed = 1")
        assert "variable session.allowed" in message
        assert "s.bad" in message
        assert "parameter" in message
        message = refused("CREATE FUNCTION bad(x STRING, y INT DEFAULT session.allowed) RETURN y")
        assert "UNRESOLVED_COLUMN" in message or CLASS in message or "DEFAULT" in message
        assert "PARSE_SYNTAX_ERROR" in refused("CREATE FUNCTION bad() RETURN EXECUTE IMMEDIATE 'SELECT 1'")
        spark.sql("CREATE FUNCTION good(allowed INT) RETURNS INT RETURN allowed + 1")
        spark.sql("CREATE FUNCTION more(x INT) RETURNS TABLE (a INT) RETURN SELECT good(x)")
        assert spark.sql("SELECT good(session.allowed), (SELECT a FROM more(allowed))").first() == (2, 2)
    finally:
        for kind, name in {
            "TEMPORARY FUNCTION": ("opens", "ways"),
            "TEMPORARY VARIABLE": ("allowed", "pair", "mine"),
        }.items():
            for one in name:
                spark.sql(f"DROP {kind} IF EXISTS {one}")
        spark.sql("DROP VIEW IF EXISTS levels")


def test_a_mask_never_reads_what_the_session_of_its_reader_holds(stored, answer):
    shown = {}
    for what, text in READ_WITH_THE_SESSION.items():
        stored("hide", expression=f"IF({text}, n, '***')")
        found = answer()
        if isinstance(found, list) or "TOKENann" in found:
            shown[what] = found
    for what, text in READ_WITHOUT.items():
        stored("hide", expression=f"IF({text}, n, '***')")
        if answer() != [("***",)]:
            shown[what] = answer()
    assert shown == {}


def test_a_row_filter_a_call_in_another_function_a_table_function_and_a_script_are_as_safe(
    spark, stored, answer
):
    everything = "SELECT count(*) FROM people"
    stored("here", expression="r = w OR session.allowed = 1")
    refusals = [answer(everything)]
    stored("here", expression="r = w")
    spark.sql("CREATE FUNCTION inner1(x STRING) RETURNS BOOLEAN RETURN x = 'never'")
    spark.sql("CREATE FUNCTION asked() RETURNS TABLE (a INT) RETURN SELECT 1 WHERE FALSE")
    spark.sql("CREATE OR REPLACE FUNCTION hide(n STRING) RETURNS STRING RETURN IF(inner1(n), n, '***')")
    assert (answer(), answer(everything)) == ([("***",)], [(2,)])
    answer("CREATE TEMPORARY VIEW called AS SELECT inner1('x') AS a, allowed AS b")
    stored("inner1", expression="allowed = 1")
    refusals.append(answer("SELECT a FROM called"))
    refusals.append(answer())
    stored("inner1", expression="EXISTS (SELECT 1 FROM asked())")
    stored("asked", query="SELECT 1 WHERE session.allowed = 1")
    refusals += [answer(), answer("SELECT * FROM asked()")]
    stored("hide", expression="IF(inside = 1, n, '***')")
    refusals.append(answer(f"BEGIN DECLARE inside INT DEFAULT 1; {NAMES}; END"))
    refusals.append(answer("EXECUTE IMMEDIATE 'SELECT name FROM people WHERE id = allowed'"))
    refusals.append(answer("CREATE TEMPORARY VIEW shown AS SELECT name FROM people WHERE id = allowed"))
    stored("hide", expression="IF(EXISTS (SELECT 1 FROM range(session.allowed)), n, '***')")
    refusals.append(answer("SELECT * FROM VALUES (IDENTIFIER(mine)('x')) AS t(a), people"))
    assert [one for one in refusals if isinstance(one, list) or "TOKENann" in one] == []


def test_a_default_is_read_without_the_functions_of_the_session(spark, answer):
    spark.sql(
        "CREATE OR REPLACE FUNCTION hide(n STRING, who STRING DEFAULT lower('N')) RETURNS STRING RETURN IF(who = 'open', n, '***')"
    )
    assert answer() == [("***",)]
    spark.sql("CREATE FUNCTION plain(n STRING, who STRING DEFAULT lower('N')) RETURNS STRING RETURN who")
    spark.sql(
        "CREATE FUNCTION listed(n STRING, who STRING DEFAULT lower('N')) RETURNS TABLE (w STRING) RETURN SELECT who"
    )
    assert answer("SELECT plain('x'), plain(n => 'x'), (SELECT w FROM listed('x'))") == [("n", "n", "n")]


def test_a_column_that_is_gone_is_no_variable(spark, answer):
    spark.sql("CREATE TABLE rules (id INT, allowed INT) TBLPROPERTIES ('delta.columnMapping.mode' = 'name')")
    spark.sql("INSERT INTO rules VALUES (1, 0)")
    spark.sql(
        "CREATE OR REPLACE FUNCTION hide(n STRING) RETURNS STRING RETURN IF((SELECT max(allowed) FROM rules) = 1, n, '***')"
    )
    assert answer() == [("***",)]
    spark.sql("ALTER TABLE rules DROP COLUMN allowed")
    found = answer()
    assert "TOKENann" not in found
    assert CLASS in found
