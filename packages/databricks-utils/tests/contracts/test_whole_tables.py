"""What a contract promises besides single rows: unique values, references, checks of whole tables, service levels."""

import itertools
from datetime import timedelta

import pytest
from open_data_contract_standard.model import DataQuality

from databricks_utils.contracts import (
    ContractFileError,
    ContractInvalidError,
    ContractUseError,
    ProjectContracts,
    load_contract,
)
from databricks_utils.contracts.whole_tables.operators import bounds_of
from databricks_utils.medallion import DeclarationError
from databricks_utils.medallion.checking import check_queries
from databricks_utils.medallion.declaring.order import check_needs, levels
from databricks_utils.quality import Check, Limit, Query, Reference, Severity, Unique

pytestmark = pytest.mark.unit

HEAD = """apiVersion: v3.2.0
kind: DataContract
id: shop
version: 1.0.0
status: active
servers: [{server: p, type: databricks}]
"""
ORDERS = """schema:
  - name: orders
    description: One order.
    properties:
      - {name: number, logicalType: integer, primaryKey: true}
      - name: shop
        logicalType: string
        relationships: [{to: "shops.odcs.yaml#/schema/shops/properties/code"RELATION}]
      - {name: email, logicalType: string, unique: true, classification: confidential}
      - {name: at, logicalType: timestamp}
"""
SHOPS = """schema:
  - name: shops
    description: One shop.
    properties:
      - {name: code, logicalType: string, primaryKey: true}
      - {name: opened, logicalType: date}
"""


@pytest.fixture
def contracts(tmp_path):
    def write(orders=ORDERS, shops=SHOPS, relation="", more="", layer="silver"):
        folder = tmp_path / "contracts" / layer
        folder.mkdir(parents=True, exist_ok=True)
        text = orders.replace("RELATION", relation) + more
        (folder / "orders.odcs.yaml").write_text(HEAD + text, encoding="utf-8")
        (folder / "shops.odcs.yaml").write_text(HEAD + shops, encoding="utf-8")
        landing = tmp_path / "contracts" / "landing"
        landing.mkdir(exist_ok=True)
        for name, columns in (("orders", ("number", "shop", "email", "at")), ("shops", ("code", "opened"))):
            properties = "".join(f"      - {{name: {column}, logicalType: string}}\n" for column in columns)
            (landing / f"{name}.odcs.yaml").write_text(
                f"{HEAD}schema:\n  - name: {name}\n    description: A line.\n    properties:\n{properties}",
                encoding="utf-8",
            )
        return ProjectContracts(tmp_path / "contracts")

    return write


@pytest.fixture
def table(tmp_path):
    """Return the compiled table of one column `price`, with checks of the column and of the table."""

    def compile_(column="", whole="", head="", kind="integer"):
        file = tmp_path / "orders.odcs.yaml"
        lines = [f"{HEAD}{head}schema:\n  - name: orders\n    quality: [{whole}]\n    properties:\n"]
        lines += [f"      - {{name: price, logicalType: {kind}, quality: [{column}]}}\n"]
        lines += ["      - {name: at, logicalType: timestamp}\n      - {name: day, logicalType: date}\n"]
        file.write_text("".join(lines), encoding="utf-8")
        return load_contract(file).tables[0]

    return compile_


@pytest.mark.parametrize(
    ("operators", "bounds"),
    [
        ({"mustBe": 3}, {"at_least": 3, "at_most": 3}),
        ({"mustBe": True}, {"at_least": 1, "at_most": 1}),
        ({"mustBeGreaterThan": 3}, {"more_than": 3}),
        ({"mustBeGreaterOrEqualTo": 0.5}, {"at_least": 0.5}),
        ({"mustBeLessThan": 3}, {"less_than": 3}),
        ({"mustBeLessOrEqualTo": 3}, {"at_most": 3}),
        ({"mustBeBetween": [1, 9]}, {"at_least": 1, "at_most": 9}),
        ({"mustBeGreaterThan": 0, "mustBeLessThan": 9}, {"more_than": 0, "less_than": 9}),
        ({"mustBe": 5, "mustBeGreaterOrEqualTo": 3}, {"at_least": 5, "at_most": 5}),
        ({"mustBeLessOrEqualTo": 9, "mustBeBetween": [1, 20]}, {"at_least": 1, "at_most": 9}),
        ({"mustBeGreaterThan": 3, "mustBeGreaterOrEqualTo": 3}, {"more_than": 3}),
        ({"mustBeLessThan": 3, "mustBeLessOrEqualTo": 3}, {"less_than": 3}),
        ({"mustNotBe": 3}, None),
        ({"mustBe": 3, "mustNotBeBetween": [1, 2]}, None),
        ({"mustBeLessThan": float("inf")}, None),
        ({}, None),
    ],
)
def test_operators_are_bounds(operators, bounds):
    assert bounds_of(DataQuality(**operators)) == bounds


def test_the_number_of_rows_is_checked(table):
    (check,) = table(whole="{metric: rowCount, mustBeBetween: [100, 120]}").checks
    assert isinstance(check, Check)
    assert (check.name, check.measure, check.severity) == ("row_count", "count(*)", Severity.FAIL)
    assert (check.at_least, check.at_most) == (100, 120)
    (check,) = table(whole="{id: few, metric: rowCount, mustBeGreaterThan: 9, severity: warning}").checks
    assert (check.name, check.more_than, check.severity) == ("few", 9, Severity.WARNING)


@pytest.mark.parametrize("sign", ["", "$"])
@pytest.mark.parametrize(("word", "column"), [("object", "property"), ("table", "column")])
def test_a_query_gets_its_table_and_its_column(table, sign, word, column):
    given = f'SELECT count(*) FROM {sign}{{{word}}} WHERE {sign}{{{column}}} IS NULL AND x RLIKE "[a]{{2}}"'
    (query,) = table(column=f"{{type: sql, query: '{given}', mustBeLessThan: 5}}").checks
    assert isinstance(query, Query)
    assert query.sql == 'SELECT count(*) FROM {table} WHERE `price` IS NULL AND x RLIKE "[a]{2}"'
    assert (query.name, query.less_than) == ("price_query", 5)


def test_a_count_that_must_be_large_is_a_check_of_the_table(table):
    (check,) = table(column="{metric: nullValues, mustBeGreaterThan: 5}").checks
    assert (check.name, check.measure) == (
        "price_null_values",
        "count_if(coalesce(NOT (`price` IS NOT NULL), true))",
    )
    (check,) = table(column="{metric: nullValues, mustBeGreaterThan: 5, unit: percent}").checks
    assert check.measure == "100 * avg(if(coalesce(NOT (`price` IS NOT NULL), true), 1, 0))"
    assert check.null_passes  # of no rows there is no share


@pytest.mark.parametrize(
    ("whole", "column"),
    [
        ("{metric: rowCount, mustNotBe: 5}", ""),
        ("{metric: rowCount, mustBe: 5, unit: percent}", ""),
        ("{metric: rowCount}", ""),
        ("{type: sql, query: 'SELECT count(*) FROM {table}'}", ""),
        ("{type: sql, query: 'SELECT count(*) FROM Air_Quality', mustBe: 1}", ""),
        ("{type: sql, query: 'SELECT max({column}) FROM {table}', mustBe: 1}", ""),
        ("", "{metric: nullValues, mustBeLessThan: 5, unit: kilos}"),
        ("{type: sql, query: 'SELECT ${env:X}', mustBe: 1}", ""),
        ('{type: sql, query: "SELECT \'x", mustBe: 1}', ""),
        ("{metric: duplicateValues, mustBeGreaterThan: 3, arguments: {properties: [price]}}", ""),
        ("{type: custom, engine: soda, implementation: x}", ""),
        ("", "{metric: duplicateValues, mustBeGreaterThan: 3}"),
        ("", "{metric: nullValues, mustNotBe: 3}"),
    ],
)
def test_a_check_that_cannot_be_executed_is_listed(table, whole, column):
    found = table(column=column, whole=whole)
    assert (found.checks, found.unique) == ((), ())
    assert any("the check" in line for line in found.not_executed)


def test_values_that_must_be_unique_are_rules_that_compare_rows(table):
    (rule,) = table(column="{metric: duplicateValues, mustBe: 0}").unique
    assert rule == Unique("price_has_no_duplicates", ("price",), "price is not unique")
    (rule,) = table(column="{metric: duplicateValues, mustBeLessThan: 1, unit: percent}").unique
    assert (rule.severity, rule.limit) == (Severity.WARNING, Limit(percent=1, reached=True))
    (rule,) = table(
        whole="{metric: duplicateValues, mustBe: 0, arguments: {properties: [price, day]}}"
    ).unique
    assert (rule.name, rule.columns) == ("price_day_has_no_duplicates", ("price", "day"))


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        ("{metric: duplicateValues, mustBe: 0}", "of a table needs its columns"),
        ("{metric: duplicateValues, mustBe: 0, arguments: {properties: [prise]}}", "no column `prise`"),
        (
            "{id: a, metric: rowCount, mustBe: 1}, {id: a, metric: rowCount, mustBe: 1}",
            "two checks are named `a`",
        ),
        ("{metric: rowCount, mustBeGreaterThan: 9, mustBeLessThan: 3}", "no number is more than 9"),
    ],
)
def test_a_check_that_cannot_hold_is_a_problem_with_its_line(table, whole, words):
    with pytest.raises(ContractInvalidError, match=words) as refused:
        table(whole=whole)
    assert refused.value.location.endswith("orders.odcs.yaml:9")
    assert refused.value.fix


@pytest.mark.parametrize(
    ("level", "age"),
    [
        ("property: latency, value: 4, unit: d, element: orders.at", timedelta(days=4)),
        ("property: LY, value: '1.5', unit: hours, element: at", timedelta(hours=1.5)),
        ("property: freshness, value: 30, unit: min, element: orders.day", timedelta(minutes=30)),
        ("property: latency, value: 4, unit: d", None),
        ("property: latency, value: 4, element: orders.at", None),
        ("property: latency, value: soon, unit: d, element: orders.at", None),
        ("property: latency, value: -1, unit: d, element: orders.at", None),
        ("property: latency, value: 4, unit: d, element: orders.price", None),
        ("property: latency, value: 4, unit: d, element: sales.at", None),
        ("property: retention, value: 4, unit: d, element: orders.at", None),
    ],
)
def test_a_latency_is_the_age_of_the_newest_row(tmp_path, level, age):
    file = tmp_path / "orders.odcs.yaml"
    columns = "".join(
        f"      - {{name: {name}, logicalType: {kind}}}\n"
        for name, kind in (("at", "timestamp"), ("day", "date"), ("price", "integer"))
    )
    file.write_text(
        f"{HEAD}slaProperties: [{{{level}}}]\nschema:\n  - name: orders\n    properties:\n{columns}",
        encoding="utf-8",
    )
    contract = load_contract(file)
    found = [(check.at_most, check.severity) for check in contract.tables[0].checks]
    assert found == ([(age, Severity.WARNING)] if age else [])
    assert all(
        check.at_least in {-timedelta(minutes=5), -timedelta(days=1)} for check in contract.tables[0].checks
    )
    assert len(contract.not_executed) == (0 if age else 1)


def test_an_entity_compares_with_the_rows_of_today_and_those_that_it_refers_to(contracts):
    of = contracts(more="    quality: [{metric: rowCount, mustBeGreaterThan: 0}]\n")
    orders, shops = of.entity("orders"), of.entity("shops")
    unique, reference = (rule for rule in orders.rules if isinstance(rule, Unique | Reference))
    assert (unique.columns, unique.same, unique.existing, unique.masked) == (
        *(("email",), ("number",), "orders", True),
    )
    assert (reference.name, reference.to, reference.to_columns) == ("shop_is_in_shops", "shops", ("code",))
    assert [check.name for check in orders.checks] == ["row_count"]
    assert orders.required == ("shops",)
    assert [[table.name for table in level] for level in levels([orders, shops])] == [["shops"], ["orders"]]
    with pytest.raises(DeclarationError, match="needs `shops`, which is not declared"):
        check_needs([orders])


def test_the_layer_of_a_contract_is_the_folder_below_the_last_contracts(tmp_path):
    for place, layer in (
        ("contracts/shop/contracts/gold", "gold"),
        ("contracts/silver/eu", "silver"),
        ("x", ""),
    ):
        file = tmp_path / place / "shops.odcs.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(HEAD + SHOPS, encoding="utf-8")
        assert load_contract(file).layer == layer


def test_a_relationship_says_how_severe_it_is(contracts):
    of = contracts(relation=", id: known_shop, customProperties: [{property: severity, value: warning}]")
    (reference,) = (rule for rule in of.entity("orders").rules if isinstance(rule, Reference))
    assert (reference.name, reference.severity) == ("known_shop", Severity.WARNING)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("properties/code", "properties/kode", "leads to no column"),
        ("shops.odcs.yaml", "../landing/shops.odcs.yaml", "leads to landing: files, not tables"),
        ("schema/shops", "schema/shop", "leads to no column"),
        ("name: shop\n        logicalType: string", "name: shop\n        logicalType: date", "compares DATE"),
        (
            'code"RELATION',
            'code", customProperties: [{property: severity, value: bad}]',
            "`bad` is no severity",
        ),
    ],
)
def test_a_relationship_that_leads_nowhere_is_refused_with_its_line(contracts, old, new, words):
    assert old in ORDERS
    of = contracts(orders=ORDERS.replace(old, new))
    with pytest.raises(ContractUseError, match=words) as refused:
        of.check("silver", "orders")
    assert refused.value.location.endswith("orders.odcs.yaml:14")
    assert refused.value.fix


def test_a_relationship_to_a_file_that_is_not_there_is_refused(contracts):
    of = contracts(orders=ORDERS.replace("shops.odcs.yaml", "shop.odcs.yaml"))
    with pytest.raises(ContractFileError, match="no contract for `shop` of silver"):
        of.check("silver", "orders")


BETWEEN = "    relationships: [{{from: {frm}, to: 'shops.odcs.yaml#/schema/shops/properties/code'}}]\n"


@pytest.mark.parametrize("frm", ["orders.shopp", "shops.code"])
def test_a_relationship_that_begins_nowhere_is_refused(contracts, frm):
    with pytest.raises(ContractUseError, match="does not begin with columns of its table"):
        contracts(more=BETWEEN.format(frm=frm)).check("silver", "orders")


def test_two_relationships_and_two_latencies_of_one_column_have_two_names(contracts):
    level = "{property: latency, value: 1, unit: d, element: orders.at}"
    of = contracts(
        orders=f"slaProperties: [{level}, {level}]\n{ORDERS}", more=BETWEEN.format(frm="orders.shop")
    )
    entity = of.entity("orders")
    assert [rule.name for rule in entity.rules if isinstance(rule, Reference)] == [
        "shop_is_in_shops",
        "shop_is_in_shops_2",
    ]
    assert [check.name for check in entity.checks] == ["at_is_fresh", "at_is_fresh_2"]


@pytest.mark.parametrize("folder", [".", "contracts/silver"])
def test_a_relationship_is_found_from_any_working_directory(contracts, tmp_path, monkeypatch, folder):
    of = contracts()
    monkeypatch.chdir(tmp_path / folder)
    assert of.entity("orders").required == ("shops",)


def test_a_check_of_another_table_names_one_that_is_made_before(contracts):
    query = "{type: sql, query: 'SELECT count(*) FROM {table}, {sales}', mustBe: 1}"
    of = contracts(more=f"    quality: [{query}]\n")
    with pytest.raises(
        DeclarationError, match=r"names `\{sales\}`, which is no table that is made before it"
    ):
        check_queries([of.entity("orders"), of.entity("shops")], [])


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("shops.code", "no table of this contract"),
        ("https://example.com/shops.odcs.yaml#/schema/shops/properties/code", "it is on another server"),
        ("shops.odcs.yaml#/schema/shops/properties/a/properties/b", "a field inside a column"),
        ("orders.number", "a table that refers to itself"),
        ("schema/orders/properties/number", "a table that refers to itself"),
        ('shops.code", type: "lineage', "its type is `lineage`"),
    ],
)
def test_a_relationship_that_no_row_can_be_judged_by_is_listed(contracts, to, words):
    of = contracts(orders=ORDERS.replace("shops.odcs.yaml#/schema/shops/properties/code", to))
    entity, (table,) = of.entity("orders"), of.contract("silver", "orders").tables
    assert not [rule for rule in entity.rules if isinstance(rule, Reference)]
    assert [words in line for line in table.not_executed] == [True]


def test_what_compares_rows_is_a_query_on_a_table_that_is_written_in_one_piece(contracts):
    of = contracts(layer="gold", more="    quality: [{metric: rowCount, mustBe: 1}]\n")
    derived = of.derived("orders", print, needs=("sales",))
    assert [check.name for check in derived.checks] == [
        "row_count",
        "key_is_unique",
        "email_is_unique",
        "shop_is_in_shops",
    ]
    queries = dict(itertools.islice(((check.name, check) for check in derived.checks), 1, None))
    assert "GROUP BY `number` HAVING" in queries["key_is_unique"].sql
    assert "LEFT ANTI JOIN {shops} AS b ON a.`shop` = b.`code`" in queries["shop_is_in_shops"].sql
    assert {(query.severity, query.at_most) for query in queries.values()} == {(Severity.FAIL, 0)}


@pytest.mark.parametrize(
    ("query", "masked"),
    [
        ("SELECT max({property}) FROM {object}", True),
        ("SELECT count(*) + max({property}) FROM {object}", True),
        ("select COUNT(DISTINCT {property}) FROM {object}", False),
    ],
)
def test_the_number_of_a_query_about_a_classified_column_is_shown_only_if_it_counts(contracts, query, masked):
    check = f"[{{type: sql, query: '{query}', mustBeLessThan: 5}}]"
    text = ORDERS.replace(
        "classification: confidential}", f"classification: confidential, quality: {check}}}"
    )
    (table,) = contracts(orders=text).contract("silver", "orders").tables
    assert [check.masked for check in table.checks] == [masked]


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        ("decimal(38, 2)", "decimal(38, 0)", False),
        ("decimal(20, 2)", "decimal(10, 4)", True),
        ("bigint", "decimal(38, 19)", True),
        ("bigint", "decimal(38, 20)", False),
        ("float", "double", False),
        ("double", "double", True),
        ("varchar(3)", "string", True),
        ("timestamp", "timestamp_ntz", False),
    ],
)
def test_a_relationship_compares_types_only_if_no_value_changes(contracts, one, other, fits):
    orders = ORDERS.replace(
        "name: shop\n        logicalType: string", f"name: shop\n        physicalType: '{one}'"
    )
    shops = SHOPS.replace("name: code, logicalType: string", f"name: code, physicalType: '{other}'")
    of = contracts(orders=orders, shops=shops)
    if fits:
        assert [rule for rule in of.entity("orders").rules if isinstance(rule, Reference)]
    else:
        with pytest.raises(ContractUseError, match="compares"):
            of.entity("orders")
