"""SQL, expectations and DQX checks of a table: the rules as they are, no text becomes code, and what is not expressed is named."""

import ast
import re

import pytest
import yaml

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.errors import ContractUseError
from databricks_utils.contracts.exports import dqx, expectations, expectations_sql, sql
from databricks_utils.contracts.exports.dqx import _CRITICALITY
from databricks_utils.contracts.exports.expectations import _CLAUSES, _DECORATORS
from databricks_utils.contracts.exports.promises import promises_of
from databricks_utils.contracts.parts import relations_of, tables_of
from databricks_utils.quality import Severity

pytestmark = pytest.mark.unit

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop\nversion: '1.0.0'\nstatus: active\n"
CUSTOMERS = """\
  - name: customers
    properties:
      - {name: id, logicalType: integer, primaryKey: true}
      - {name: other, logicalType: integer}
"""
ALL = """\
servers: [{server: p, type: databricks}]
slaProperties: [{property: latency, value: 4, unit: h}]
schema:
"""
ORDERS = """\
  - name: orders
    tags: [finance, "env:prod"]
    quality: [{metric: rowCount, mustBeGreaterThan: 5}, {type: sql, query: "SELECT 1", mustBe: 1}]
    properties:
      - {name: id, logicalType: integer, primaryKey: true}
      - {name: customer, logicalType: integer, required: true, relationships: [{to: customers.id}]}
      - {name: other, logicalType: integer, relationships: [{to: customers.other}, {to: nowhere.id}]}
      - {name: state, logicalType: string, enum: [{value: open}, {value: paid}], classification: internal, tags: [x]}
      - {name: price, logicalType: number, unique: true, logicalTypeOptions: {minimum: 0}}
      - {name: at, logicalType: timestamp, logicalTypeOptions: {minimum: "2024-01-01", maximum: "2034-01-01T00:00:00Z"}}
      - {name: parts, logicalType: array, items: {logicalType: string, enum: [{value: x}]}}
      - name: address
        logicalType: object
        properties: [{name: zip, logicalType: string, required: true, tags: [y], logicalTypeOptions: {pattern: "^[0-9]+$"}}]
"""


@pytest.fixture
def contract(tmp_path):
    """Loads a contract from text below its head."""

    def loaded(body):
        file = tmp_path / "shop.odcs.yaml"
        file.write_text(HEAD + body, encoding="utf-8")
        return load_contract(file)

    return loaded


@pytest.fixture
def shop(contract):
    return contract(ALL + CUSTOMERS + ORDERS)


def one_column(contract, column):
    loaded = contract(f"schema:\n  - name: orders\n    properties:\n      - {column}\n")
    return loaded, tables_of(loaded)[0]


def not_exported(text):
    return re.findall(r"^(?:--|#) not exported: (.*)$", text, re.MULTILINE)


def test_sql_creates_what_is_not_there_then_sets_tags_then_adds_constraints(shop):
    text = sql(shop, tables_of(shop), schema="dev.shop")
    first, second = text.split("-- Part 2")
    assert first.count("CREATE TABLE IF NOT EXISTS") == 2
    assert "ALTER TABLE `dev`.`shop`.`orders` SET TAGS ('finance' = '');" in first
    assert (
        "ALTER TABLE `dev`.`shop`.`orders` ALTER COLUMN `state` SET TAGS ('classification' = 'internal', 'x' = '');"
    ) in first
    assert (
        "ALTER TABLE `dev`.`shop`.`orders` ADD CONSTRAINT `state_is_allowed` "
        "CHECK (`state` IS NULL OR (`state` IN ('open', 'paid')));"
    ) in second
    assert (
        "ALTER TABLE `dev`.`shop`.`orders` ADD CONSTRAINT `orders_customer_fk` FOREIGN KEY (`customer`) "
        "REFERENCES `dev`.`shop`.`customers` (`id`);"
    ) in second
    assert second.count("ADD CONSTRAINT") == 6
    assert not re.search(r"\b(DROP|REPLACE|DELETE|TRUNCATE|UNSET|OVERWRITE)\b", text)


def test_sql_names_what_it_cannot_enforce(shop):
    assert not_exported(sql(shop, tables_of(shop))) == [
        "customers: the key (id): that it is unique; PRIMARY KEY informs only",
        "orders: at is less than 2024-01-01: a timestamp without an offset depends on the time zone of the session that writes",
        "orders: the key (id): that it is unique; PRIMARY KEY informs only",
        "orders: the relationship customer → customers.id: FOREIGN KEY informs only",
        "orders: the relationship other → customers.other: it refers to other columns than the primary key of customers",
        "orders: the relationship other → nowhere.id: the table or column is not in this contract",
        "orders: price: `unique`",
        "orders: parts[]: `enum`",
        "orders: the table: the check `rowCount` (library)",
        "orders: the table: the check `sql` (sql)",
        "orders: the tag `env:prod` of the table: a key has none of `. , - = / :`, and no tab or line break",
        "orders: address.zip: the tag `y`: only columns have tags",
        "the service level `latency`: 4 h",
    ]


def test_not_null_of_a_column_stands_in_the_definition_alone(contract):
    loaded, table = one_column(contract, "{name: a, logicalType: string, required: true}")
    assert "CHECK" not in sql(loaded, [table])
    assert "`a` STRING NOT NULL" in sql(loaded, [table])


def row_check(contract, condition):
    check = f'{{id: odd, type: custom, engine: databricks-utils, implementation: "{condition}"}}'
    return one_column(contract, f"{{name: a, logicalType: integer, quality: [{check}]}}")


@pytest.mark.parametrize(
    "export", [expectations, expectations_sql, dqx, lambda one, table: sql(one, [table])]
)
def test_a_comment_in_a_condition_ends_with_it(contract, export):
    text = export(*row_check(contract, "a > 0 -- positive"))
    assert "a > 0" in text
    assert "positive" not in text


@pytest.mark.parametrize("export", [expectations, expectations_sql])
def test_a_condition_with_a_subquery_is_no_expectation(contract, export):
    text = export(*row_check(contract, "a > (SELECT 1)"))
    assert not_exported(text) == ["odd: it is not so: an expectation has no subquery"]
    assert "SELECT" not in text


def test_checks_without_a_name_are_told_apart_by_their_id(contract):
    checks = ", ".join(
        f"{{id: {name}, type: custom, engine: soda, implementation: x}}" for name in ("one", "two")
    )
    text = expectations(*one_column(contract, f"{{name: a, logicalType: integer, quality: [{checks}]}}"))
    assert not_exported(text) == ["a: the check `one` (custom)", "a: the check `two` (custom)"]


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("a > (SELECT 1)", "a CHECK has no subquery"),
        ("a IN ( /* all */ select b from c)", "a CHECK has no subquery"),
        ("exists (with x AS (SELECT 1) SELECT * FROM x)", "a CHECK has no subquery"),
        ("a > rand()", "`rand` is not known"),
        ("a < `rand` ()", "`rand` is not known"),
        ("a = unix_timestamp(current_date)", "`unix_timestamp` is not known"),
        ("to_date(a) < current_date", "`current_date` is not known"),
        ("main.silver.is_right(a)", "`is_right` is not known"),
        ("silver.abs(a) > 0", "`abs` is not known"),
        ("x.builtin.abs(a) > 0", "`abs` is not known"),
        ("is_right(a)", "`is_right` is not known"),
        ("sum(a) OVER (ORDER BY a) > 1", "`sum` is not known"),
        ("explode(array(a)) > 1", "`explode` is not known"),
        ("any (a > 1)", "`any` is not known"),
    ],
)
def test_a_condition_that_can_be_no_check_is_named_with_the_reason(contract, condition, why):
    loaded, table = row_check(contract, condition)
    text = sql(loaded, [table])
    assert "CHECK (" not in text
    assert len(not_exported(text)) == 1
    assert why in not_exported(text)[0]


@pytest.mark.parametrize(
    "condition",
    [
        "NOT (a > 0) AND (a IN (1, 2) OR a BETWEEN (1) AND (2))",
        "CASE WHEN (a > 0) THEN (true) ELSE (false) END",
        "cast(a AS decimal(10, 2)) > 0 AND a::string LIKE ANY ('1', '2')",
        "system.builtin.abs(a) > 0 AND builtin.abs(a) > 0 AND exists(array(a), x -> x > 0)",
        "a IS DISTINCT FROM (1) AND a.current_date > 0 AND date_add(DATE '2024-01-01', a) > '2024-01-01'",
        "regexp_like(a, '(select rand())')",
    ],
)
def test_a_condition_of_columns_and_built_in_functions_becomes_a_check(contract, condition):
    loaded, table = row_check(contract, condition)
    assert f"CHECK ({condition});" in sql(loaded, [table])


def test_a_column_may_have_the_name_of_a_value_of_the_session(contract):
    check = "{id: odd, type: custom, engine: databricks-utils, implementation: user <> ''}"
    loaded, table = one_column(contract, f"{{name: User, logicalType: string, quality: [{check}]}}")
    assert "CHECK (user <> '');" in sql(loaded, [table])


def test_a_text_that_looks_like_a_timestamp_is_no_reason_to_leave_a_check_out(contract):
    loaded, table = one_column(
        contract, """{name: a, logicalType: string, enum: [{value: "TIMESTAMP '2024-01-01'"}]}"""
    )
    assert "CHECK (`a` IS NULL OR (`a` IN ('TIMESTAMP \\'2024-01-01\\'')));" in sql(loaded, [table])


@pytest.mark.parametrize(
    "tag", ["a.b", "a,b", "a-b", "=b", "a/b", "a:b", " ", "a\tb", "x" * 256, "a=" + "x" * 1001]
)
def test_a_tag_that_unity_catalog_refuses_is_named(contract, tag):
    loaded, table = one_column(contract, f'{{name: a, logicalType: string, tags: ["{tag}"]}}')
    text = sql(loaded, [table])
    assert "SET TAGS" not in text
    assert len(not_exported(text)) == 1


@pytest.mark.parametrize(
    ("tags", "classification", "written", "missing"),
    [
        (
            '["pii=high", " a ", "b = c=d "]',
            "pii",
            "'classification' = 'pii', 'pii' = 'high', 'a' = '', 'b' = 'c=d'",
            0,
        ),
        ("[x]", '" internal "', "'classification' = 'internal', 'x' = ''", 0),
        ('[a, " a", "a=b"]', '""', "'a' = ''", 1),
        ('["classification=pii"]', "internal", "'classification' = 'internal'", 1),
        ('["classification=pii"]', "pii", "'classification' = 'pii'", 0),
    ],
)
def test_a_tag_is_a_key_with_a_value_and_blanks_around_do_not_count(
    contract, tags, classification, written, missing
):
    loaded, table = one_column(
        contract, f"{{name: a, logicalType: string, tags: {tags}, classification: {classification}}}"
    )
    text = sql(loaded, [table])
    assert f"ALTER COLUMN `a` SET TAGS ({written});" in text
    assert len(not_exported(text)) == missing


def test_more_tags_than_an_object_may_have_are_named(contract):
    tags = ", ".join(f"t{number}" for number in range(60))
    loaded, table = one_column(
        contract, f"{{name: a, logicalType: string, classification: pii, tags: [{tags}]}}"
    )
    text = sql(loaded, [table])
    assert text.count(" = ''") + text.count(" = 'pii'") == 50
    assert len(not_exported(text)) == 11


def test_a_foreign_key_of_several_columns_needs_the_whole_primary_key_in_its_order(contract):
    body = """\
schema:
  - name: lines
    relationships:
      - {from: [lines.o, lines.n], to: [orders.id, orders.line]}
      - {from: [lines.n, lines.o], to: [orders.line, orders.id]}
    properties: [{name: o, logicalType: integer}, {name: n, logicalType: integer}]
  - name: orders
    properties:
      - {name: id, logicalType: integer, primaryKey: true}
      - {name: line, logicalType: integer, primaryKey: true}
"""
    loaded = contract(body)
    text = sql(loaded, tables_of(loaded)[:1])
    assert text.count("FOREIGN KEY (`o`, `n`) REFERENCES `orders` (`id`, `line`);") == 1
    assert text.count("ADD CONSTRAINT") == 1
    assert any("n, o → orders.line, orders.id" in line for line in not_exported(text))


NAMED = """\
schema:
  - {name: customers, physicalName: crm.customers, properties: [{name: id, logicalType: integer, primaryKey: true}]}
  - name: orders
    physicalName: public.orders
    properties: [{name: customer, logicalType: integer, relationships: [{to: customers.id}]}]
"""


def test_a_schema_that_is_chosen_counts_instead_of_that_of_the_physical_name(contract):
    loaded = contract(NAMED)
    text = sql(loaded, tables_of(loaded), schema="main.silver")
    assert "CREATE TABLE IF NOT EXISTS `main`.`silver`.`orders` (" in text
    assert "ALTER TABLE `main`.`silver`.`orders`" in text
    assert "REFERENCES `main`.`silver`.`customers` (`id`);" in text
    assert "`public`" not in text
    assert "REFERENCES `crm`.`customers` (`id`);" in sql(loaded, tables_of(loaded))
    (check,) = yaml.safe_load(dqx(loaded, tables_of(loaded)[1], schema="main.silver"))
    assert check["check"]["arguments"]["ref_table"] == "`main`.`silver`.`customers`"


@pytest.mark.parametrize(
    ("name", "schema", "words"),
    [
        ("crm.Orders", "main.silver", "would both be `main.silver.orders`"),
        ("a.b.c.d", "", "`a.b.c.d` has more than three parts"),
        ("a", "main.silver.x", "`main.silver.x` is no schema"),
    ],
)
def test_a_name_that_no_table_can_have_is_refused(contract, name, schema, words):
    loaded = contract(NAMED.replace("crm.customers", name))
    with pytest.raises(ContractUseError, match=words) as refused:
        sql(loaded, tables_of(loaded), schema=schema)
    assert refused.value.fix


def test_a_view_is_not_created_as_a_table(contract):
    loaded = contract(
        "schema:\n  - name: orders\n    physicalType: VIEW\n    tags: [x]\n    properties:\n"
        "      - {name: id, logicalType: integer, primaryKey: true, tags: [y], logicalTypeOptions: {minimum: 1}}\n"
        "  - {name: lines, properties: [{name: o, logicalType: integer, relationships: [{to: orders.id}]}]}\n"
    )
    text = sql(loaded, tables_of(loaded))
    assert "CREATE TABLE IF NOT EXISTS `lines`" in text
    assert "EXISTS `orders`" not in text
    assert "ADD CONSTRAINT" not in text
    assert "ALTER TABLE `orders` SET TAGS ('x' = '');" in text
    assert "ALTER TABLE `orders` ALTER COLUMN `id` SET TAGS ('y' = '');" in text
    assert not_exported(text) == [
        "orders: the view itself: its query is not in the contract",
        "orders: id is missing: a view has no CHECK",
        "orders: id is less than 1: a view has no CHECK",
        "orders: the key (id): that it is unique; a view has no key",
        "lines: the relationship o → orders.id: a view has no key",
    ]


def test_expectations_in_python_can_be_read_by_python(shop):
    text = expectations(shop, tables_of(shop)[1])
    (assignment,) = ast.parse(text).body
    assert assignment.targets[0].id == "ORDERS_ERRORS"
    found = ast.literal_eval(assignment.value)
    condition = "coalesce(`price` IS NULL OR (`price` >= 0 AND NOT isnan(`price`)), false)"
    assert found["price_is_not_too_small"] == condition
    assert set(found) == {rule.name for rule in shop.tables[1].rules}
    assert "#     @dp.expect_all_or_drop(ORDERS_ERRORS)" in text


def test_expectations_in_sql_drop_the_row(shop):
    text = expectations_sql(shop, tables_of(shop)[1])
    assert (
        "CONSTRAINT id_is_given EXPECT (coalesce(`id` IS NOT NULL, false)) ON VIOLATION DROP ROW,\n" in text
    )
    assert text.count("CONSTRAINT") == len(shop.tables[1].rules)


@pytest.mark.parametrize("export", [expectations, expectations_sql])
def test_expectations_name_what_they_cannot_express(shop, export):
    assert not_exported(export(shop, tables_of(shop)[1])) == [
        "state: the classification `internal`",
        "price: `unique`",
        "parts[]: `enum`",
        "the key (id): that it is unique",
        "the table: the check `rowCount` (library)",
        "the table: the check `sql` (sql)",
        "the relationship customer → customers.id",
        "the relationship other → customers.other",
        "the relationship other → nowhere.id",
        "the service level `latency`: 4 h",
    ]


@pytest.mark.parametrize(
    ("tolerated", "limit"),
    [
        ("mustBeLessThan: 5, unit: percent", "less than 5 %"),
        ("mustBeLessOrEqualTo: 5, unit: percent", "5 %"),
        ("mustBeLessThan: 2", "1 row"),
    ],
)
@pytest.mark.parametrize("export", [expectations, expectations_sql, dqx])
def test_how_many_rows_a_check_tolerates_is_named(contract, export, tolerated, limit):
    check = f"{{metric: invalidValues, {tolerated}, arguments: {{validValues: [x]}}}}"
    text = export(*one_column(contract, f"{{name: a, logicalType: string, quality: [{check}]}}"))
    assert not_exported(text) == [
        f"a is not valid: its limit for a delivery ({limit}); here each failing row only warns"
    ]
    assert "IN ('x')" in text


def test_each_severity_has_an_expectation_and_a_criticality():
    assert set(_DECORATORS) == set(_CLAUSES) == set(_CRITICALITY) == set(Severity)


def checks_of(text):
    return {check["name"]: check for check in yaml.safe_load(text)}


def test_dqx_gets_a_built_in_check_where_it_says_the_same_and_sql_else(shop):
    checks = checks_of(dqx(shop, tables_of(shop)[1], schema="dev.shop"))
    assert checks["id_is_given"] == {
        "name": "id_is_given",
        "criticality": "error",
        "check": {"function": "is_not_null", "arguments": {"column": "`id`"}},
        "user_metadata": {"contract": "shop", "contract_version": "1.0.0"},
    }
    assert checks["state_is_allowed"]["check"] == {
        "function": "sql_expression",
        "arguments": {
            "expression": "coalesce(`state` IS NULL OR (`state` IN ('open', 'paid')), false)",
            "msg": "state is none of the allowed values",
        },
    }
    assert checks["address_zip_fits_its_pattern"]["check"] == {
        "function": "sql_expression",
        "arguments": {
            "expression": "coalesce(`address`.`zip` IS NULL OR (`address`.`zip` RLIKE '^[0-9]+$'), false)",
            "msg": "address.zip does not fit ^[0-9]+$",
        },
    }
    assert checks["id_is_unique"]["check"]["arguments"] == {"columns": ["`id`"], "nulls_distinct": True}
    assert checks["price_is_unique"]["check"]["function"] == "is_unique"
    assert checks["customer_is_known"]["check"] == {
        "function": "foreign_key",
        "arguments": {
            "columns": ["`customer`"],
            "ref_columns": ["`id`"],
            "ref_table": "`dev`.`shop`.`customers`",
        },
    }
    assert checks["row_count_1"]["check"] == {
        "function": "is_aggr_not_less_than",
        "arguments": {"column": "*", "aggr_type": "count", "limit": 6},
    }


def test_dqx_gets_no_list_of_texts_since_its_versions_read_them_as_values_or_as_columns(contract):
    loaded, table = one_column(contract, "{name: a, logicalType: string, enum: [{value: kg}]}")
    (check,) = yaml.safe_load(dqx(loaded, table))
    assert set(check["check"]["arguments"]) == {"expression", "msg"}
    assert check["check"]["arguments"]["expression"] == "coalesce(`a` IS NULL OR (`a` IN ('kg')), false)"


def test_dqx_names_what_it_cannot_express(shop):
    assert not_exported(dqx(shop, tables_of(shop)[1])) == [
        "state: the classification `internal`",
        "parts[]: `enum`",
        "the table: the check `sql` (sql)",
        "the relationship other → nowhere.id",
        "the service level `latency`: 4 h",
    ]


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("mustBe: 5", [("is_aggr_equal", 5)]),
        ("mustNotBe: 5", [("is_aggr_not_equal", 5)]),
        (
            "mustBeGreaterOrEqualTo: 5, mustBeLessThan: 9",
            [("is_aggr_not_less_than", 5), ("is_aggr_not_greater_than", 8)],
        ),
        ("mustBeLessOrEqualTo: 9, severity: warning", [("is_aggr_not_greater_than", 9)]),
        ("mustBeBetween: [1, 5]", []),
        ("mustBe: 5, mustBeBetween: [1, 5]", []),
        ("mustBe: 5.5", []),
        ("mustBe: 5, unit: percent", []),
    ],
)
def test_a_row_count_becomes_an_aggregate_if_its_threshold_is_clear(contract, check, expected):
    loaded = contract(
        f"schema:\n  - name: orders\n    quality: [{{metric: rowCount, {check}}}]\n"
        "    properties: [{name: a, logicalType: string}]\n"
    )
    text = dqx(loaded, tables_of(loaded)[0])
    found = yaml.safe_load(text)
    assert [(item["check"]["function"], item["check"]["arguments"]["limit"]) for item in found] == expected
    assert bool(not_exported(text)) == (not expected)
    assert {item["criticality"] for item in found} <= {"warn" if "warning" in check else "error"}


@pytest.mark.parametrize(
    ("severity", "criticality"),
    [("warning", "warn"), ("info", "warn"), ("error", "error"), ("fail", "error")],
)
def test_the_severity_of_a_relationship_is_its_criticality(contract, severity, criticality):
    own = f"customProperties: [{{property: severity, value: {severity}}}]"
    loaded = contract(
        f"{ALL}{CUSTOMERS}  - name: orders\n    properties:\n"
        f"      - {{name: customer, logicalType: integer, relationships: [{{to: customers.id, {own}}}]}}\n"
    )
    (check,) = yaml.safe_load(dqx(loaded, tables_of(loaded)[1]))
    assert (check["check"]["function"], check["criticality"]) == ("foreign_key", criticality)


def test_a_severity_of_a_relationship_that_there_is_not_is_refused(contract):
    own = "customProperties: [{property: severity, value: wrong}]"
    loaded = contract(
        f"{ALL}{CUSTOMERS}  - name: orders\n    properties:\n"
        f"      - {{name: customer, logicalType: integer, relationships: [{{to: customers.id, {own}}}]}}\n"
    )
    with pytest.raises(ContractUseError, match="`wrong` is no severity"):
        dqx(loaded, tables_of(loaded)[1])


ABOUT = {"contract": "shop", "contract_version": "1.0.0"}


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (
            "{type: custom, engine: dqx, implementation: {criticality: warn, check: {function: is_in_range, "
            "arguments: {min_limit: 1, max_limit: 2}}, filter: b > 0}}",
            {
                "criticality": "warn",
                "check": {
                    "function": "is_in_range",
                    "arguments": {"min_limit": 1, "max_limit": 2, "column": "`a b`"},
                },
                "filter": "b > 0",
                "user_metadata": ABOUT,
            },
        ),
        (
            "{type: custom, engine: DQX, id: own, severity: warning, implementation: {check: {function: is_unique}, "
            "user_metadata: {team: x}}}",
            {
                "name": "own",
                "criticality": "warn",
                "check": {"function": "is_unique", "arguments": {"columns": ["`a b`"]}},
                "user_metadata": {**ABOUT, "team": "x"},
            },
        ),
        (
            '{type: custom, engine: dqx, implementation: "{name: n, check: {function: is_not_null, for_each_column: [a, b]}}"}',
            {
                "name": "n",
                "criticality": "error",
                "check": {"function": "is_not_null", "for_each_column": ["a", "b"], "arguments": {}},
                "user_metadata": ABOUT,
            },
        ),
        (
            "{type: custom, engine: dqx, implementation: {check: {function: sql_expression, arguments: {expression: a > 0}}}}",
            {
                "criticality": "error",
                "check": {"function": "sql_expression", "arguments": {"expression": "a > 0"}},
                "user_metadata": ABOUT,
            },
        ),
    ],
)
def test_a_check_that_is_one_of_dqx_is_copied(contract, check, expected):
    text = dqx(*one_column(contract, f"{{name: a b, logicalType: integer, quality: [{check}]}}"))
    assert yaml.safe_load(text) == [expected]
    assert not_exported(text) == []


@pytest.mark.parametrize(
    ("implementation", "why"),
    [
        ("is_not_null", "`implementation` is no mapping with `check`"),
        ('"{a: [}"', "`implementation` is not valid YAML"),
        ("{criticality: error}", "`check` is no mapping"),
        ("{check: {arguments: {}}}", "`check.function` is no name"),
        ("{check: {function: f, arguments: [a]}}", "`check.arguments` is no mapping"),
        ("{check: {function: f, for_each_column: []}}", "`check.for_each_column` is no list of columns"),
        ("{check: {function: f}, criticality: fatal}", "`criticality: fatal` is neither error nor warn"),
        ("{check: {function: f}, filter: 1}", "`filter` is no text"),
        ("{check: {function: f}, user_metadata: x}", "`user_metadata` is no mapping"),
        ("{check: {function: f}, critical: warn}", "DQX does not know `critical`"),
    ],
)
def test_a_check_of_dqx_that_is_none_is_named_with_the_reason(contract, implementation, why):
    checks = f"{{type: custom, engine: dqx, implementation: {implementation}}}, {{type: custom, engine: soda, implementation: x}}"
    loaded, table = one_column(contract, f"{{name: a, logicalType: integer, quality: [{checks}]}}")
    text = dqx(loaded, table)
    assert yaml.safe_load(text) == []
    assert not_exported(text) == [
        f"a: the check `custom` (custom): {why}",
        "a: the check `custom` (custom)",
    ]


NASTY = "x'); DROP TABLE t; --`\\\\ ${env:HOME} {{v}}\\n# \\u2028\\\""


def test_no_text_and_no_name_becomes_code(contract):
    loaded, table = one_column(
        contract,
        f'{{name: "a`b\\n--", logicalType: string, description: "{NASTY}", classification: "{NASTY}", '
        f'enum: [{{value: "{NASTY}"}}], quality: [{{type: sql, name: "{NASTY}", query: q, mustBe: 1}}]}}',
    )
    statements = sql(loaded, [table])
    code = re.sub(r"'(?:[^'\\]|\\.)*'|`(?:[^`]|``)*`", "?", statements, flags=re.DOTALL)
    assert "DROP" not in re.sub(r"^--.*$", "", code, flags=re.MULTILINE)
    assert "${" not in re.sub(r"^--.*$", "", statements, flags=re.MULTILINE)
    assert all(line.startswith("--") for line in statements.splitlines() if "not exported" in line)
    (assignment,) = ast.parse(expectations(loaded, table)).body
    (condition,) = ast.literal_eval(assignment.value).values()
    assert condition.startswith("coalesce(`a``b\n--` IS NULL OR")
    (check,) = yaml.safe_load(dqx(loaded, table))
    assert "{{" not in yaml.safe_dump(check)
    assert "('x\\'); DROP TABLE t;" in check["check"]["arguments"]["expression"]


def test_a_column_whose_name_dqx_would_replace_is_named(contract):
    loaded, table = one_column(
        contract, '{name: "a{{b}}", logicalType: string, required: true, unique: true}'
    )
    text = dqx(loaded, table)
    assert yaml.safe_load(text) == []
    assert not_exported(text) == [
        "a{{b}} is missing: the name has `{{`, which DQX replaces",
        "a{{b}}: `unique`",
    ]


def test_columns_whose_names_differ_in_odd_characters_get_checks_of_their_own(contract):
    loaded = contract(
        "schema:\n  - name: orders\n    properties:\n      - {name: a b, logicalType: string, unique: true}\n"
        "      - {name: a_b, logicalType: string, unique: true}\n      - {name: größe, logicalType: string, unique: true}\n"
    )
    names = [check["name"] for check in yaml.safe_load(dqx(loaded, tables_of(loaded)[0]))]
    assert names == ["a_b_is_unique", "a_b_is_unique_2", "grosse_is_unique"]


def test_each_rule_stands_for_one_promise(shop):
    relations = relations_of([shop])
    for table in tables_of(shop):
        ruled = [promise for promise in promises_of(shop, table, relations) if promise.has_rule]
        assert len(ruled) == len(table.table.rules)


@pytest.mark.parametrize(
    "export", [expectations, expectations_sql, dqx, lambda contract, table: sql(contract, [table])]
)
def test_a_table_without_promises_can_be_exported(contract, export):
    assert not_exported(export(*one_column(contract, "{name: a, logicalType: string}"))) == []
