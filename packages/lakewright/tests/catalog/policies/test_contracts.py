"""What a contract declares of masks and row filters, set on tables of the engine."""

import pytest

from databricks_utils.medallion.declaring.protection import PolicyFunction, Protection

pytestmark = [pytest.mark.integration]


def test_a_contract_sets_its_policies_before_the_first_row_and_later_only_what_is_missing(
    spark, bob, seen, schema, lakehouse
):
    from pyspark.sql import types as T

    for function in (
        "less(p INT, r STRING) RETURNS INT RETURN IF(r = 'DE', p, 0)",
        "german(r STRING) RETURNS BOOLEAN RETURN r <> 'TOKENfr'",
    ):
        spark.sql(f"CREATE FUNCTION {function}")
    columns = T.StructType.fromDDL("id INT, name STRING, region STRING, pay INT")
    declared = Protection(
        {"name": PolicyFunction(("hide",)), "pay": PolicyFunction(("s", "less"), ("region",))},
        PolicyFunction(("german",), ("region",)),
    )
    table = f"{schema}.made"
    record = lakehouse / "_catalog" / schema.split(".")[0] / "s" / "made.json"
    declared.set(spark, table, columns, comment="A person.")
    assert spark.table(table).count() == 0
    spark.sql("INSERT INTO made SELECT * FROM people UNION ALL SELECT 4, 'TOKEN', 'IT', 9")
    assert seen("SELECT * FROM made") == [(1, "***", "DE", 10), (3, "***", "DE", 30), (4, "***", "IT", 0)]
    before = record.stat().st_mtime_ns
    declared.set(spark, table, columns, comment="A person.")
    assert record.stat().st_mtime_ns == before
    spark.sql("ALTER TABLE made ALTER COLUMN name DROP MASK")
    declared.set(spark, table, columns, comment="A person.")
    assert {row.name for row in bob.table("made").collect()} == {"***"}
