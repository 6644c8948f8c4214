"""Rules of a contract that contradict or repeat each other are found with their places; what the kit makes itself never is."""

import textwrap
from pathlib import Path

import pytest

from databricks_utils.contracts import load_contract, rule_conflicts

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[4]
HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop\nversion: 1.0.0\nstatus: active\n"
CHECK = "{id: %s, type: custom, engine: databricks-utils, implementation: '%s'}"


@pytest.fixture
def conflicts(tmp_path):
    def found(properties):
        file = tmp_path / "shop.odcs.yaml"
        columns = textwrap.indent(textwrap.dedent(properties).strip(), "      ")
        file.write_text(f"{HEAD}schema:\n  - name: orders\n    properties:\n{columns}\n", encoding="utf-8")
        return [
            (each.kind, each.rules, [place.rpartition(":")[2] for place in each.locations])
            for each in rule_conflicts(load_contract(file))
        ]

    return found


def test_a_bound_and_a_check_that_contradict_are_found_with_the_lines_of_both(conflicts):
    properties = f"""
        - name: x
          logicalType: integer
          logicalTypeOptions:
            minimum: 10
          quality:
            - {CHECK % ("small", "x < 5")}
    """
    assert conflicts(properties) == [("contradicts", ("x_is_not_too_small", "small"), ["12", "14"])]


def test_a_required_column_and_a_check_that_it_is_null_contradict(conflicts):
    properties = f"""
        - name: x
          logicalType: integer
          required: true
          quality: [{CHECK % ("empty", "x IS NULL")}]
    """
    assert conflicts(properties) == [("contradicts", ("x_is_given", "empty"), ["11", "12"])]


@pytest.mark.parametrize("required", ["true", "false"])
def test_allowed_values_that_do_not_fit_the_pattern_contradict_it_although_null_meets_both(
    conflicts, required
):
    properties = f"""
        - name: country
          logicalType: string
          required: {required}
          enum: [{{value: NL}}, {{value: DE}}]
          logicalTypeOptions: {{pattern: "^[A-Z]{{3}}$"}}
    """
    (found,) = conflicts(properties)
    expected = ["12", "13"] if required == "false" else ["11", "12", "13"]
    assert (found[0], found[2]) == ("contradicts", expected)


def test_fields_of_structs_are_compared_too(conflicts):
    properties = """
        - name: at
          logicalType: object
          properties:
            - name: zip
              logicalType: string
              enum: [{value: a}]
              logicalTypeOptions: {minLength: 2, pattern: "^b"}
    """
    assert conflicts(properties) == [
        ("contradicts", ("at_zip_is_allowed", "at_zip_fits_its_pattern"), ["14", "15"])
    ]


def test_a_check_that_repeats_another_key_is_no_error_and_has_both_places(conflicts, tmp_path):
    properties = """
        - name: x
          logicalType: integer
          required: true
          quality: [{metric: nullValues, mustBe: 0}]
    """
    assert conflicts(properties) == [("repeats", ("x_is_given", "x_is_not_null"), ["11", "12"])]
    (found,) = rule_conflicts(load_contract(tmp_path / "shop.odcs.yaml"))
    assert not found.is_error
    assert found.summary == "orders: `x_is_given` and `x_is_not_null`: they say the same"
    assert found.fix == "keep `x_is_given` and remove `x_is_not_null`"


@pytest.mark.parametrize(
    "column",
    [
        "name: x, logicalType: integer, required: true, primaryKey: true, unique: true",
        "name: x, logicalType: string, enum: [{value: NL}], logicalTypeOptions: {maxLength: 2, minLength: 2, pattern: '^[A-Z]+$'}",
        "name: x, logicalType: integer, logicalTypeOptions: {format: u8, minimum: 0, maximum: 255}",
        "name: x, logicalType: number, logicalTypeOptions: {minimum: 0, exclusiveMinimum: 0}",
        "name: x, physicalType: char(3), required: true, enum: [{value: a}], logicalTypeOptions: {maxLength: 3}",
        "name: x, logicalType: array, items: {logicalType: string}, logicalTypeOptions: {minItems: 0, maxItems: 0, uniqueItems: true}",
        "name: x, logicalType: string, quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [null]}}]",
        "name: x, logicalType: string",
    ],
)
def test_promises_that_stand_beside_each_other_are_no_conflict(conflicts, column):
    assert conflicts(f"- {{{column}}}\n- {{name: y, logicalType: integer, primaryKey: true}}") == []


@pytest.mark.parametrize("file", sorted((ROOT / "examples").rglob("*.odcs.yaml")), ids=lambda file: file.name)
def test_the_contracts_of_the_examples_have_no_conflict(file):
    landing = file.parent.name == "landing"
    contract = load_contract(file, project=file.parents[1], logical_names=landing)
    assert rule_conflicts(contract) == ()
