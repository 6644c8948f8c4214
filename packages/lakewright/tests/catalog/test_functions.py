"""SQL functions of a schema, and the functions that say who reads."""

import json

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]


@pytest.fixture
def ground(spark, schema):
    """A schema with a table `t(id, doc)` of two rows and three functions, which is the current one."""
    spark.sql(f"USE {schema}")
    spark.sql("CREATE TABLE t AS SELECT 1 AS id, 'a' AS doc UNION ALL SELECT 2, 'b'")
    spark.sql("CREATE FUNCTION plus(x INT, y INT DEFAULT 5) RETURNS INT COMMENT 'adds' RETURN x + y")
    spark.sql("CREATE FUNCTION newest() RETURNS STRING RETURN (SELECT max(doc) FROM t)")
    spark.sql(
        "CREATE FUNCTION since(n INT) RETURNS TABLE (id INT, doc STRING) RETURN SELECT id, doc FROM t WHERE id >= n"
    )
    yield schema
    spark.sql("USE spark_catalog.default")


@pytest.fixture
def bob(spark, catalog, ground, another_session):
    """A session of a principal who may use the schema, and nothing else."""
    spark.sql(f"GRANT USE CATALOG ON CATALOG {catalog} TO bob")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {ground} TO bob")
    return another_session("bob")


@pytest.mark.over_connect
def test_a_function_is_called_by_names_of_one_two_and_three_parts_with_defaults_and_names(rows, ground):
    assert rows(f"SELECT plus(1), S.PLUS(1, 2), {ground}.plus(y => 3, x => 1)") == [(6, 3, 4)]
    assert rows("SELECT id, plus(id) FROM t WHERE plus(id, id) > 2") == [(2, 7)]
    assert rows("SELECT sum(plus(id)), plus(sum(id)) FROM t") == [(13, 8)]


@pytest.mark.over_connect
def test_a_table_function_stands_in_from_alone_and_beside_a_table(rows, ground):
    assert rows(f"SELECT * FROM {ground}.since(n => 2)") == [(2, "b")]
    assert rows("SELECT t.id, s.doc FROM t, LATERAL since(t.id) s") == [(1, "a"), (1, "b"), (2, "b")]


def test_a_function_reads_the_names_of_its_text_where_it_was_written(spark, rows, ground, catalog):
    spark.sql(
        "CREATE VIEW v AS SELECT plus(id) AS p, newest() AS n, (SELECT count(*) FROM since(2)) AS k FROM t"
    )
    spark.sql(f"CREATE SCHEMA {catalog}.other")
    spark.sql(f"USE {catalog}.other")
    spark.sql("CREATE TABLE t AS SELECT 9 AS id, 'z' AS doc")
    assert rows(f"SELECT {ground}.newest()") == [("b",)]
    assert rows(f"SELECT * FROM {ground}.since(1)") == [(1, "a"), (2, "b")]
    assert rows(f"SELECT * FROM {ground}.v") == [(6, "b", 1), (7, "b", 1)]


def test_a_function_calls_another_and_reads_by_with_and_by_a_path(spark, rows, ground):
    spark.sql("CREATE FUNCTION twice(x INT) RETURN plus(x, x)")
    spark.sql(
        "CREATE FUNCTION most() RETURNS INT RETURN WITH t AS (SELECT 7 AS id) SELECT max(plus(id, 0)) FROM t"
    )
    assert rows("SELECT twice(4), most()") == [(8, 7)]


def test_what_spark_refuses_of_a_function_is_refused(spark, ground, refused):
    cases = {
        "bad(x INT) RETURNS INT RETURN y": "UNRESOLVED_COLUMN",
        "bad(x INT, X INT) RETURNS INT RETURN x": "DUPLICATE_ROUTINE_PARAMETER_NAMES",
        "bad(x INT) RETURNS DATE RETURN x": "DATATYPE_MISMATCH",
        "bad(x INT DEFAULT 1, y INT) RETURNS INT RETURN x": "NOT_A_VALID_DEFAULT_PARAMETER_POSITION",
        "bad(x INT) RETURNS INT RETURN sum(x)": "CANNOT_CONTAIN_COMPLEX_FUNCTIONS",
        "bad() RETURNS TABLE (a INT, b INT) RETURN SELECT 1": "RETURN_COLUMN_COUNT_MISMATCH",
        "bad() RETURNS INT CONTAINS SQL RETURN (SELECT max(id) FROM t)": "INVALID_SQL_FUNCTION_DATA_ACCESS",
        "bad(x INT) RETURNS INT RETURN nowhere(x)": "UNRESOLVED_ROUTINE",
        "bad(x INT) RETURNS INT RETURN temporary(x)": "INVALID_TEMP_OBJ_REFERENCE",
        "`a b`() RETURNS INT RETURN 1": "it holds a space",
        "plus(x INT) RETURNS INT RETURN x": "ROUTINE_ALREADY_EXISTS",
        "nowhere.f() RETURNS INT RETURN 1": "SCHEMA_NOT_FOUND",
    }
    spark.sql("CREATE OR REPLACE TEMPORARY FUNCTION temporary(x INT) RETURNS INT RETURN x")
    for statement, message in cases.items():
        assert message in refused(f"CREATE FUNCTION {statement}"), statement
    assert "NOT_A_SCALAR_FUNCTION" in refused("SELECT since(1)")
    assert "NOT_A_TABLE_FUNCTION" in refused("SELECT * FROM plus(1)")
    assert "WRONG_NUM_ARGS" in refused("SELECT plus()")
    assert "UNRESOLVABLE_TABLE_VALUED_FUNCTION" in refused(f"SELECT * FROM {ground}.nowhere(1)")


def test_a_function_that_would_call_itself_is_refused_with_the_way_round(spark, ground, refused):
    spark.sql("CREATE FUNCTION twice(x INT) RETURN plus(x, x)")
    message = refused("CREATE OR REPLACE FUNCTION plus(x INT, y INT) RETURNS INT RETURN twice(x)")
    assert f"{ground}.plus -> {ground}.twice -> {ground}.plus" in message
    assert "CYCLIC_FUNCTION_REFERENCE" in refused("CREATE FUNCTION me(x INT) RETURNS INT RETURN me(x)")


def test_a_function_is_replaced_kept_and_dropped(spark, rows, ground, refused):
    spark.sql("GRANT EXECUTE ON FUNCTION plus TO carol")
    spark.sql("CREATE FUNCTION IF NOT EXISTS plus(x INT) RETURNS INT RETURN 0")
    assert rows("SELECT plus(1)") == [(6,)]
    spark.sql("CREATE OR REPLACE FUNCTION plus(x INT) RETURNS INT RETURN x - 1")
    assert rows("SELECT plus(1)") == [(0,)]
    assert rows("SHOW GRANTS ON FUNCTION plus") == [("carol", "EXECUTE", "FUNCTION", f"{ground}.plus")]
    spark.sql("DROP FUNCTION plus")
    assert "UNRESOLVED_ROUTINE" in refused("SELECT plus(1)")
    assert "ROUTINE_NOT_FOUND" in refused("DROP FUNCTION plus")
    spark.sql("DROP FUNCTION IF EXISTS plus")


def test_functions_go_with_their_schema_and_hold_it_until_then(spark, catalog, ground, refused):
    spark.sql(f"CREATE SCHEMA {catalog}.gone")
    spark.sql(f"CREATE FUNCTION {catalog}.gone.f() RETURNS INT RETURN 1")
    assert "SCHEMA_NOT_EMPTY" in refused(f"DROP SCHEMA {catalog}.gone")
    spark.sql(f"DROP SCHEMA {catalog}.gone CASCADE")
    spark.sql(f"CREATE SCHEMA {catalog}.gone")
    assert "UNRESOLVED_ROUTINE" in refused(f"SELECT {catalog}.gone.f()")


def test_functions_are_shown_and_described(rows, ground, catalog):
    assert rows(f"SHOW USER FUNCTIONS IN {ground} LIKE 'p*|n*'") == [
        (f"{ground}.newest",),
        (f"{ground}.plus",),
    ]
    assert (f"{ground}.since",) in rows(f"SHOW FUNCTIONS IN {ground}")
    assert ("abs",) in rows(f"SHOW SYSTEM FUNCTIONS IN {ground} LIKE 'a*'")
    lines = "\n".join(line for (line,) in rows("DESCRIBE FUNCTION EXTENDED plus"))
    for fact in (
        f"Function:      {ground}.plus",
        "y INT DEFAULT 5",
        "Comment:       adds",
        "Body:          x + y",
    ):
        assert fact in lines
    columns = "routine_name, data_type, routine_definition, sql_data_access"
    assert rows(f"SELECT {columns} FROM {catalog}.information_schema.routines") == [
        ("newest", "STRING", "(SELECT max(doc) FROM t)", "READS SQL DATA"),
        ("plus", "INT", "x + y", "CONTAINS SQL"),
        ("since", "TABLE", "SELECT id, doc FROM t WHERE id >= n", "READS SQL DATA"),
    ]
    columns = "specific_name, ordinal_position, parameter_name, full_data_type, parameter_default"
    assert rows(
        f"SELECT {columns} FROM {catalog}.information_schema.parameters WHERE specific_name = 'plus'"
    ) == [
        ("plus", 1, "x", "int", None),
        ("plus", 2, "y", "int", "5"),
    ]


def test_a_name_that_needs_quoting_and_another_case_find_the_same_function(spark, rows, ground):
    spark.sql("CREATE FUNCTION `Größe-1`(`a b` INT) RETURNS INT RETURN `a b` + 1")
    assert rows(f"SELECT {ground}.`größe-1`(1), `GRÖßE-1`(2)") == [(2, 3)]
    assert ("Function:      " + f"{ground}.größe-1",) in rows("DESCRIBE FUNCTION `Größe-1`")


def test_a_function_asks_for_rights_to_call_make_and_drop_it(spark, bob, ground, refused):
    denied = f"does not have EXECUTE on Function '{ground}.newest'"
    assert denied in refused(f"SELECT {ground}.newest()", bob)
    assert denied in refused(f"DESCRIBE FUNCTION {ground}.newest", bob)
    assert "does not have EXECUTE" in refused(f"SELECT * FROM {ground}.since(1)", bob)
    assert "does not have CREATE FUNCTION on Schema" in refused(f"CREATE FUNCTION {ground}.f() RETURN 1", bob)
    assert "does not have MANAGE on Function" in refused(f"DROP FUNCTION {ground}.plus", bob)
    assert "does not have OWNERSHIP on Function" in refused(
        f"CREATE OR REPLACE FUNCTION {ground}.plus(x INT) RETURN 1", bob
    )
    spark.sql("GRANT EXECUTE ON FUNCTION newest TO bob")
    spark.sql(f"GRANT CREATE FUNCTION ON SCHEMA {ground} TO bob")
    assert bob.sql(f"SELECT {ground}.newest()").first()[0] == "b"  # and no SELECT on the table that it reads
    bob.sql(f"CREATE FUNCTION {ground}.mine() RETURN 1")
    assert bob.sql(f"SELECT {ground}.mine()").first()[0] == 1
    bob.sql(f"DROP FUNCTION {ground}.mine")
    spark.sql("ALTER FUNCTION plus OWNER TO bob")
    bob.sql(f"DROP FUNCTION {ground}.plus")


def test_a_record_of_a_function_holds_its_owner_and_its_text(spark, ground, lakehouse, catalog):
    record = json.loads(
        (lakehouse / "_catalog" / catalog / "s" / "plus.function.json").read_text(encoding="utf-8")
    )
    assert (record["kind"], record["format"], record["comment"]) == ("function", 1, "adds")
    assert record["owner"]
    assert record["function"]["expression"] == "x + y"
    assert record["function"]["namespace"] == [catalog, "s"]


def test_who_reads_is_the_session_also_inside_views_and_functions(spark, bob, ground, lakehouse, rows):
    groups = {"Admins": ["Bob"], "all": ["admins"], "x": ["y"], "y": ["x"]}
    text = json.dumps({"version": 1, "users": ["bob"], "service_principals": [], "groups": groups})
    (lakehouse / "principals.json").write_text(text, encoding="utf-8")
    asked = "current_user(), session_user(), user(), is_member('ADMINS'), is_account_group_member('all'), is_member('x')"
    spark.sql(f"CREATE FUNCTION who() RETURNS STRING RETURN concat_ws(' ', {asked})")
    spark.sql(
        "CREATE VIEW v AS SELECT who() AS w, is_member(g) AS m, current_user AS u FROM VALUES ('all'), ('x') AS t(g)"
    )
    spark.sql("GRANT SELECT ON VIEW v TO bob")
    try:
        assert sorted(map(tuple, bob.sql(f"SELECT * FROM {ground}.v").collect())) == [
            ("bob bob bob true true false", False, "bob"),
            ("bob bob bob true true false", True, "bob"),
        ]
        assert {member for _, member, _ in rows("SELECT * FROM v")} == {False}
    finally:
        (lakehouse / "principals.json").unlink()
