"""Contracts are read with their lines: what cannot hold is refused, what is not checked is listed."""

import textwrap

import pytest

from databricks_utils.contracts import (
    ContractError,
    ContractFileError,
    ContractInvalidError,
    ContractReferenceError,
    create_table,
    load_contract,
)

pytestmark = pytest.mark.unit

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop\nversion: 1.0.0\nstatus: active\n"
ON_DATABRICKS = "servers: [{server: prod, type: databricks}]\n"


@pytest.fixture
def load(tmp_path):
    """Writes a contract with these properties of one table and loads it."""

    def loaded(properties, *, head=HEAD + ON_DATABRICKS, more=""):
        file = tmp_path / "shop.odcs.yaml"
        body = textwrap.indent(textwrap.dedent(properties).strip(), "      ")
        table = f"schema:\n  - name: orders\n{textwrap.indent(textwrap.dedent(more), '    ')}    properties:\n{body}\n"
        file.write_text(head + table, encoding="utf-8")
        return load_contract(file)

    return loaded


def problems_of(load, properties, **options):
    with pytest.raises(ContractInvalidError) as refused:
        load(properties, **options)
    assert refused.value.location
    return [
        (problem.location.rsplit(":", 1)[1], problem.summary, problem.fix)
        for problem in refused.value.problems
    ]


def test_a_table_has_the_columns_keys_and_definition_of_its_contract(load):
    contract = load(
        """
        - {name: line, logicalType: integer, primaryKey: true, primaryKeyPosition: 2}
        - {name: order id, physicalType: bigint, primaryKey: true, primaryKeyPosition: 1, description: "the shop's `id`"}
        - {name: price, physicalType: "decimal(10, 2)", logicalType: number, required: true}
        - {name: at, logicalType: timestamp}
        - {name: local, logicalType: timestamp, logicalTypeOptions: {timezone: false}}
        - {name: tags, logicalType: array, items: {logicalType: string}}
        - name: sizes
          logicalType: map
          map: {key: {logicalType: string}, value: {logicalType: integer, logicalTypeOptions: {format: i64}}}
        - name: address
          logicalType: object
          properties:
            - {name: zip, logicalType: string, required: true}
            - {name: "odd`name", logicalType: date}
        - {name: payload, physicalType: variant}
        - {name: revenue, semanticType: measure, logicalType: number, transformLogic: SUM(price)}
        """,
        more="description: One line of an order.\n",
    )
    (table,) = contract.tables
    assert table.keys == ("order id", "line")
    assert (
        create_table(table, "dev.shop_silver.orders")
        == textwrap.dedent(
            r"""
        CREATE TABLE IF NOT EXISTS `dev`.`shop_silver`.`orders` (
          `line` INT NOT NULL,
          `order id` BIGINT NOT NULL COMMENT 'the shop\'s `id`',
          `price` DECIMAL(10, 2) NOT NULL,
          `at` TIMESTAMP,
          `local` TIMESTAMP_NTZ,
          `tags` ARRAY<STRING>,
          `sizes` MAP<STRING, BIGINT>,
          `address` STRUCT<`zip`: STRING, `odd``name`: DATE>,
          `payload` VARIANT,
          PRIMARY KEY (`order id`, `line`)
        )
        USING DELTA
        COMMENT 'One line of an order.'
        TBLPROPERTIES ('delta.columnMapping.mode' = 'name')
        """
        ).strip()
    )
    assert contract.id == "shop"


@pytest.mark.parametrize(
    ("column", "line", "summary", "fix"),
    [
        (
            "{name: a, logicalType: string, requierd: true}",
            "10",
            "no key `requierd`",
            "did you mean `required`?",
        ),
        (
            "{name: a, logicalType: string, required: 'yes'}",
            "10",
            "`required` must be true or false",
            "write true",
        ),
        (
            "{name: a, logicalType: string, quality: [{metric: nullValues, mustBeBetween: [1]}]}",
            "10",
            "`mustBeBetween` must be a list of at least 2, not of 1",
            "write a list of at least 2",
        ),
        (
            "{name: a, logicalType: string, quality: [{metric: rows, mustBe: 0}]}",
            "10",
            "`metric` cannot be `rows`",
            "choose one of: `duplicateValues`, `invalidValues`, `missingValues`, `nullValues`",
        ),
        ("{name: a, logicalType: strng}", "10", "`strng` is no logical type", "did you mean `string`?"),
        ("{name: a}", "10", "`a` has no type", "add `logicalType`"),
        ("{name: a, physicalType: varchar2(3)}", "10", "Spark has no type `varchar2`", "a logicalType"),
        ("{name: a, physicalType: 'array<int'}", "10", "`>` is missing before its end", "type of Spark"),
        ("{name: a, physicalType: 'decimal(39, 1)'}", "10", "1 to 38 digits", "type of Spark"),
        (
            "{name: a, logicalType: date, physicalType: int}",
            "10",
            "cannot hold the logical type `date`",
            "fits date",
        ),
        ("{name: a, logicalType: time}", "10", "no type for a time of day", "physicalType: string"),
        ("{name: a, logicalType: object}", "10", "without `properties`", "physicalType: variant"),
        (
            "{name: a, logicalType: integer, logicalTypeOptions: {format: u128}}",
            "10",
            "no number of the format `u128`",
            "did you mean",
        ),
        (
            "{name: a, logicalType: integer, logicalTypeOptions: {minimum: 3, maximum: 2}}",
            "10",
            "no value has `minimum: 3` and `maximum: 2`",
            "correct one",
        ),
        (
            "{name: a, logicalType: date, logicalTypeOptions: {exclusiveMinimum: 2024-01-01, maximum: 2024-01-01}}",
            "10",
            "no value has",
            "correct one",
        ),
        (
            "{name: a, logicalType: date, logicalTypeOptions: {minimum: 2024-02-30}}",
            "10",
            "`2024-02-30` is no date",
            "of type DATE",
        ),
        (
            "{name: a, logicalType: string, logicalTypeOptions: {pattern: '('}}",
            "10",
            "pattern is not valid",
            "correct it",
        ),
        (
            "{name: a, logicalType: string, logicalTypeOptions: {minLength: -1}}",
            "10",
            "whole number from 0",
            "minLength: 10",
        ),
        ("{name: a, semanticType: mesure, logicalType: string}", "10", "cannot be `mesure`", "`measure`?"),
        ("{logicalType: string}", "10", "`name` is missing", "add `name"),
        ("{name: 'a${env:HOME}', logicalType: string}", "10", "contains `${`", "another name"),
        ("{name: a, logicalType: string, enum: []}", "10", "`enum` is empty", "remove"),
        ("{name: a, logicalType: string, quality: [{type: sql}]}", "10", "`query` is missing", "add `query"),
        (
            "{name: a, logicalType: string, quality: [{metric: rows}]}",
            "10",
            "cannot be `rows`",
            "choose one of",
        ),
        (
            "{name: a, logicalType: integer, logicalTypeOptions: {minimun: 0}}",
            "10",
            "no option `minimun`",
            "`minimum`",
        ),
        (
            "{name: a, logicalType: timestamp, logicalTypeOptions: {timezone: 'false'}}",
            "10",
            "must be true or",
            "timezone:",
        ),
        (
            "{name: a, logicalType: integer, logicalTypeOptions: {multipleOf: 0}}",
            "10",
            "a multiple of 0",
            "above 0",
        ),
        (
            "{name: a, logicalType: string, logicalTypeOptions: {pattern: null}}",
            "10",
            "must be text",
            "quotes",
        ),
        (
            "{name: a, logicalType: string, logicalTypeOptions: {pattern: '(?P<x>a)'}}",
            "10",
            "Python's alone",
            "correct",
        ),
        (
            "{name: a, logicalType: string, logicalTypeOptions: {pattern: '{a'}}",
            "10",
            "needs a backslash",
            "correct it",
        ),
        (
            "{name: a, logicalType: string, logicalTypeOptions: {pattern: '[[]'}}",
            "10",
            "needs a backslash",
            "correct it",
        ),
        (
            "{name: a, logicalType: timestamp, logicalTypeOptions: {timezone: false, minimum: '2024-01-01T00:00:00Z'}}",
            "10",
            "has an offset",
            "of type TIMESTAMP_NTZ",
        ),
        (
            "{name: a, logicalType: timestamp, logicalTypeOptions: {minimum: 2024-01-01 12:00:00, maximum: 2024-01-01T11:00:00}}",
            "10",
            "no value has",
            "correct one",
        ),
        (
            "{name: a, physicalType: variant, logicalType: object, properties: [{name: b, logicalType: date}]}",
            "10",
            "is not what the property describes",
            "",
        ),
        (
            "{name: a, logicalType: object, properties: [{name: x, logicalType: date}, {name: X, logicalType: date}]}",
            "10",
            "`X` of a",
            "keep one",
        ),
        (
            "{name: a, physicalType: variant, primaryKey: true}",
            "10",
            "cannot be part of a key",
            "another column",
        ),
        (
            "{name: a, logicalType: integer, enum: [{value: 1}, {value: x}]}",
            "10",
            "`x` is no int",
            "of type INT",
        ),
        (
            "{name: a, logicalType: string, enum: [{value: x}, {value: x}]}",
            "10",
            "twice in `enum`",
            "keep one",
        ),
    ],
)
def test_what_cannot_hold_is_refused_with_its_line(load, column, line, summary, fix):
    ((found_line, found, found_fix),) = problems_of(load, f"- {column}")
    assert found_line == line
    assert summary in found
    assert fix in found_fix


def test_all_problems_are_said_at_once_in_the_order_of_the_file(load):
    found = problems_of(
        load,
        """
        - {name: a, logicalType: strng}
        - {name: b, logicalType: integer}
        - {name: B, logicalType: integer}
        - {name: c}
        """,
    )
    assert [(line, summary) for line, summary, _ in found] == [
        ("10", "`strng` is no logical type of the standard"),
        ("12", "the column `B` is there twice"),
        ("13", "`c` has no type"),
    ]


def test_a_contract_needs_its_head(load):
    found = problems_of(
        load, "- {name: a, logicalType: string}", head="apiVersion: v2.2.2\nkind: DataProduct\nversion: 1.0\n"
    )
    assert {summary for _, summary, _ in found} == {
        "`id` is missing",
        "`kind` cannot be `DataProduct`",
        "`apiVersion: v2.2.2` is not read here",
        "`version` must be text, not `1.0`",
    }
    assert 'write text, e.g. "1.0"' in {fix for _, _, fix in found}


@pytest.mark.parametrize(("text", "line"), [("a: [1", "1"), ("a: 1\na: 2", "2"), ("\ta: 1", "1")])
def test_text_that_is_no_yaml_is_refused_with_its_line(tmp_path, text, line):
    file = tmp_path / "broken.odcs.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContractFileError) as refused:
        load_contract(file)
    assert refused.value.location.endswith(f":{line}")
    assert "config" not in refused.value.summary


def test_a_contract_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ContractFileError, match="cannot read"):
        load_contract(tmp_path / "no.odcs.yaml")


def test_a_table_elsewhere_is_read_and_says_which_types_were_not_understood(load):
    contract = load(
        """
        - {name: a, logicalType: string, physicalType: VARCHAR2(10)}
        - {name: b, physicalType: json}
        - {name: c, logicalType: date, physicalType: timestamp}
        """,
        head=HEAD,
    )
    (table,) = contract.tables
    assert [column.type.name for column in table.columns] == ["string", "string", "date"]
    assert len(table.not_executed) == 3
    assert "Spark has no type `json`: it is read as text" in table.not_executed[1]


def test_what_is_promised_and_not_checked_is_listed(load):
    contract = load(
        """
        - name: a
          logicalType: string
          unique: true
          logicalTypeOptions: {maximum: 3}
          quality: [{name: fresh, type: sql, query: SELECT 1, mustNotBe: 1}]
          relationships: [{to: shops.id}]
        - name: m
          physicalType: map<string, int>
          unique: true
        - name: b
          logicalType: array
          items: {logicalType: integer, required: true, logicalTypeOptions: {minimum: 1}}
        """,
        head=f"{HEAD}{ON_DATABRICKS}slaProperties: [{{property: latency, value: 4, unit: h}}]\n",
        more="quality: [{metric: rowCount, mustNotBe: 10}]\n",
    )
    assert contract.not_executed == ("the service level `latency`: 4 h",)
    assert contract.tables[0].not_executed == (
        "the table: the check `rowCount` (library)",
        "a: the relationship to shops.id: no table of this contract; of another one it is "
        "`file.odcs.yaml#/schema/<table>/properties/<column>`",
        "a: the check `fresh` (sql)",
        "a: `maximum: 3` of a column of type STRING",
        "m: `unique` of a column of type MAP<STRING, INT>",
        "b[]: `required`, `logicalTypeOptions`",
    )


@pytest.mark.parametrize(
    "pattern", [r"^\p{L}+$", r"(?<x>a)\k<x>", r"\Qa.b\E", "^[A-Z]{2}[0-9]{1,}$", r"a\{b", "[{]"]
)
def test_a_pattern_that_java_knows_is_no_problem(load, pattern):
    (table,) = load(
        f"- {{name: a, logicalType: string, logicalTypeOptions: {{pattern: '{pattern}'}}}}"
    ).tables
    assert len(table.rules) == 1


def test_values_are_written_as_the_contract_has_them(load):
    (table,) = load(
        """
        - {name: a, physicalType: "decimal(38, 2)", logicalTypeOptions: {maximum: 99999999999999999999.99}}
        - {name: b, physicalType: float, logicalTypeOptions: {maximum: 0.1}}
        - {name: c, logicalType: integer, logicalTypeOptions: {format: u32}}
        - {name: d, logicalType: timestamp, logicalTypeOptions: {minimum: 20240131T120000Z}}
        - name: e
          logicalType: timestamp
          logicalTypeOptions: {minimum: 2024-01-01T00:00:00+02:00, maximum: 2023-12-31T23:00:00Z}
        - {name: f, physicalType: char(5), logicalTypeOptions: {maxLength: 3}}
        - {name: g, logicalType: string, enum: [{value: "${env:HOME}"}]}
        - {name: h, physicalType: double, logicalTypeOptions: {minimum: 0x10}}
        """
    ).tables
    expressions = [rule.expression for rule in table.rules]
    assert expressions[0] == "`a` IS NULL OR (`a` <= 99999999999999999999.99)"
    assert expressions[1] == "`b` IS NULL OR (`b` <= CAST(0.1 AS FLOAT) AND NOT isnan(`b`))"
    assert expressions[2] == "`c` IS NULL OR (`c` BETWEEN 0 AND 4294967295)"
    assert "TIMESTAMP '2024-01-31 12:00:00+00:00'" in expressions[3]
    assert "rtrim(`f`)" in expressions[6]
    assert expressions[7] == r"`g` IS NULL OR (`g` IN ('\u0024{env:HOME}'))"
    assert expressions[8] == "`h` IS NULL OR (`h` >= 16 AND NOT isnan(`h`))"


def test_no_promise_is_passed_over(load):
    contract = load(
        """
        - {name: id, logicalType: integer, primaryKey: true, logicalTypeOptions: {format: i64}}
        - {name: mail, logicalType: string, logicalTypeOptions: {format: email}}
        - {name: sales, semanticType: measure, logicalType: number, required: true}
        - {name: month, semanticType: dimension, logicalType: date, transformLogic: "date_trunc('month', at)"}
        - name: lines
          logicalType: array
          items:
            logicalType: object
            properties:
              - {name: tags, logicalType: array, items: {logicalType: string, required: true, enum: [{value: x}]}}
              - {name: n, logicalType: integer, unique: true, relationships: [{to: shops.n}]}
        - {name: deep, physicalType: "struct<n: int not null>"}
        - name: odd
          logicalType: array
          items: {logicalType: map, map: {key: {logicalType: string}, value: {logicalType: date}}}
          logicalTypeOptions: {uniqueItems: true}
        - {name: where, logicalType: object, properties: [{name: k, logicalType: integer, primaryKey: true}]}
        """,
        head=f"{HEAD}{ON_DATABRICKS}description: {{purpose: 'for ${{TEAM}}'}}\n",
    )
    assert contract.not_executed == ("the variable `${TEAM}` is not replaced",)
    assert set(contract.tables[0].not_executed) == {
        "mail: `format: email` of a column of type STRING",
        "sales: a measure is no column; it promises `required`",
        "month: a dimension is no column",
        "lines[].tags[]: `required`, `enum`",
        "lines[].n: `unique`, `relationships`",
        "deep: NOT NULL inside of `struct<n: int not null>`",
        "odd: `uniqueItems: True` of a column of type ARRAY<MAP<STRING, DATE>>",
        "where.k: `primaryKey` of a field inside a column",
    }


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 3000 + "]" * 3000,
        f"{HEAD}schema: [{{name: t, properties: [{{name: a, physicalType: '{'array<' * 3000}int'}}]}}]",
        f"{HEAD}schema: [{{name: t, properties: [{{name: a, logicalType: number, logicalTypeOptions: {{minimum: {'9' * 400}}}}}]}}]",
        f"{HEAD}schema: [{{name: t, properties: [{{name: a, logicalType: number, logicalTypeOptions: {{minimum: {'9' * 5000}}}}}]}}]",
        f'{HEAD}schema: [$ref: "a\\0b"]',
        f"{HEAD}schema: [$ref: {'x' * 5000}]",
        "kind: [a]",
        "- a\n- b",
    ],
    ids=["deep", "deep type", "400 digits", "5000 digits", "NUL", "long", "list", "no keys"],
)
def test_hostile_text_is_an_error_with_a_place(tmp_path, text):
    file = tmp_path / "shop.odcs.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError) as refused:
        load_contract(file)
    assert "shop.odcs.yaml" in refused.value.location
    assert "Node(" not in str(refused.value)


def test_a_fragment_stands_in_its_place_and_keeps_its_own_lines(tmp_path):
    shared = tmp_path / "shared" / "columns.yaml"
    shared.parent.mkdir()
    shared.write_text("country:\n  name: country\n  logicalType: strng\n  required: true\n", encoding="utf-8")
    file = tmp_path / "contracts" / "shop.odcs.yaml"
    file.parent.mkdir()
    reference = "$ref: ../shared/columns.yaml#/country"
    file.write_text(
        f"{HEAD}schema:\n  - name: orders\n    properties:\n      - {reference}\n        description: own\n",
        encoding="utf-8",
    )
    with pytest.raises(ContractInvalidError) as refused:
        load_contract(file, project=tmp_path)
    assert refused.value.location.endswith("columns.yaml:3")
    shared.write_text(shared.read_text(encoding="utf-8").replace("strng", "string"), encoding="utf-8")
    (column,) = load_contract(file, project=tmp_path).tables[0].columns
    assert (column.name, column.nullable, column.comment) == ("country", False, "own")
    with pytest.raises(ContractReferenceError, match="outside of the project"):
        load_contract(file)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("'#/nowhere'", "there is no `nowhere`"),
        ("'#/schema/0'", "leads back to itself"),
        ("no.yaml", "cannot read"),
        ("https://example.com/a.yaml", "not of the form"),
        ("'shop.odcs.yaml#schema'", "not of the form"),
        ("[a]", "must be text"),
        ("../../../etc/passwd", "outside of the project"),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(tmp_path, reference, words):
    file = tmp_path / "shop.odcs.yaml"
    file.write_text(f"{HEAD}schema:\n  - $ref: {reference}\n", encoding="utf-8")
    with pytest.raises(ContractError, match=words) as refused:
        load_contract(file)
    assert refused.value.location.endswith("shop.odcs.yaml:7")


def test_a_column_is_masked_as_a_whole_if_a_part_of_it_or_a_struct_around_it_is_classified(load):
    checked = "quality: [{id: %s, type: custom, engine: databricks-utils, implementation: 'true'}]"
    contract = load(
        f"""
        - name: who
          logicalType: object
          {checked % "who_is_right"}
          properties:
            - {{name: mail, logicalType: string, classification: restricted, required: true, logicalTypeOptions: {{maxLength: 9}}}}
            - {{name: age, logicalType: integer, classification: public, logicalTypeOptions: {{minimum: 0}}}}
        - name: card
          logicalType: object
          classification: confidential
          properties: [{{name: kind, logicalType: string, logicalTypeOptions: {{maxLength: 9}}}}]
        - {{name: mails, logicalType: array, logicalTypeOptions: {{minItems: 1}}, items: {{logicalType: string, classification: pii}}}}
        - name: by_name
          logicalType: map
          map: {{key: {{logicalType: string, classification: pii}}, value: {{logicalType: integer}}}}
          {checked % "names_are_right"}
        - {{name: shop, logicalType: string, classification: Public, logicalTypeOptions: {{maxLength: 9}}}}
        """
    )
    (table,) = contract.tables
    assert table.classified == {"who", "card", "mails", "by_name"}
    assert {rule.name: rule.masked for rule in table.rules if rule.value} == {
        "who_is_right": True,
        "who_mail_is_short_enough": True,
        "who_age_is_not_too_small": False,
        "card_kind_is_short_enough": True,
        "mails_has_enough_items": True,
        "names_are_right": True,
        "shop_is_short_enough": False,
    }


@pytest.mark.parametrize(
    ("column", "type_"),
    [
        ("{name: a, physicalType: STRUCT, logicalType: object, properties: [{name: x, physicalType: int}]}", "struct<`x`: INT>"),
        ("{name: a, physicalType: array, items: {physicalType: date}}", "array<DATE>"),
        ("{name: a, physicalType: STRING COLLATE UTF8_LCASE}", "STRING"),
    ],
)  # fmt: skip
def test_a_physical_type_may_leave_to_its_property_what_is_inside(load, column, type_):
    (table,) = load(f"        - {column}\n").tables
    assert table.columns[0].type.sql().lower() == type_.lower()
    assert [line for line in table.not_executed if "collation" in line] == (
        ["a: the collation of `STRING COLLATE UTF8_LCASE`"] if "COLLATE" in column else []
    )
