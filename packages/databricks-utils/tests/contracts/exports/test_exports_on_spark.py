"""Delta accepts the exported CHECK constraints, the wrapped conditions judge as the rules, and JSON of Spark fits the JSON Schema."""

import json
import re
from datetime import date, datetime
from decimal import Decimal

import jsonschema
import pytest
import yaml

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.exports import dqx, expectations_sql, json_schema, sql
from databricks_utils.contracts.parts import tables_of
from databricks_utils.quality import annotate

pytestmark = pytest.mark.integration

CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: odd
version: 1.0.0
status: active
servers: [{server: local, type: databricks}]
schema:
  - name: odd
    properties:
      - {name: id, logicalType: integer, primaryKey: true, logicalTypeOptions: {minimum: 1, multipleOf: 1}}
      - {name: "odd `n", logicalType: number, logicalTypeOptions: {maximum: 1.5}}
      - {name: real, physicalType: float, logicalTypeOptions: {exclusiveMaximum: 0.5}}
      - {name: price, physicalType: "decimal(10, 2)", logicalTypeOptions: {minimum: 0}}
      - {name: day, logicalType: date, logicalTypeOptions: {minimum: "2024-01-01"}}
      - {name: at, logicalType: timestamp, logicalTypeOptions: {maximum: "2034-01-01T00:00:00+02:00"}}
      - {name: here, physicalType: timestamp_ntz}
      - {name: state, logicalType: string, enum: [{value: "it's {{x}} ${env:HOME}"}, {value: b}]}
      - {name: code, physicalType: char(3), logicalTypeOptions: {pattern: "^[A-Z]+$", minLength: 2}}
      - {name: tags, logicalType: array, items: {logicalType: string}, logicalTypeOptions: {maxItems: 2, uniqueItems: true}}
      - {name: sizes, logicalType: map, map: {key: {logicalType: string}, value: {logicalType: integer}}}
      - {name: raw, physicalType: binary}
      - name: inner
        logicalType: object
        properties: [{name: zip, logicalType: string, required: true}]
"""
GOOD = (
    *(1, 1.5, 0.25, Decimal("1.10"), date(2024, 1, 1), datetime(2024, 1, 1, 12), datetime(2024, 1, 1, 12)),  # noqa: DTZ001 - as Spark has them
    *("it's {{x}} ${env:HOME}", "AB", ["x", "y"], {"a": 1}, b"abc", ("1",)),
)
EMPTY = (2, *[None] * 12)
BAD = (
    *(0, float("nan"), 0.5, Decimal("-0.01"), date(2023, 12, 31), datetime(2035, 1, 1), None),  # noqa: DTZ001 - as above
    *("it's", "a1", ["x", "x", "z"], None, None, (None,)),
)


@pytest.fixture(scope="module")
def contract(tmp_path_factory):
    file = tmp_path_factory.mktemp("contracts") / "odd.odcs.yaml"
    file.write_text(CONTRACT, encoding="utf-8")
    return load_contract(file)


@pytest.fixture(scope="module")
def rows(spark, contract):
    return spark.createDataFrame([GOOD, EMPTY, BAD], contract.tables[0].struct_type())


# Each kind of expression once; all fifteen were accepted, and took a second each.
TRIED = (
    "odd_n_is_not_too_large",
    "code_fits_its_pattern",
    "tags_has_distinct_items",
    "state_is_allowed",
    "inner_zip_is_given",
)


def test_delta_accepts_checks_and_refuses_what_breaks_one(spark, contract, rows, catalog):
    name = catalog.table_name("silver", "odd_exported")
    schema = name.removesuffix(".odd_exported")
    text = sql(contract, tables_of(contract), schema=schema).replace("`odd`", "`odd_exported`")
    statements = [part for part in re.split(r";\n|\n-- [^\n]*", text) if part.strip()]
    (create,) = [statement for statement in statements if "CREATE TABLE" in statement]
    checks = [statement for statement in statements if " CHECK (" in statement]
    assert len(checks) == len(contract.tables[0].rules) - 1  # NOT NULL of the key stands in the definition
    spark.sql(create)
    for check in checks:
        if any(f"`{rule}`" in check for rule in TRIED):
            spark.sql(check)
    rows.where("id > 0").write.insertInto(name)
    with pytest.raises(Exception, match=r"(?i)CHECK constraint"):
        rows.where("id = 0").write.insertInto(name)
    assert spark.table(name).count() == 2


def test_conditions_of_expectations_and_of_dqx_judge_as_the_rules(contract, rows):
    (table,) = contract.tables
    judged = annotate(rows, table.rules).select("id", "_failures.rule").collect()
    expected = {row["id"]: {rule.name for rule in table.rules} - set(row["rule"]) for row in judged}
    assert len(expected[1]) == len(expected[2]) == len(table.rules)
    clauses = [
        line.rstrip(",")
        for line in expectations_sql(contract, tables_of(contract)[0]).splitlines()
        if line.startswith("CONSTRAINT")
    ]
    conditions = {
        line.split()[1]: line.partition("EXPECT (")[2].removesuffix(") ON VIOLATION DROP ROW")
        for line in clauses
    }
    checks = {}
    for check in yaml.safe_load(dqx(contract, tables_of(contract)[0])):
        arguments = check["check"]["arguments"]
        if check["check"]["function"] == "sql_expression":
            checks[check["name"]] = arguments["expression"]
    named = [f"{condition} AS `expect {name}`" for name, condition in conditions.items()]
    named += [f"{condition} AS `dqx {name}`" for name, condition in checks.items()]
    for row in rows.selectExpr("id", *named).collect():
        found = row.asDict()
        assert {name for name in conditions if found[f"expect {name}"]} == expected[row["id"]]
        assert {name for name in checks if found[f"dqx {name}"]} == expected[row["id"]] & set(checks)


def test_json_of_spark_fits_the_schema_where_the_rules_hold(contract, rows):
    from pyspark.sql import functions as F

    schema = json_schema(contract, tables_of(contract)[0])
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
    found = rows.select("id", F.to_json(F.struct("*")).alias("json")).collect()
    errors = {
        row["id"]: [error.json_path for error in validator.iter_errors(json.loads(row["json"]))]
        for row in found
    }
    assert errors[1] == errors[2] == []
    assert {"$.id", "$.price", "$.state", "$.tags", "$.inner"} <= {
        path.partition("[")[0] for path in errors[0]
    }
