"""A contract becomes a source, an entity or a derived table; what cannot become one is refused with its file and a fix."""

import pytest

from databricks_utils.contracts import (
    ContractFileError,
    ContractInvalidError,
    ContractUseError,
    ProjectContracts,
    contracts_of,
    project,
)
from databricks_utils.medallion import Entity
from databricks_utils.medallion.declaring.drift import Drift
from databricks_utils.medallion.silver.definition import define
from databricks_utils.quality import Severity

pytestmark = pytest.mark.unit

HEAD = (
    "apiVersion: v3.2.0\nkind: DataContract\nid: shop-{name}\nversion: 1.2.0\nstatus: active\n"
    "servers: [{{server: p, type: databricks}}]\nschema:\n  - name: {name}\n    description: One order.\n"
)
COLUMNS = """    properties:
      - {name: number, logicalType: integer, required: true}
      - {name: ordered_on, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}
      - {name: amount, physicalType: "decimal(9, 2)", logicalTypeOptions: {minimum: 0}}
"""
CHECK = """    quality:
      - {{id: {id}, type: custom, engine: databricks-utils, implementation: "{sql}", severity: {severity}, description: too much}}
"""


@pytest.fixture
def contracts(tmp_path):
    def write(layer="landing", name="orders", columns=COLUMNS, properties="", more=""):
        folder = tmp_path / "contracts" / layer
        folder.mkdir(parents=True, exist_ok=True)
        own = f"    customProperties: [{properties}]\n" if properties else ""
        (folder / f"{name}.odcs.yaml").write_text(
            HEAD.format(name=name) + own + columns + more, encoding="utf-8"
        )
        return ProjectContracts(tmp_path / "contracts")

    return write


def test_a_column_may_have_texts_of_its_own_for_a_missing_value(contracts):
    columns = COLUMNS + "".join(
        f"      - {{name: {name}, logicalType: string, customProperties: [{{property: missingValues, value: {value}}}]}}\n"
        for name, value in (("country", "[]"), ("note", "[none, 0]"))
    )
    source = contracts(columns=columns, properties="{property: missingValues, value: [NA]}").source("orders")
    assert [source.missing_in(name) for name in ("amount", "country", "note")] == [("NA",), (), ("none", "0")]
    assert "'NA'" in source.values["amount"]
    assert "'NA'" not in source.values["country"]
    assert "'none'" in source.values["note"]
    readable = next(rule for rule in source.rules if rule.name == "amount_is_a_number")
    assert "'NA'" in readable.expression


def test_a_changed_text_for_a_missing_value_of_one_column_changes_the_definition_of_this_column_only(
    contracts,
):
    def defined(value):
        columns = COLUMNS + (
            f"      - {{name: note, logicalType: string, customProperties: [{{property: missingValues, value: [{value}]}}]}}\n"
        )
        source = contracts(columns=columns).source("orders")
        return define(Entity(source, lambda records: records, keys=("number",), columns=("note",)))

    one, other = defined("a"), defined("b")
    assert one.changes_from(other.parts) == ("source column `note` changed",)


def test_a_wrong_text_for_a_missing_value_of_a_column_is_a_problem_with_its_line(contracts):
    columns = (
        COLUMNS
        + "      - {name: note, logicalType: string, customProperties: [{property: missingValues, value: NA}]}\n"
    )
    with pytest.raises(ContractInvalidError, match="note: `missingValues` cannot be `NA`") as caught:
        contracts(columns=columns).source("orders")
    assert caught.value.location.endswith("orders.odcs.yaml:14")
    assert "a list of texts" in caught.value.fix


def test_a_contract_about_files_is_a_source_with_types_and_rules(contracts):
    properties = (
        '{property: missingValues, value: ["NA", " - "]}, {property: schemaDrift, value: quarantine}, '
        "{property: landingPath, value: in/orders}, {property: owner, value: somebody}"
    )
    source = contracts(properties=properties).source("orders")
    assert (source.columns, source.comment) == (("number", "ordered_on", "amount"), "One order")
    assert (source.path, source.missing, source.drift) == ("in/orders", ("NA", "-"), Drift.QUARANTINE)
    assert source.contract == "shop-orders 1.2.0"
    assert [rule.name for rule in source.rules] == [
        "record_is_complete",
        "header_is_as_declared",
        "number_is_a_whole_number",
        "ordered_on_is_a_date",
        "amount_is_a_number",
        "number_is_given",
        "amount_is_not_too_small",
    ]
    assert "'dd/MM/yyyy'" in source.values["ordered_on"]


def test_a_text_of_a_classified_column_is_masked(contracts):
    columns = COLUMNS.replace("name: number,", "name: number, classification: restricted,")
    source = contracts(columns=columns).source("orders")
    shown = {rule.name: (bool(rule.value), rule.masked) for rule in source.rules}
    assert shown["number_is_a_whole_number"] == (True, True)
    assert shown["ordered_on_is_a_date"] == (True, False)


ODD = """    properties:
      - {name: größe, logicalType: integer, required: true}
      - {name: grosse, logicalType: integer, required: true}
      - {name: 日本, logicalType: date, primaryKey: true}
      - {name: first, physicalName: "1st", logicalType: number}
"""


def test_columns_with_letters_of_other_scripts_have_rules_of_their_own(contracts):
    source = contracts(columns=ODD).source("orders")
    assert [rule.name for rule in source.rules[1:]] == [
        "grosse_2_is_a_whole_number",
        "grosse_is_a_whole_number",
        "column_65e5_672c_is_a_date",
        "first_is_a_number",
        "grosse_2_is_given",
        "grosse_is_given",
        "column_65e5_672c_is_given",
    ]
    reasons = {rule.name: rule.reason for rule in source.rules}
    assert reasons["grosse_2_is_given"] == "größe is missing"
    assert source.header[-1] == "1st"
    entity = contracts("silver", columns=ODD.replace('physicalName: "1st", ', "")).entity(
        "orders", source=source
    )
    assert [rule.name for rule in entity.rules] == ["key_is_complete", "grosse_2_is_given", "grosse_is_given"]


def test_tables_may_have_columns_with_any_name(contracts):
    columns = """    properties:
      - {name: id!, logicalType: integer, required: true}
      - {name: id, logicalType: integer, required: true}
      - {name: 1st, logicalType: integer, required: true}
      - {name: größe, logicalType: integer, required: true}
"""
    (table,) = contracts("gold", columns=columns).contract("gold", "orders").tables
    assert [rule.name for rule in table.rules] == [
        "id_2_is_given", "id_is_given", "column_1st_is_given", "grosse_is_given",
    ]  # fmt: skip
    with pytest.raises(ContractUseError, match="'id!', '1st' cannot be a column's name"):
        contracts(columns=columns).source("orders")


def test_the_physical_name_of_a_delivered_column_is_that_of_the_header(contracts):
    columns = COLUMNS.replace("name: number,", 'name: number, physicalName: "Order. No`",')
    source = contracts(columns=columns).source("orders")
    assert source.columns == ("number", "ordered_on", "amount")
    assert source.header == ("order. no`", "ordered_on", "amount")
    assert {rule.name for rule in source.rules} >= {"number_is_given", "number_is_a_whole_number"}
    twice = columns.replace("name: amount,", "name: amount, physicalName: Ordered_On,")
    with pytest.raises(ContractUseError, match="two columns are `ordered_on` in the header"):
        contracts("landing", "sales", columns=twice).source("sales")


def test_without_settings_a_source_has_the_defaults(contracts):
    source = contracts().source("orders")
    assert (source.path, source.missing, source.drift) == ("orders", (), Drift.EVOLVE)


def test_a_contract_about_silver_is_an_entity_and_the_code_adds_rules_of_its_own(contracts):
    key = COLUMNS.replace("required: true", "primaryKey: true")
    contracts()
    every = contracts("silver", columns=key, properties="{property: maxQuarantinedShare, value: 0.5}")
    entity = every.entity("orders")
    assert (entity.keys, entity.columns) == (("number",), ("number", "ordered_on", "amount"))
    assert entity.max_quarantined_share == 0.5
    assert [rule.name for rule in entity.rules] == ["key_is_complete", "amount_is_not_too_small"]
    assert entity.promises.types == {"number": "int", "ordered_on": "date", "amount": "decimal(9,2)"}
    assert entity.promises.contract == "shop-orders 1.2.0"
    assert entity.source == every.source("orders")


def test_a_contract_about_gold_is_a_derived_table(contracts):
    every = contracts(
        "gold", name="sales", more=CHECK.format(id="few", sql="amount < 10", severity="warning")
    )
    derived = every.derived("sales", print, needs=("orders",))
    assert (derived.layer, derived.needs, derived.promises.comment) == ("gold", ("orders",), "One order")
    assert "few" not in [rule.name for rule in derived.rules]  # they stop the writing
    (few,) = derived.checks
    assert (few.name, few.severity, few.reason, few.at_most) == ("few", Severity.WARNING, "too much", 0)


@pytest.mark.parametrize(
    ("check", "severity", "bound"),
    [
        ("metric: nullValues, mustBeLessThan: 20, unit: percent", Severity.FAIL, {"less_than": 20}),
        ("metric: nullValues, mustBeLessOrEqualTo: 20, unit: Percent", Severity.FAIL, {"at_most": 20}),
        ("metric: nullValues, mustBeLessThan: 5", Severity.FAIL, {"at_most": 4}),
        ("metric: nullValues, mustBeLessThan: 5, severity: warning", Severity.WARNING, {"at_most": 4}),
        ("metric: nullValues, mustBe: 0, severity: warning", Severity.WARNING, {"at_most": 0}),
        ("metric: duplicateValues, mustBeLessThan: 5", Severity.FAIL, {"at_most": 4}),
        ("metric: duplicateValues, mustBeLessThan: 5, severity: warning", Severity.WARNING, {"at_most": 4}),
    ],
)
def test_what_some_rows_of_a_derived_table_may_break_is_checked_after_it_was_written(
    contracts, check, severity, bound
):
    columns = COLUMNS + f"      - {{name: note, logicalType: string, quality: [{{{check}}}]}}\n"
    derived = contracts("gold", name="sales", columns=columns).derived("sales", print, needs=("orders",))
    (found,) = [item for item in derived.checks if "note" in item.name]
    assert found.severity is severity
    assert {name: getattr(found, name) for name in bound} == bound


@pytest.mark.parametrize("unit", ["", ", unit: percent", ", unit: Percent", ", unit: Rows"])
def test_no_row_is_no_row_in_every_unit(contracts, unit):
    check = f"{{metric: nullValues, mustBe: 0{unit}}}"
    columns = COLUMNS + f"      - {{name: note, logicalType: string, quality: [{check}]}}\n"
    derived = contracts("gold", name="sales", columns=columns).derived("sales", print, needs=("orders",))
    assert derived.rules[-1].name == "note_is_not_null"
    assert (derived.rules[-1].severity, derived.rules[-1].limit) == (Severity.ERROR, None)


@pytest.mark.parametrize(
    ("properties", "words", "fix"),
    [
        (
            "{property: schemaDrift, value: ignore}",
            "`schemaDrift` cannot be `ignore`",
            "one of evolve, fail, quarantine",
        ),
        ("{property: missingValues, value: NA}", "`missingValues` cannot be `NA`", "a list of texts"),
        (
            "{property: missingValues, value: [[]]}",
            r"`missingValues` cannot be `\[\[\]\]`",
            "a list of texts",
        ),
        (
            "{property: landingPath, value: ../x}",
            "`landingPath` cannot be `../x`",
            "below the landing volume",
        ),
        ("{property: delimiter, value: new_line}", "`delimiter` cannot be `new_line`", "one character"),
        ("{property: delimiter, value: 1}", "`delimiter` cannot be `1`", "one character"),
        ("{property: maxQuarantinedShare, value: 2}", "`maxQuarantinedShare` cannot be `2`", "from 0 to 1"),
        ("{property: maxQuarantinedShare, value: true}", "cannot be `True`", "from 0 to 1"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_line(contracts, properties, words, fix):
    with pytest.raises(ContractInvalidError, match=words) as refused:
        contracts(properties=properties).source("orders")
    assert refused.value.location.endswith("orders.odcs.yaml:10")
    assert fix in refused.value.fix


def test_a_property_that_is_nearly_a_setting_is_listed_since_it_may_be_of_others(contracts):
    found = contracts(properties="{property: schemadrift, value: fail}")
    (table,) = found.contract("landing", "orders").tables
    assert table.settings.drift.value == "evolve"
    assert "the custom property `schemadrift` is not read; did you mean `schemaDrift`?" in table.not_executed


@pytest.mark.parametrize(
    ("id", "sql", "severity", "words"),
    [
        ("Few", "true", "error", "`Few` cannot be the name of a rule"),
        ("few", "true", "errror", "`errror` is no severity"),
        ("few", " ", "error", "`implementation` is no condition"),
        ("few", "amount < ${env:LIMIT}", "error", "Spark replaces"),
        ("number_is_given", "true", "error", "two checks are named `number_is_given`"),
    ],
)
def test_a_check_that_cannot_be_executed_is_refused_with_its_line(contracts, id, sql, severity, words):
    with pytest.raises(ContractInvalidError, match=words) as refused:
        contracts(more=CHECK.format(id=id, sql=sql, severity=severity)).source("orders")
    assert refused.value.location.endswith("orders.odcs.yaml:15")
    assert refused.value.fix


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (
            "{name: items, logicalType: array, items: {logicalType: string}}",
            "no values of type ARRAY<STRING>",
        ),
        ("{name: Order, logicalType: string}", "'Order' cannot be a column's name"),
        (
            "{name: at, logicalType: date, logicalTypeOptions: {format: 'YYYY-MM-DD'}}",
            "`YYYY-MM-DD` is no pattern",
        ),
    ],
)
def test_what_no_file_of_text_can_hold_is_refused(contracts, column, words):
    with pytest.raises(ContractUseError, match=words) as refused:
        contracts(columns=f"{COLUMNS}      - {column}\n").source("orders")
    assert "orders.odcs.yaml" in refused.value.location
    assert refused.value.fix


def test_an_entity_without_a_key_and_a_table_of_another_name_are_refused(contracts):
    contracts()
    with pytest.raises(ContractUseError, match="has no keys"):
        contracts("silver").entity("orders")
    every = contracts("silver", name="orderz")
    (every.folder / "silver" / "orderz.odcs.yaml").rename(every.folder / "silver" / "sales.odcs.yaml")
    with pytest.raises(ContractUseError, match="has no table `sales`") as refused:
        every.entity("sales", source=every.source("orders"))
    assert refused.value.fix


def test_a_contract_that_is_not_there_is_named_with_those_that_are(contracts):
    with pytest.raises(ContractFileError, match="no contract for `oders` of landing") as refused:
        contracts().source("oders")
    assert "orders" in refused.value.fix


def test_the_contracts_of_a_package_are_found_above_it_and_inside_of_its_wheel(tmp_path, monkeypatch):
    package = tmp_path / "src" / "shop_of_contracts"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path / "src")
    (tmp_path / "contracts").mkdir()
    with pytest.raises(ContractFileError, match="has no contracts") as refused:  # nothing marks a project
        contracts_of("shop_of_contracts")
    assert '"contracts" = "shop_of_contracts/contracts"' in refused.value.fix
    (tmp_path / "databricks.yml").touch()
    assert contracts_of("shop_of_contracts").folder == tmp_path / "contracts"
    project._found.cache_clear()
    (package / "contracts").mkdir()
    assert contracts_of("shop_of_contracts").folder == package / "contracts"
    with pytest.raises(ContractFileError, match="has no contracts"):
        contracts_of("no_such_package_of_contracts")
