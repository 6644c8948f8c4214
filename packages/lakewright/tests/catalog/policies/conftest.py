"""A table with a mask and a row filter, and a session of somebody to whom they apply."""

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

TOKEN = "TOKEN"
FAILED = "LAKEWRIGHT_POLICY_FAILED"
MODES = {
    "whole stages": ("true", "CODEGEN_ONLY"),
    "each operator": ("false", "CODEGEN_ONLY"),
    "node by node": ("false", "NO_CODEGEN"),
}


@pytest.fixture
def people(spark, catalog, schema):
    """A table of three rows: the name is masked, and only rows of the region DE are shown. It is in the current schema."""
    spark.sql(f"USE {schema}")
    spark.sql("CREATE TABLE people (id INT, name STRING, region STRING, pay INT) PARTITIONED BY (region)")
    spark.sql(
        "INSERT INTO people VALUES (1, 'TOKENann', 'DE', 10), (2, 'TOKENbob', 'TOKENfr', 778899), (3, 'TOKENcid', 'DE', 30)"
    )
    spark.sql("CREATE FUNCTION hide(n STRING) RETURNS STRING RETURN IF(is_member('hr'), n, '***')")
    spark.sql("CREATE FUNCTION here(r STRING, w STRING) RETURNS BOOLEAN RETURN r = w OR is_member('hr')")
    spark.sql("ALTER TABLE people ALTER COLUMN name SET MASK hide")
    spark.sql("ALTER TABLE people SET ROW FILTER here ON (region, 'DE')")
    yield f"{schema}.people"
    spark.sql("USE spark_catalog.default")


@pytest.fixture
def bob(spark, catalog, people, schema, another_session):
    """A session of a principal with all rights on the table's data, to whom its policies apply."""
    for privilege in ("USE CATALOG", "USE SCHEMA", "SELECT", "MODIFY", "CREATE TABLE"):
        spark.sql(f"GRANT {privilege} ON CATALOG {catalog} TO bob")
    session = another_session("bob")
    session.sql(f"USE {schema}")
    return session


@pytest.fixture
def seen(bob):
    """Run a statement as bob and give its rows as sorted tuples."""
    return lambda statement: sorted((tuple(row) for row in bob.sql(statement).collect()), key=repr)


@pytest.fixture
def in_modes(bob):
    """Run something in each mode, and give what it gives by the mode's name."""

    def run(one):
        found = {}
        for mode, (whole, factory) in MODES.items():
            # Without the second, code that cannot be compiled would be left out in silence.
            bob.conf.set("spark.sql.codegen.wholeStage", whole)
            bob.conf.set("spark.sql.codegen.fallback", "false")
            bob.conf.set("spark.sql.codegen.factoryMode", factory)
            found[mode] = one()
        return found

    yield run
    for setting in ("wholeStage", "fallback", "factoryMode"):
        bob.conf.unset(f"spark.sql.codegen.{setting}")


@pytest.fixture
def answers(bob, in_modes):
    """Run a statement in each mode, and give the answers that differ: rows, or the text of what went wrong."""

    def answer(statement):
        try:
            return repr(sorted((tuple(row) for row in bob.sql(statement).collect()), key=repr))
        except (PySparkException, Py4JJavaError) as problem:
            return f"{type(problem).__name__}: {problem}"

    return lambda statement: set(in_modes(lambda: answer(statement)).values())


@pytest.fixture
def wrong_failures():
    """Return of the answers by name those that are not the failure of a policy, or that show a value."""
    return lambda found: {
        what: {text[:300] for text in texts}
        for what, texts in found.items()
        if any(FAILED not in text or TOKEN in text for text in texts)
    }
