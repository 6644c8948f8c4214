"""GRANT, REVOKE and SHOW GRANTS on registered models, which are functions to SQL; the model registry writes their records."""

import json

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]


@pytest.fixture
def model(spark, lakehouse, schema):
    """A model of the schema as the model registry records it; ann owns it."""
    catalog = schema.partition(".")[0]
    record = {
        "format": 1,
        "kind": "model",
        "uuid": "0",
        "owner": "ann",
        "created_at": "2026-01-01T00:00:00Z",
        "properties": {},
        "grants": [],
    }
    file = lakehouse / "_catalog" / catalog / "s/m.model.json"
    file.write_text(json.dumps(record))
    return f"{schema}.m"


def test_a_model_is_granted_on_as_a_model_and_as_a_function(spark, model, schema, rows, refused):
    spark.sql(f"GRANT EXECUTE ON MODEL {model} TO bob")
    spark.sql(f"GRANT CREATE MODEL VERSION, APPLY TAG ON FUNCTION {model} TO bob")
    spark.sql(f"GRANT EXECUTE ON SCHEMA {schema} TO eve")
    held = [
        ("bob", "APPLY TAG", "FUNCTION", model),
        ("bob", "CREATE MODEL VERSION", "FUNCTION", model),
        ("bob", "EXECUTE", "FUNCTION", model),
        ("eve", "EXECUTE", "SCHEMA", schema),
    ]
    assert rows(f"SHOW GRANTS ON MODEL {model}") == held
    assert rows(f"SHOW GRANTS ON FUNCTION {model}") == held
    assert rows(f"SHOW GRANTS eve ON MODEL {model}") == held[-1:]
    spark.sql(f"REVOKE EXECUTE ON MODEL {model} FROM bob")
    spark.sql(f"REVOKE APPLY TAG ON FUNCTION {model} FROM bob")
    assert rows(f"SHOW GRANTS bob ON MODEL {model}") == held[1:2]
    assert "READ VOLUME is not applicable" in refused(f"GRANT READ VOLUME ON MODEL {model} TO bob")
    assert "'" + schema + ".none' does not exist" in refused(f"GRANT EXECUTE ON MODEL {schema}.none TO bob")


def test_a_function_goes_before_a_model_of_its_name(spark, model, schema, rows):
    spark.sql(f"CREATE FUNCTION {model}() RETURNS INT RETURN 1")
    spark.sql(f"GRANT EXECUTE ON FUNCTION {model} TO bob")
    assert rows(f"SHOW GRANTS ON MODEL {model}") == []
    assert rows(f"SHOW GRANTS ON FUNCTION {model}") == [("bob", "EXECUTE", "FUNCTION", model)]


def test_only_who_manages_a_model_grants_on_it_and_gives_it_away(
    spark, model, refused, another_session, rows
):
    catalog, schema, _ = model.split(".")
    for user in ("ann", "bob"):
        spark.sql(f"GRANT USE CATALOG ON CATALOG {catalog} TO {user}")
        spark.sql(f"GRANT USE SCHEMA ON SCHEMA {catalog}.{schema} TO {user}")
    ann, bob = another_session("ann"), another_session("bob")
    assert "does not have MANAGE on Model" in refused(f"GRANT EXECUTE ON MODEL {model} TO bob", bob)
    assert "does not have MANAGE on Model" in refused(f"SHOW GRANTS ON MODEL {model}", bob)
    ann.sql(f"GRANT EXECUTE ON MODEL {model} TO bob")
    assert rows(f"SHOW GRANTS bob ON MODEL {model}") == [("bob", "EXECUTE", "FUNCTION", model)]
    assert "OWNERSHIP" in refused(f"ALTER MODEL {model} OWNER TO bob", ann)
    spark.sql(f"ALTER MODEL {model} OWNER TO bob")
    assert "does not have MANAGE on Model" in refused(f"REVOKE EXECUTE ON MODEL {model} FROM bob", ann)
    bob.sql(f"REVOKE EXECUTE ON FUNCTION {model} FROM bob")
    assert rows(f"SHOW GRANTS bob ON MODEL {model}") == []


def test_models_are_routines_in_the_information_schema_to_who_may_use_them(
    spark, model, catalog, schema, another_session
):
    spark.sql(f"GRANT USE CATALOG ON CATALOG {catalog} TO bob")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {schema} TO bob")
    query = f"SELECT grantee, routine_name, privilege_type, inherited_from FROM {catalog}.information_schema.routine_privileges"
    bob = another_session("bob")
    assert bob.sql(query).collect() == []
    spark.sql(f"GRANT EXECUTE ON MODEL {model} TO bob")
    spark.sql(f"GRANT EXECUTE ON MODEL {model} TO eve")
    assert [tuple(row) for row in bob.sql(query).collect()] == [("bob", "m", "EXECUTE", "NONE")]
    assert len(spark.sql(query).collect()) == 2


def test_a_schema_with_a_model_is_dropped_with_it_by_cascade_alone(spark, model, schema, refused):
    assert "not empty" in refused(f"DROP SCHEMA {schema}").lower().replace("_", " ")
    spark.sql(f"DROP SCHEMA {schema} CASCADE")
    spark.sql(f"CREATE SCHEMA {schema}")
    assert "does not exist" in refused(f"GRANT EXECUTE ON MODEL {model} TO bob")
