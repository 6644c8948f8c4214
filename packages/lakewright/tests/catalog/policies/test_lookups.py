"""Policies whose function reads a table: who may see what stands in a table of its own."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]
FORMS = {
    "EXISTS (SELECT 1 FROM acl WHERE who = current_user() AND place = r)": [1, 3],
    "EXISTS (SELECT * FROM acl a WHERE a.who = session_user() AND (a.place = r OR a.place = '*') LIMIT 1)": [
        1,
        3,
    ],
    "EXISTS (SELECT 1 FROM acl WHERE who = current_user())": [1, 2, 3],
    "NOT EXISTS (SELECT 1 FROM acl WHERE who = current_user() AND place = r)": [2],
    "r IN (SELECT place FROM acl WHERE who = current_user())": [1, 3],
    "r NOT IN (SELECT place FROM acl WHERE who = current_user())": [2],
    "r IN (SELECT upper(place) FROM acl WHERE who = current_user() AND length(place) < length(r) + 1)": [
        1,
        3,
    ],
    "(SELECT max(place) FROM acl WHERE who = current_user()) = r": [1, 3],
    "(SELECT place FROM acl WHERE who = current_user() AND place = r) IS NOT NULL": [1, 3],
    "array_contains((SELECT collect_set(place) FROM acl WHERE who = current_user()), r)": [1, 3],
    "is_member('all') OR EXISTS (SELECT 1 FROM acl JOIN levels USING (who) WHERE who = current_user() AND place = r)": [
        1,
        3,
    ],
    "(SELECT r = 'DE')": [1, 3],
    "named(r)": [1, 3],
    "EXISTS (SELECT 1 FROM of_bob WHERE place = r)": [1, 3],
    "EXISTS (SELECT 1 FROM acl WHERE who = 'nobody' AND place = r)": [],
}
NOT_POSSIBLE = {
    "(SELECT max(place) FROM acl WHERE place = r) = r": "an aggregate or a join",
    "EXISTS (SELECT 1 FROM acl a JOIN levels l ON a.place = r)": "an aggregate or a join",
    "(SELECT concat(place, r) FROM acl WHERE place = r) = r": "selects a parameter",
    "EXISTS (SELECT 1 FROM people p WHERE p.region = r)": "which has policies itself",
    "EXISTS (SELECT 1 FROM secret s WHERE s.a = r)": "which has policies itself",
    "same((SELECT max(place) FROM acl)) = r": "the argument of a function",
}


@pytest.fixture
def acl(spark, people):
    spark.sql("CREATE TABLE acl (who STRING, place STRING)")
    spark.sql("INSERT INTO acl VALUES ('bob', 'DE'), ('ann', 'TOKENfr')")
    spark.sql("CREATE TABLE levels AS SELECT 'bob' AS who, 1 AS level")
    spark.sql("CREATE VIEW of_bob AS SELECT place FROM acl WHERE who = 'bob'")
    spark.sql(
        "CREATE FUNCTION named(n STRING) RETURNS BOOLEAN RETURN EXISTS (SELECT 1 FROM acl WHERE who = current_user() AND place = n)"
    )
    spark.sql("CREATE FUNCTION same(n STRING) RETURNS STRING RETURN n")
    spark.sql("ALTER TABLE people ALTER COLUMN name DROP MASK")


def test_a_filter_asks_a_table_that_its_reader_may_not_read(  # noqa: PLR0917 - fixtures
    spark, catalog, schema, bob, acl, seen, refused
):
    spark.sql(f"REVOKE SELECT ON CATALOG {catalog} FROM bob")
    spark.sql("GRANT SELECT ON TABLE people TO bob")
    assert "PERMISSION_DENIED" in refused("SELECT * FROM acl", bob)
    for number, (form, shown) in enumerate(FORMS.items()):
        spark.sql(f"CREATE OR REPLACE FUNCTION f{number}(r STRING) RETURNS BOOLEAN RETURN {form}")
        spark.sql(f"ALTER TABLE people SET ROW FILTER f{number} ON (region)")
        assert seen("SELECT id FROM people") == [(one,) for one in shown], form
    # The rows of the lookup stand in no text.
    spark.sql("ALTER TABLE people SET ROW FILTER f0 ON (region)")
    assert "TOKENfr" not in bob.sql("EXPLAIN EXTENDED SELECT * FROM people").first()[0]
    spark.sql("INSERT INTO acl VALUES ('bob', 'TOKENfr')")
    assert seen("SELECT id FROM people") == [(1,), (2,), (3,)]
    assert seen("SELECT max(a.id), count(*) FROM people a JOIN people b USING (region)") == [(3, 5)]


def test_a_mask_and_a_change_ask_a_table_too(spark, bob, acl, seen, rows):
    spark.sql(
        "CREATE FUNCTION hidden(n STRING, r STRING) RETURNS STRING "
        "RETURN IF(r IN (SELECT place FROM acl WHERE who = current_user()), n, '?')"
    )
    spark.sql("ALTER TABLE people ALTER COLUMN name SET MASK hidden USING COLUMNS (region)")
    spark.sql("ALTER TABLE people SET ROW FILTER named ON (region)")
    spark.sql("INSERT INTO people VALUES (4, 'n', 'IT', 1)")
    assert seen("SELECT id, name FROM people") == [(1, "TOKENann"), (3, "TOKENcid")]
    bob.sql("UPDATE people SET pay = 0 WHERE name LIKE 'TOKEN%'")
    bob.sql(
        "MERGE INTO people t USING (SELECT 2 AS id UNION ALL SELECT 3) s ON t.id = s.id WHEN MATCHED THEN DELETE"
    )
    assert rows("SELECT id, pay FROM people") == [(1, 0), (2, 778899), (4, 1)]
    spark.sql("ALTER TABLE people DROP ROW FILTER")
    assert seen("SELECT id, name FROM people") == [(1, "TOKENann"), (2, "?"), (4, "?")]
    history = "\n".join(
        str(row.operationParameters) for row in spark.sql("DESCRIBE HISTORY people").collect()
    )
    assert "TOKENfr" not in history


def test_a_form_that_could_fail_outside_of_its_guard_is_refused_by_name(spark, acl, refused):
    spark.sql("CREATE TABLE secret (a STRING MASK hide)")
    for number, (form, message) in enumerate(NOT_POSSIBLE.items()):
        spark.sql(f"CREATE FUNCTION no{number}(r STRING) RETURNS BOOLEAN RETURN {form}")
        assert message in refused(f"ALTER TABLE people SET ROW FILTER no{number} ON (region)"), form


def test_a_lookup_that_fails_is_gone_or_becomes_protected_shows_nothing(  # noqa: PLR0917 - fixtures
    spark, bob, people, acl, schema, refused, seen
):
    spark.sql(
        "CREATE FUNCTION fails(r STRING) RETURNS BOOLEAN RETURN r IN (SELECT CAST(CAST(place AS INT) AS STRING) FROM acl)"
    )
    spark.sql("ALTER TABLE people SET ROW FILTER fails ON (region)")
    message = refused("SELECT id FROM people", bob)
    assert "LAKEWRIGHT_POLICY_FAILED" in message
    assert "TOKEN" not in message
    spark.sql("CREATE FUNCTION twice(r STRING) RETURNS BOOLEAN RETURN (SELECT place FROM acl) = r")
    spark.sql("ALTER TABLE people SET ROW FILTER twice ON (region)")
    assert "LAKEWRIGHT_POLICY_FAILED" in refused("SELECT id FROM people", bob)
    spark.sql("ALTER TABLE people SET ROW FILTER named ON (region)")
    # A circle through a view, which the function's text does not show.
    spark.sql("CREATE VIEW back AS SELECT region AS place, 'bob' AS who FROM people")
    spark.sql(
        "CREATE FUNCTION circle(r STRING) RETURNS BOOLEAN RETURN EXISTS (SELECT 1 FROM back WHERE place = r)"
    )
    spark.sql("ALTER TABLE people SET ROW FILTER circle ON (region)")
    assert "which has policies itself" in refused("SELECT id FROM people", bob)
    spark.sql("ALTER TABLE people SET ROW FILTER named ON (region)")
    kept = bob.table("people")
    assert kept.count() == 2
    spark.sql("ALTER TABLE acl ALTER COLUMN place SET MASK hide")
    assert "which has policies itself" in refused("SELECT id FROM people", bob)
    spark.sql("ALTER TABLE acl ALTER COLUMN place DROP MASK")
    spark.sql("DROP TABLE acl")
    assert "acl" in refused("SELECT id FROM people", bob)


def test_the_rights_of_the_functions_owner_count(  # noqa: PLR0917 - fixtures
    spark, catalog, bob, acl, another_session, seen, refused
):
    for right in ("USE CATALOG", "USE SCHEMA", "CREATE FUNCTION", "SELECT"):
        spark.sql(f"GRANT {right} ON CATALOG {catalog} TO eve")
    eve = another_session("eve")
    eve.sql(f"USE {catalog}.s")
    eve.sql(
        "CREATE FUNCTION hers(r STRING) RETURNS BOOLEAN RETURN EXISTS (SELECT 1 FROM acl WHERE who = current_user() AND place = r)"
    )
    spark.sql("ALTER TABLE people SET ROW FILTER hers ON (region)")
    assert seen("SELECT id FROM people") == [(1,), (3,)]
    spark.sql(f"REVOKE SELECT ON CATALOG {catalog} FROM eve")
    message = refused("SELECT id FROM people", bob)
    assert "PERMISSION_DENIED" in message
    assert "eve" in message


def test_an_argument_that_fails_fails_inside_of_the_guard(spark, bob, people, refused):
    spark.sql("CREATE FUNCTION doubled(i INT) RETURNS STRING RETURN CAST(i + i AS STRING)")
    spark.sql("CREATE OR REPLACE FUNCTION hide(n STRING) RETURNS STRING RETURN doubled(CAST(n AS INT))")
    message = refused("SELECT name FROM people", bob)
    assert "LAKEWRIGHT_POLICY_FAILED" in message
    assert "TOKEN" not in message


def test_a_table_function_works_with_its_owners_rights(  # noqa: PLR0917 - fixtures
    spark, catalog, bob, acl, seen, refused
):
    spark.sql(f"REVOKE SELECT ON CATALOG {catalog} FROM bob")
    spark.sql(
        "CREATE FUNCTION places() RETURNS TABLE (place STRING) RETURN SELECT place FROM acl WHERE who = 'bob'"
    )
    assert "does not have EXECUTE" in refused("SELECT * FROM places()", bob)
    spark.sql("GRANT EXECUTE ON FUNCTION places TO bob")
    assert seen("SELECT * FROM places()") == [("DE",)]
