"""Types and columns compared without Spark."""

import pytest

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.types.spark_types import parse
from databricks_utils.contracts.verification.json_types import fits, misfit
from databricks_utils.contracts.verification.promises import judged_value, promised
from databricks_utils.contracts.verification.structure import differences, differing

pytestmark = pytest.mark.unit


def fields(text):
    return parse(f"struct<{text}>").fields


@pytest.mark.parametrize(
    ("wanted", "found", "hard", "soft"),
    [
        ("a: int, b: string", "B: string, A: int", (), ()),
        ("a: varchar(3)", "a: string", ("column `a`: VARCHAR(3) in the contract, STRING in the table",), ()),
        ("a: decimal(10, 2)", "a: decimal(10, 3)", ("column `a`: DECIMAL(10, 2) in the contract, DECIMAL(10, 3) in the table",), ()),
        ("a: array<varchar(3)>, b: struct<x: char(2)>", "a: array<string>, b: struct<x: string>", (), ()),
        ("a: array<varchar(3)>", "a: array<int>", ("column `a[]`: VARCHAR(3) in the contract, INT in the table",), ()),
        ("a: map<string, int>", "a: map<string, date>", ("column `a (value)`: INT in the contract, DATE in the table",), ()),
        ("a: struct<x: int>", "a: struct<x: int comment 'c', y: int>", ("field `a.y`: it is not in the contract",), ()),
        ("a: int not null", "a: int", (), ("column `a`: required in the contract, nullable in the table",)),
        ("a: int", "a: int not null", (), ("column `a`: not required in the contract, NOT NULL in the table",)),
    ],
)  # fmt: skip
def test_columns_are_compared(wanted, found, hard, soft):
    assert differences(fields(wanted), fields(found)) == (hard, soft)


def test_only_columns_that_are_missing_or_of_another_type_are_not_judged():
    assert differing(fields("a: int, B: int not null, c: int"), fields("b: int, c: date")) == {"a", "c"}


@pytest.mark.parametrize(
    ("wanted", "found", "is_fit"),
    [
        ("timestamp", "string", True),
        ("int", "string", False),
        ("string", "boolean", False),
        ("decimal(5, 2)", "double", True),
        ("bigint", "decimal(20, 0)", True),
        ("variant", "struct<a: int>", True),
        ("map<string, int>", "struct<a: bigint, b: bigint>", True),
        ("map<string, int>", "struct<a: string>", False),
        ("array<date>", "array<string>", True),
        ("array<int>", "string", False),
        ("struct<a: int, b: date>", "struct<A: bigint>", True),
        ("struct<a: int>", "struct<a: double>", False),
    ],
)
def test_a_type_of_json_fits_one_of_the_contract(wanted, found, is_fit):
    assert fits(parse(wanted), parse(found)) is is_fit


@pytest.mark.parametrize(
    ("wanted", "found", "condition"),
    [
        ("int", "bigint", ""),
        ("string", "bigint", "`v` IS NOT NULL"),
        ("array<int>", "array<string>", "exists(`v`, x0 -> x0 IS NOT NULL)"),
        ("array<array<int>>", "array<array<string>>", "exists(`v`, x0 -> exists(x0, x1 -> x1 IS NOT NULL))"),
        ("struct<a: int, b: date>", "struct<A: string, b: string, c: int>", "(coalesce(`v`.`A` IS NOT NULL, false))"),
        ("map<string, int>", "struct<`x.y`: string>", "(coalesce(`v`.`x.y` IS NOT NULL, false))"),
        ("struct<a: int>", "string", "`v` IS NOT NULL"),
    ],
)  # fmt: skip
def test_a_value_of_json_breaks_its_type_only_if_it_is_there(wanted, found, condition):
    assert misfit(parse(wanted), parse(found), "`v`") == condition


CONTRACT = """apiVersion: v3.2.0
kind: DataContract
id: c
version: 1.0.0
servers: [{server: s, type: local, path: x, format: csv}]
schema:
  - name: t
    customProperties: [{property: missingValues, value: [NA, null, -999, true, 1.5]}]
    properties:
      - {name: a, logicalType: string, required: true, logicalTypeOptions: {pattern: '^x'}}
      - {name: a is, logicalType: string, required: true, customProperties: [{property: missingValues, value: []}]}
      - name: s
        logicalType: object
        properties: [{name: b, logicalType: string, required: true, classification: restricted}]
      - {name: l, logicalType: array, items: {logicalType: string, classification: restricted}}
      - {name: c.d, logicalType: string, classification: Public, unique: true}
"""


@pytest.fixture
def promise(tmp_path):
    file = tmp_path / "t.odcs.yaml"
    file.write_text(CONTRACT, encoding="utf-8")
    (found,) = promised(load_contract(file))
    return found


def test_each_rule_is_of_the_column_that_it_judges(promise):
    found = {rule.name: judged_value(rule, promise.table.columns) for rule in promise.table.rules}
    assert {name: judged.column for name, judged in found.items()} == {
        "a_is_given": "a", "a_fits_its_pattern": "a", "a_is_is_given": "a is", "s_b_is_given": "s",
    }  # fmt: skip
    assert found["s_b_is_given"].sql == "`s`.`b`"


def test_a_column_is_classified_if_a_part_of_it_is_more_than_public(promise):
    assert promise.classified == promise.table.classified == {"s", "l"}
    assert promise.unique == (("c.d",),)


def test_texts_that_mean_a_missing_value_are_those_of_the_table_or_of_the_column(promise):
    assert promise.table.missing("a") == ("NA", "null", "-999", "true", "1.5")
    assert promise.table.missing("a is") == ()
