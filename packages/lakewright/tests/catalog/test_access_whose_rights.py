"""Whose rights count, and which: another right lets an object be known, and shows none of its rows."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]


@pytest.fixture
def ground(spark, catalog, schema):
    """A schema with a table `t`, a view `v` of it and a table function, which ann, bob and carol may use."""
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x, 'secret' AS y")
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT y FROM {schema}.t")
    for principal in ("ann", "bob", "carol"):
        spark.sql(f"GRANT USE CATALOG ON CATALOG {catalog} TO {principal}")
        spark.sql(f"GRANT USE SCHEMA, CREATE TABLE, CREATE FUNCTION ON SCHEMA {schema} TO {principal}")
    return schema


@pytest.fixture
def bob(ground, another_session):
    return another_session("bob")


VIEW_READS = [
    "SELECT * FROM {s}.v",
    "SELECT count(*) FROM {s}.v",
    "SELECT (SELECT max(y) FROM {s}.v)",
    "SELECT x FROM VALUES (1) AS o(x) WHERE EXISTS (SELECT 1 FROM {s}.v WHERE y > 's')",
    "CREATE TABLE {s}.taken AS SELECT * FROM {s}.v",
    "CREATE VIEW {s}.over AS SELECT * FROM {s}.v",
    "CREATE TEMPORARY VIEW over AS SELECT * FROM {s}.v",
]


@pytest.mark.parametrize("right", ["MANAGE", "APPLY TAG"])
def test_another_right_on_a_view_shows_no_row_of_it(spark, ground, bob, refused, right):
    spark.sql(f"GRANT {right} ON VIEW {ground}.v TO bob")
    assert bob.sql(f"DESCRIBE TABLE {ground}.v").count() == 1
    for query in VIEW_READS:
        message = refused(query.format(s=ground), bob)
        assert f"User bob does not have SELECT on View '{ground}.v'" in message, query
    spark.sql(f"GRANT SELECT ON VIEW {ground}.v TO bob")
    assert bob.sql(f"SELECT * FROM {ground}.v").first()[0] == "secret"


def test_a_view_over_a_view_asks_for_the_one_below_with_its_owners_right(
    spark, ground, bob, refused, another_session
):
    spark.sql(f"GRANT SELECT, MANAGE ON VIEW {ground}.v TO bob")
    bob.sql(f"CREATE VIEW {ground}.over AS SELECT y FROM {ground}.v")
    spark.sql(f"GRANT SELECT ON VIEW {ground}.over TO carol")
    carol = another_session("carol")
    assert carol.sql(f"SELECT * FROM {ground}.over").first()[0] == "secret"
    spark.sql(f"REVOKE SELECT ON VIEW {ground}.v FROM bob")
    message = refused(f"SELECT * FROM {ground}.over", carol)
    assert (
        f"User bob (the owner of the View '{ground}.over') does not have SELECT on View '{ground}.v'"
        in message
    )


FUNCTIONS = {
    "value": ("value() RETURNS STRING RETURN (SELECT max(y) FROM {s}.t)", "SELECT {s}.value()"),
    "there": (
        "there(a INT) RETURNS BOOLEAN RETURN EXISTS (SELECT 1 FROM {s}.t WHERE x = a)",
        "SELECT {s}.there(1)",
    ),
    "listed": ("listed() RETURNS TABLE (y STRING) RETURN SELECT y FROM {s}.t", "SELECT * FROM {s}.listed()"),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_text_of_a_function_reads_with_the_right_of_its_owner_alone(  # noqa: PLR0917 - fixtures
    spark, ground, bob, refused, another_session, name
):
    text, call = (part.format(s=ground) for part in FUNCTIONS[name])
    table, function = f"{ground}.t", f"{ground}.{name}"
    spark.sql(f"GRANT SELECT ON TABLE {table} TO ann")
    another_session("ann").sql(f"CREATE FUNCTION {ground}.{text}")
    spark.sql(f"GRANT EXECUTE ON FUNCTION {function} TO bob")
    assert bob.sql(call).first()[0] in {"secret", True}  # without a right of his own on the table
    spark.sql(f"REVOKE SELECT ON TABLE {table} FROM ann")
    spark.sql(f"GRANT SELECT, MODIFY ON TABLE {table} TO bob")  # his right is not that of the text
    lacks = f"does not have SELECT on Table '{table}'"
    assert f"User ann (the owner of the Function '{function}') {lacks}" in refused(call, bob)
    assert f"User ann (the owner of the Function '{function}') {lacks}" in refused(
        f"SELECT * FROM {table} WHERE y IN ({call})", bob
    )
    spark.sql(f"ALTER FUNCTION {function} OWNER TO carol")
    assert f"User carol (the owner of the Function '{function}') {lacks}" in refused(call, bob)
    spark.sql(f"ALTER FUNCTION {function} OWNER TO bob")
    assert bob.sql(call).first()[0] in {"secret", True}


def test_a_function_calls_another_with_the_right_of_its_owner(spark, ground, bob, refused, another_session):
    spark.sql(f"CREATE FUNCTION {ground}.below() RETURNS INT RETURN 1")
    spark.sql(f"GRANT EXECUTE ON FUNCTION {ground}.below TO ann")
    another_session("ann").sql(f"CREATE FUNCTION {ground}.above() RETURNS INT RETURN {ground}.below() + 1")
    spark.sql(f"GRANT EXECUTE ON FUNCTION {ground}.above TO bob")
    assert bob.sql(f"SELECT {ground}.above()").first()[0] == 2
    assert "does not have EXECUTE" in refused(f"SELECT {ground}.below()", bob)
    spark.sql(f"REVOKE EXECUTE ON FUNCTION {ground}.below FROM ann")
    spark.sql(f"GRANT EXECUTE ON FUNCTION {ground}.below TO bob")
    message = refused(f"SELECT {ground}.above()", bob)
    assert (
        f"User ann (the owner of the Function '{ground}.above') does not have EXECUTE on Function '{ground}.below'"
        in message
    )


CLONES = [
    "CREATE TABLE {s}.copy SHALLOW CLONE {s}.t",
    "CREATE TABLE {s}.copy CLONE {s}.t",
    "CREATE TABLE {s}.copy DEEP CLONE {s}.t VERSION AS OF 0",
    "CREATE OR REPLACE TABLE {s}.mine SHALLOW CLONE {s}.t",
    "CREATE OR REPLACE TABLE {s}.mine DEEP CLONE {s}.t",
]


def test_another_right_on_a_table_does_not_clone_it(spark, ground, bob, refused, rows):
    bob.sql(f"CREATE TABLE {ground}.mine (z INT)")
    spark.sql(f"GRANT MODIFY, MANAGE ON TABLE {ground}.t TO bob")
    for statement in CLONES:
        message = refused(statement.format(s=ground), bob)
        assert f"User bob does not have SELECT on Table '{ground}.t'" in message, statement
    assert rows(f"SELECT * FROM {ground}.mine") == []
    spark.sql(f"GRANT SELECT ON TABLE {ground}.t TO bob")
    bob.sql(CLONES[0].format(s=ground))
    assert rows(f"SELECT y FROM {ground}.copy") == [("secret",)]


@pytest.mark.parametrize("key", ["spark.lakewright.principal", "`spark.lakewright.principal`"])
def test_a_session_that_has_worked_does_not_become_somebody_with_more_rights(
    spark, ground, bob, refused, key
):
    spark.sql(f"GRANT SELECT ON TABLE {ground}.t TO ann")
    spark.sql(f"GRANT SELECT ON VIEW {ground}.v TO bob")
    query = f"SELECT * FROM {ground}.t"
    kept = bob.table(f"{ground}.v")
    assert "User bob does not have SELECT" in refused(query, bob)
    bob.sql(f"SET {key} = ann")
    for statement in (
        query,
        "SELECT current_user()",
        f"CREATE TABLE {ground}.anns (x INT)",
        f"SELECT * FROM {ground}.v",
    ):
        message = refused(statement, bob)
        assert "works for bob and cannot become ann" in message, statement
    with pytest.raises(Exception, match="works for bob and cannot become ann"):
        kept.filter("y > ''").collect()
    bob.conf.unset("spark.lakewright.principal")
    assert bob.sql("SELECT current_user()").first()[0] == "bob"
    assert "User bob does not have SELECT" in refused(query, bob)
    assert spark.sql("SELECT current_user()").first()[0] != "bob"
