"""The state of a table differs after every commit and for another table of the same name, and is the same otherwise."""

import pytest

from databricks_utils.catalog.table_states import MISSING, table_states

pytestmark = pytest.mark.integration


def test_the_state_changes_with_every_commit_and_with_nothing_else(spark, catalog):
    name, other = catalog.table_name("silver", "notes"), catalog.table_name("silver", "other")
    seen = []

    def look():
        states = table_states(spark, [name, other, name])
        assert list(states) == [name, other]
        seen.append(states[name])
        return states

    assert set(look().values()) == {MISSING}
    spark.sql(f"CREATE TABLE {name} (key int) USING DELTA")
    assert look()[other] == MISSING
    for statement in (
        "INSERT INTO {} VALUES (1)",
        "INSERT INTO {} VALUES (2)",
        "OPTIMIZE {}",
        "ALTER TABLE {} SET TBLPROPERTIES ('note' = 'x')",
        "DELETE FROM {} WHERE key = 2",
        "RESTORE TABLE {} TO VERSION AS OF 2",
    ):
        spark.sql(statement.format(name)).collect()
        spark.table(name).count()
        look()
    assert len(set(seen)) == len(seen), seen
    assert look()[name] == seen[-2]


def test_a_table_that_was_made_anew_has_another_state(spark, catalog):
    name = catalog.table_name("silver", "notes")
    states = []
    for _ in range(2):
        spark.sql(f"CREATE TABLE {name} (key int) USING DELTA")
        states.append(table_states(spark, [name]))
        spark.sql(f"DROP TABLE {name}")
    assert states[0] != states[1]


def test_a_statement_that_fails_for_another_reason_is_an_error(spark, catalog):
    from pyspark.errors import PySparkException

    with pytest.raises(PySparkException):
        table_states(spark, ["not a name"])
