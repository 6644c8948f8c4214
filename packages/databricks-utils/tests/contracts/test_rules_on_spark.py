"""The rules of a contract judge values on Spark as plain Python does; no name and no text becomes SQL."""

from datetime import date, datetime, timedelta

import pytest

from databricks_utils.contracts import create_table, load_contract
from databricks_utils.quality import annotate

pytestmark = [pytest.mark.integration, pytest.mark.drawn(8)]

HEAD = (
    "apiVersion: v3.2.0\nkind: DataContract\nid: odd\nversion: 1.0.0\nstatus: active\n"
    "servers: [{server: local, type: databricks}]\nschema:\n  - name: odd\n    properties:\n"
)
LIMIT = datetime.fromisoformat("2023-12-31T22:00:00")  # in UTC, as the session
NAN, INFINITE = float("nan"), float("inf")
# Column, its options in the contract, its values, and what each value must do; a missing value fails `required` alone.
CASES = [
    (
        "n",
        "physicalType: int, logicalTypeOptions: {minimum: -3, exclusiveMaximum: 7}",
        [-4, -3, 6, 7, None],
        lambda n: -3 <= n < 7,
    ),
    (
        "d",
        "physicalType: double, logicalTypeOptions: {minimum: 0, maximum: 1.5}",
        [-0.0, 1.5, 1.6, NAN, INFINITE, -INFINITE, None],
        lambda x: 0 <= x <= 1.5,
    ),
    (
        "huge",
        "physicalType: double, logicalTypeOptions: {exclusiveMinimum: 1.0e+300}",
        [1e300, 1.1e300, INFINITE, NAN],
        lambda x: x > 1e300,
    ),
    (
        "dec",
        "physicalType: 'decimal(38, 18)', logicalTypeOptions: {maximum: 0.1}",
        ["0.1", "0.100000000000000001", None],
        lambda x: x != "0.100000000000000001",
    ),
    (
        "step",
        "physicalType: bigint, logicalTypeOptions: {multipleOf: 5}",
        [0, 5, -10, 7, None],
        lambda n: n % 5 == 0,
    ),
    (
        "day",
        "logicalType: date, logicalTypeOptions: {minimum: '1500-03-01'}",
        [date(1500, 3, 1), date(1500, 2, 28), date(1582, 10, 15), None],
        lambda x: x >= date(1500, 3, 1),
    ),
    (
        "at",
        "logicalType: timestamp, logicalTypeOptions: {maximum: '2024-01-01T00:00:00+02:00'}",
        [LIMIT, LIMIT + timedelta(seconds=1), None],
        lambda x: x <= LIMIT,
    ),
    (
        "word",
        "logicalType: string, logicalTypeOptions: {minLength: 2, maxLength: 3}",
        ["", "é", "éé", "日本語", "four", None],
        lambda x: 2 <= len(x) <= 3,
    ),
    (
        "code",
        r"logicalType: string, logicalTypeOptions: {pattern: '^\d{2}''[A-Z]\\$'}",
        ["12'A\\", "12'A", "x", None],
        lambda x: x == "12'A\\",
    ),
    (
        "kind",
        r"logicalType: string, enum: [{value: 'it''s'}, {value: 'a\b'}, {value: '; DROP TABLE x; --'}]",
        ["it's", "a\\b", "ab", "; DROP TABLE x; --", None],
        lambda x: x in {"it's", "a\\b", "; DROP TABLE x; --"},
    ),
    ("flag", "logicalType: boolean, enum: [{value: true}]", [True, False, None], lambda x: x),
    ("must", "logicalType: string, required: true", ["", "x", None], lambda _: True),
    (
        "many",
        "logicalType: array, items: {logicalType: integer}, logicalTypeOptions: {minItems: 1, maxItems: 2, uniqueItems: true}",
        [[], [1], [1, 2], [1, 1], [1, 2, 3], None],
        lambda x: 1 <= len(x) <= 2 and len(set(x)) == len(x),
    ),
    (
        "real",
        "physicalType: float, logicalTypeOptions: {maximum: 0.1}",
        [0.1, 0.2, NAN, None],
        lambda x: x <= 0.1,
    ),
    ("chosen", "physicalType: float, enum: [{value: 0.1}]", [0.1, 0.2], lambda x: x == 0.1),
    (
        "u",
        "logicalType: integer, logicalTypeOptions: {format: u8}",
        [-1, 0, 255, 256],
        lambda n: 0 <= n <= 255,
    ),
    (
        "var",
        "logicalType: string, enum: [{value: '${env:HOME}'}]",
        ["${env:HOME}", "/root"],
        lambda x: x[0] == "$",
    ),
    ("key", "logicalType: integer, primaryKey: true", [1, None], lambda _: True),
    ("sel`ect", "logicalType: string, enum: [{value: x}]", ["x", "y"], lambda x: x == "x"),
    ("a.b", "logicalType: integer, logicalTypeOptions: {minimum: 1}", [1, 0], lambda n: n >= 1),
    ("'; --", "logicalType: integer, logicalTypeOptions: {minimum: 1}", [1, 0], lambda n: n >= 1),
    ("größe", "logicalType: integer, logicalTypeOptions: {minimum: 1}", [1, 0], lambda n: n >= 1),
]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    file = tmp_path_factory.mktemp("contracts") / "odd.odcs.yaml"
    columns = [f"      - {{name: {quoted(name)}, {options}}}\n" for name, options, _, _ in CASES]
    options = "required: true, logicalTypeOptions: {minimum: 1}"
    nested = (
        "      - name: inner\n        logicalType: object\n        properties:\n"
        f"          - {{name: 'odd x', logicalType: integer, {options}}}\n"
    )
    file.write_text(HEAD + "".join(columns) + nested, encoding="utf-8")
    (found,) = load_contract(file).tables
    return found


@pytest.mark.parametrize(
    ("name", "values", "holds"), [(name, values, holds) for name, _, values, holds in CASES]
)
def test_each_value_is_judged_as_in_plain_python(spark, table, name, values, holds):
    column = next(column for column in table.columns if column.name == name)
    if column.type.name == "decimal":
        rows = spark.createDataFrame([(value,) for value in values], "v string").selectExpr(
            f"cast(v AS {column.type.sql()}) AS v", "v AS shown"
        )
    else:
        rows = spark.createDataFrame(
            [(value, repr(value)) for value in values], f"v {column.type.sql()}, shown string"
        )
    own = [rule for rule in table.rules if rule.reason.startswith(f"{name} ")]
    assert own
    judged = {
        row["shown"]: row["_valid"] for row in annotate(rows.withColumnRenamed("v", name), own).collect()
    }
    shown = str if column.type.name == "decimal" else repr
    required = not column.nullable
    expected = {
        (None if value is None and shown is str else shown(value)): (
            not required if value is None else bool(holds(value))
        )
        for value in values
    }
    assert judged == expected


def test_a_field_of_a_struct_is_judged_if_the_struct_is_there(spark, table):
    rows = spark.createDataFrame(
        [(1, (None,)), (2, (0,)), (3, (1,)), (4, None)], "id int, inner struct<`odd x`: int>"
    )
    own = [rule for rule in table.rules if rule.reason.startswith("inner.")]
    judged = {row["id"]: row["_valid"] for row in annotate(rows, own).collect()}
    assert judged == {1: False, 2: False, 3: True, 4: True}


def test_names_that_differ_only_in_odd_characters_have_rules_of_their_own(table):
    assert len({rule.name for rule in table.rules}) == len(table.rules)


def test_the_definition_makes_the_table_and_its_schema_is_that_of_the_contract(spark, table, catalog):
    name = catalog.table_name("silver", "odd")
    plain = [column.name for column in table.columns]
    spark.sql(create_table(table, name))
    made = spark.table(name)
    assert made.columns == plain
    spark.sql(create_table(table, name))
    assert [field.dataType.simpleString() for field in made.schema] == [
        field.dataType.simpleString() for field in table.struct_type()
    ]
