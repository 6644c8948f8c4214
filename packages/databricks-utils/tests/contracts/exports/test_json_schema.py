"""JSON Schema of a table: it accepts what keeps the promises, refuses what breaks them, and says what it cannot express."""

import json

import jsonschema
import pytest

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.exports import json_schema
from databricks_utils.contracts.exports.json_schema.patterns import in_ecmascript
from databricks_utils.contracts.parts import tables_of

pytestmark = pytest.mark.unit

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop\nversion: 1.0.0\nstatus: active\n"


@pytest.fixture
def schema_of(tmp_path):
    """Writes a contract with these columns and returns the schema of its table."""

    def schema(*columns, head="", more=""):
        file = tmp_path / "shop.odcs.yaml"
        lines = "".join(f"      - {column}\n" for column in columns)
        file.write_text(
            f"{HEAD}{head}schema:\n  - name: orders\n{more}    properties:\n{lines}", encoding="utf-8"
        )
        contract = load_contract(file)
        return json_schema(contract, tables_of(contract)[0])

    return schema


def accepts(schema, row):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(
        json.loads(json.dumps(row))
    )


def not_exported(schema):
    lines = schema["$comment"].splitlines()[1:]
    assert all(line.startswith("not exported: ") for line in lines)
    return [line.removeprefix("not exported: ") for line in lines]


STRUCT = "{name: a, logicalType: object, properties: [{name: zip, logicalType: string, required: true}, {name: n, logicalType: integer}]}"
DEEP = "{name: a, logicalType: array, items: {logicalType: object, properties: [{name: n, logicalType: integer, required: true}]}}"
KEY = "{logicalType: string, logicalTypeOptions: {pattern: '^[a-z]+$'}}"
MAP = f"{{name: a, logicalType: map, map: {{key: {KEY}, value: {{logicalType: integer}}}}}}"
# A column, values that keep its promises, and values that break them; None is NULL.
CASES = [
    ("{name: a, physicalType: tinyint}", [-128, 127, None], [128, -129, 1.5, "1", True]),
    ("{name: a, physicalType: bigint}", [2**63 - 1], [2**63]),
    ("{name: a, logicalType: integer, logicalTypeOptions: {format: u8}}", [0, 255], [-1, 256]),
    (
        "{name: a, logicalType: integer, logicalTypeOptions: {minimum: 1, exclusiveMaximum: 5}}",
        [1, 4],
        [0, 5],
    ),
    ("{name: a, logicalType: integer, logicalTypeOptions: {multipleOf: 5}}", [0, -10], [3]),
    ("{name: a, logicalType: number, logicalTypeOptions: {exclusiveMinimum: 0.1}}", [0.2, 1], [0.1]),
    ("{name: a, physicalType: 'decimal(5, 2)'}", [999.99, -999.99, None], [1000, "1"]),
    ("{name: a, physicalType: 'decimal(38, 0)'}", [10**38 - 1], [10**38, 0.5]),
    ("{name: a, physicalType: 'decimal(3, 2)', logicalTypeOptions: {maximum: 2}}", [2, 0.55], [2.01, 10]),
    ("{name: a, logicalType: boolean}", [True, False, None], [0, "true"]),
    (
        "{name: a, physicalType: varchar(3), logicalTypeOptions: {minLength: 2}}",
        ["ab", "äöü"],
        ["a", "abcd", 1],
    ),
    ("{name: a, physicalType: varchar(3), logicalTypeOptions: {maxLength: 9}}", ["abc"], ["abcd"]),
    ("{name: a, physicalType: varchar(9), logicalTypeOptions: {maxLength: 3}}", ["abc"], ["abcd"]),
    ("{name: a, physicalType: char(2)}", ["ab"], ["abc"]),
    (
        "{name: a, logicalType: string, logicalTypeOptions: {pattern: '[0-9]{2}'}}",
        ["x12y", "12", None],
        ["1", "x"],
    ),
    ("{name: a, logicalType: string, logicalTypeOptions: {pattern: '^[0-9]{2}$'}}", ["12"], ["x12", "123"]),
    ("{name: a, logicalType: string, logicalTypeOptions: {format: email}}", ["a@b.c"], ["a"]),
    ("{name: a, logicalType: string, enum: [{value: x}, {value: 'null'}]}", ["x", "null", None], ["y", ""]),
    ("{name: a, logicalType: string, required: true, enum: [{value: x}]}", ["x"], ["y", None]),
    ("{name: a, logicalType: integer, enum: [{value: 1}, {value: 2}]}", [1, 2, None], [3]),
    ("{name: a, logicalType: date, enum: [{value: '2024-01-31'}]}", ["2024-01-31"], ["2024-02-01"]),
    ("{name: a, logicalType: date}", ["2024-01-31", None], ["31.1.2024", "2024-02-30", 1]),
    (
        "{name: a, physicalType: timestamp_ntz}",
        ["2024-01-31T12:00:00.123"],
        ["2024-01-31T12:00:00Z", "2024-01-31"],
    ),
    ("{name: a, physicalType: variant}", [1, "x", {"y": [None]}, None], []),
    ("{name: a, physicalType: binary}", ["YWJj"], [1]),
    (
        STRUCT,
        [{"zip": "1"}, {"zip": "1", "n": None}, None],
        [{}, {"zip": None}, {"n": 1}, {"zip": "1", "n": "x"}],
    ),
    (DEEP, [[], [{"n": 1}], [None], None], [[{}], [{"n": "x"}], {"n": 1}]),
    ("{name: a, physicalType: 'array<struct<n: int not null>>'}", [[{"n": 1}]], [[{"n": None}], [{}]]),
    ("{name: a, logicalType: array, items: {logicalType: integer, required: true}}", [[1]], [[None]]),
    (
        "{name: a, logicalType: array, items: {logicalType: integer, logicalTypeOptions: {minimum: 1}}}",
        [[1]],
        [[0]],
    ),
    (
        "{name: a, logicalType: array, items: {logicalType: integer}, logicalTypeOptions: {minItems: 1, maxItems: 2, uniqueItems: true}}",
        [[1], [1, 2]],
        [[], [1, 2, 3], [1, 1], [None, None]],
    ),
    (MAP, [{"ab": 1}, {"ab": None}, {}, None], [{"A": 1}, {"ab": "x"}, []]),
    ("{name: a, physicalType: 'map<int, string>'}", [{"-12": "x"}], [{"x": "x"}]),
    ("{name: a, physicalType: 'map<boolean, int>'}", [{"true": 1}], [{"1": 1}]),
    (
        "{name: a, logicalType: object, properties: [{name: x, physicalName: y, logicalType: date}], "
        "logicalTypeOptions: {required: [x], maxProperties: 1}}",
        [{"y": "2024-01-01"}],
        [{}, {"y": "2024-01-01", "z": 1}],
    ),
]


@pytest.mark.parametrize(("column", "right", "wrong"), CASES)
def test_a_row_is_judged_by_the_promises_of_its_columns(schema_of, column, right, wrong):
    schema = schema_of(column)
    assert [value for value in right if not accepts(schema, {"a": value})] == []
    assert [value for value in wrong if accepts(schema, {"a": value})] == []


def test_a_required_value_of_any_type_may_not_be_null(schema_of):
    schema = schema_of("{name: a, physicalType: variant, required: true}", "{name: b, logicalType: integer}")
    assert accepts(schema, {"a": {"x": None}})
    assert not accepts(schema, {"a": None})
    assert not accepts(schema, {})
    unknown = schema_of("{name: a, logicalType: vector, physicalType: clob, required: true}")
    assert accepts(unknown, {"a": 1})
    assert not accepts(unknown, {"a": None})


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        (r"^\d{3}\-\d{4}$", r"^\d{3}-\d{4}$"),
        (r"^[A-Z]+\@x$", "^[A-Z]+@x$"),
        (r"^\pL+$", r"^\p{L}+$"),
        (r"\p{Alpha}\P{Digit}[\p{Upper}_]", "[a-zA-Z][^0-9][A-Z_]"),
        (r"\p{IsLatin}\p{IsAlphabetic}", r"\p{Script=Latin}\p{Alphabetic}"),
        (r"]}[a\-z][\w-x][a-]", r"\]\}[a\-z][\w\-x][a\-]"),
        (r"[\.\/\#\^]\ \'\%\.\{", r"[./#\^] '%\.\{"),
        (r"\x41\x{1F600}\0101\e", r"\x41\u{1f600}\x41\x1b"),
        (r"\Qa.b\E\Ax\z", r"a\.b^x$"),
        (r"(a)\10(?<n>b)\k<n>", r"(a)\1(?:)0(?<n>b)\k<n>"),
        (r"(?=a)(?<!b)a+?[0-9]{2,3}?\b", r"(?=a)(?<!b)a+?[0-9]{2,3}?\b"),
    ],
)
def test_a_pattern_is_in_the_words_of_ecmascript(written, pattern):
    assert in_ecmascript(written) == pattern


def test_a_pattern_with_a_backslash_too_many_is_in_the_schema(schema_of):
    options = {"pattern": r"^\d{3}\-\d{4}$"}
    schema = schema_of(json.dumps({"name": "a", "logicalType": "string", "logicalTypeOptions": options}))
    assert schema["properties"]["a"]["pattern"] == r"^\d{3}-\d{4}$"
    assert not_exported(schema) == []
    assert accepts(schema, {"a": "123-4567"})
    assert not accepts(schema, {"a": "1234567"})


ONLY_JAVA = [
    *("(?i)a", "(?>a)", "a++", "a{2}+", r"a\Z", r"\R", r"\H", r"\p{InGreek}", r"[\P{Alpha}]", "[a-z&&b]"),
    *("(?=a)*", "^*", r"\b+", r"(?i:a)", r"\Ga", r"\1", r"[(]\1", "a{2}{3}"),
]


@pytest.mark.parametrize("pattern", ONLY_JAVA)
def test_a_pattern_that_ecmascript_has_no_words_for_is_left_out(pattern):
    assert in_ecmascript(pattern) is None


# What cannot hold, inside of an array, where no rule looks at it.
IMPOSSIBLE = [
    *(("integer", "multipleOf: 0"), ("integer", "multipleOf: true"), ("number", "minimum: .inf")),
    *(("number", "maximum: .nan"), ("number", "maximum: x"), ("string", "minLength: -3")),
    *(
        ("string", "pattern: '['"),
        ("string", "pattern: 5"),
        ("array, items: {logicalType: string}", "minItems: -1"),
    ),
]


@pytest.mark.parametrize(("kind", "option"), IMPOSSIBLE)
def test_an_option_inside_of_an_array_that_cannot_hold_is_left_out_and_named(schema_of, kind, option):
    inner = f"{{logicalType: {kind}, logicalTypeOptions: {{{option}}}}}"
    schema = schema_of(f"{{name: a, logicalType: array, items: {inner}}}")
    plain = schema_of(f"{{name: a, logicalType: array, items: {{logicalType: {kind}}}}}")
    assert schema["properties"] == plain["properties"]
    (line,) = not_exported(schema)
    assert line.startswith(f"a[]: `{option.partition(':')[0]}: ")
    json.dumps(schema, allow_nan=False)
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    "values", ["integer, enum: [{value: x}]", "string, enum: [{value: 1}]", "number, enum: [{value: .nan}]"]
)
def test_a_list_inside_of_an_array_with_values_of_other_types_is_named(schema_of, values):
    schema = schema_of(f"{{name: a, logicalType: array, items: {{logicalType: {values}}}}}")
    assert not_exported(schema) == ["a[]: `enum`"]
    assert accepts(schema, {"a": []})


def test_examples_that_json_does_not_have_are_left_out_and_counted(schema_of):
    schema = schema_of("{name: a, logicalType: number, examples: [.inf, .nan, 1.5, -.inf]}")
    assert schema["properties"]["a"]["examples"] == [1.5]
    assert not_exported(schema) == ["a: 3 of its examples, which JSON does not have"]
    nested = schema_of("{name: a, physicalType: variant, examples: [{b: [.inf]}]}")
    assert "examples" not in nested["properties"]["a"]


def test_a_missing_value_may_be_absent_unless_it_is_required(schema_of):
    schema = schema_of("{name: a, logicalType: string}", "{name: b, logicalType: integer, primaryKey: true}")
    assert accepts(schema, {"b": 1})
    assert accepts(schema, {"a": None, "b": 1, "more": 1})
    assert not accepts(schema, {"a": "x"})
    assert not accepts(schema, {"a": "x", "b": None})


def test_names_and_texts_are_kept_as_they_are(schema_of):
    schema = schema_of(
        """{name: 'odd "name\\n`', logicalType: string, description: "a | b", businessName: B, deprecated: true, examples: [x]}"""
    )
    assert schema["properties"] == {
        'odd "name\\n`': {
            "title": "B",
            "description": "a | b",
            "examples": ["x"],
            "deprecated": True,
            "type": ["string", "null"],
        }
    }


NOT_POSSIBLE = [
    ("{name: a, physicalType: 'decimal(5, 2)'}", "a: at most 2 digits behind the point"),
    ("{name: a, logicalType: date, logicalTypeOptions: {minimum: '2024-01-01'}}", "a: `minimum: 2024-01-01`"),
    (
        "{name: a, logicalType: number, logicalTypeOptions: {maximum: 0.12345678901234567}}",
        "a: `maximum: 0.12345678901234567`",
    ),
    (
        "{name: a, physicalType: 'decimal(5, 0)', logicalTypeOptions: {multipleOf: 0.5}}",
        "a: `multipleOf: 0.5`",
    ),
    ("{name: a, logicalType: string, logicalTypeOptions: {pattern: '(?i)a'}}", "a: `pattern: (?i)a`"),
    ("{name: a, logicalType: string, logicalTypeOptions: {pattern: 'a++'}}", "a: `pattern: a++`"),
    ("{name: a, logicalType: string, logicalTypeOptions: {format: password}}", "a: `format: password`"),
    ("{name: a, physicalType: char(2), enum: [{value: x}]}", "a: `enum`"),
    ("{name: a, logicalType: number, enum: [{value: 1.50}]}", None),
    ("{name: a, logicalType: number, enum: [{value: 0.12345678901234567}]}", "a: `enum`"),
    ("{name: a, logicalType: number, enum: [{value: 1.0000000000000000001}]}", "a: `enum`"),
    (
        "{name: a, logicalType: number, logicalTypeOptions: {maximum: 1.0000000000000000001}}",
        "a: `maximum: 1.0000000000000000001`",
    ),
    ("{name: a, logicalType: timestamp, enum: [{value: '2024-01-01T00:00:00Z'}]}", "a: `enum`"),
    ("{name: a, logicalType: string, unique: true}", "a: `unique`"),
    ("{name: a, logicalType: string, primaryKey: true}", "the key (a): that it is unique"),
    ("{name: a, logicalType: string, partitioned: true}", "a: `partitioned`"),
    ("{name: a, logicalType: string, classification: pii}", "a: the classification `pii`"),
    (
        "{name: a, logicalType: string, quality: [{metric: nullValues, mustBe: 0}]}",
        "a: the check `nullValues` (library)",
    ),
    ("{name: a, logicalType: string, relationships: [{to: x.y}]}", "the relationship a → x.y"),
    ("{name: a, logicalType: string, physicalType: blob(9)}", None),
    ("{name: a, physicalType: 'map<date, int>'}", "a (key): the type DATE"),
    ("{name: a, semanticType: measure, logicalType: number}", "a: a measure is no column"),
]


@pytest.mark.parametrize(("column", "line"), NOT_POSSIBLE)
def test_what_the_schema_cannot_express_is_named_in_it(schema_of, column, line):
    assert not_exported(schema_of(column)) == ([line] if line else [])


def test_a_type_that_was_not_understood_allows_any_value_and_is_named(schema_of):
    schema = schema_of("{name: a, logicalType: vector, physicalType: clob}")
    assert accepts(schema, {"a": 1})
    assert not_exported(schema) == ["a: the type `clob`, which was not understood"]


def test_promises_of_the_table_and_of_the_contract_are_named(schema_of):
    schema = schema_of(
        "{name: a, logicalType: string}",
        head="slaProperties: [{property: latency, value: 4, unit: h}]\n",
        more="    quality: [{metric: rowCount, mustBe: 1}]\n",
    )
    assert not_exported(schema) == [
        "the table: the check `rowCount` (library)",
        "the service level `latency`: 4 h",
    ]
