"""A table with a mask and a row filter, and a session of somebody to whom they apply."""

import pytest


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
