"""A contract of ODCS 3.0 is read in its own words: exclusive bounds as booleans, moments as dates, keys that were renamed."""

import textwrap

import pytest

from databricks_utils.contracts import ContractInvalidError, load_contract

pytestmark = pytest.mark.unit

HEAD = "apiVersion: {version}\nkind: DataContract\nid: shop\nversion: 1.0.0\nstatus: active\n"


@pytest.fixture
def load(tmp_path):
    def loaded(properties, *, version="v3.0.2", more=""):
        file = tmp_path / "shop.odcs.yaml"
        columns = textwrap.indent(textwrap.dedent(properties).strip(), "      ")
        schema = f"schema:\n  - name: orders\n    properties:\n{columns}\n"
        file.write_text(HEAD.format(version=version) + schema + textwrap.dedent(more), encoding="utf-8")
        return load_contract(file)

    return loaded


def conditions(contract):
    return [rule.expression.rpartition(" OR ")[2] for rule in contract.tables[0].rules]


def test_a_boolean_makes_the_bound_beside_it_exclusive(load):
    contract = load(
        """
        - {name: age, physicalType: int, logicalTypeOptions: {minimum: 18, exclusiveMinimum: false, maximum: 100, exclusiveMaximum: true}}
        - name: at
          logicalType: object
          properties: [{name: n, physicalType: int, logicalTypeOptions: {minimum: 0, exclusiveMinimum: true}}]
        """
    )
    assert sorted(conditions(contract)) == ["(`age` < 100)", "(`age` >= 18)", "(`at`.`n` > 0)"]
    option = contract.tree.at(("schema", "0", "properties", "0", "logicalTypeOptions", "exclusiveMaximum"))
    assert (option.value, str(option.origin).rpartition(":")[2]) == (100, "9")


def test_a_boolean_without_its_bound_and_in_later_versions_is_a_problem_with_its_fix(load):
    with pytest.raises(ContractInvalidError, match="`exclusiveMaximum` must be a bound, not `true`"):
        load("- {name: age, physicalType: int, logicalTypeOptions: {exclusiveMaximum: true}}")
    with pytest.raises(ContractInvalidError) as refused:
        load(
            "- {name: age, physicalType: int, logicalTypeOptions: {minimum: 5, maximum: 9, exclusiveMaximum: true}}",
            version="v3.1.0",
        )
    assert refused.value.fix == "write the value of `maximum` there, and remove `maximum`"
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("logicalType: date", "date"),
        ("logicalType: date, physicalType: date", "date"),
        ("logicalType: date, physicalType: timestamp", "timestamp"),
        ("logicalType: date, physicalType: timestamp_ntz", "timestamp_ntz"),
        ("logicalType: date, physicalType: DATETIME2", "timestamp"),
        ("logicalType: date, physicalType: datetime(6)", "timestamp"),
        ("logicalType: date, logicalTypeOptions: {format: yyyy-MM-dd HH:mm}", "timestamp"),
        ("logicalType: date, logicalTypeOptions: {format: \"yyyy-MM-dd'THms'\"}", "date"),
    ],
)
def test_a_date_that_has_a_time_of_day_is_a_timestamp(load, column, kind):
    (table,) = load(f"- {{name: at, {column}}}").tables
    assert table.columns[0].type.name == kind


def test_a_bound_of_a_date_with_a_time_of_day_may_have_one_too(load):
    contract = load(
        """
        - name: at
          logicalType: date
          physicalType: timestamp
          logicalTypeOptions: {minimum: "2020-01-01 00:00:00"}
        """
    )
    assert conditions(contract) == ["(`at` >= TIMESTAMP '2020-01-01 00:00:00')"]


def test_in_later_versions_a_date_is_a_date(load):
    (table,) = load("- {name: at, logicalType: date, physicalType: timestamp}", version="v3.1.0").tables
    assert table.columns[0].type.name == "date"
    assert "the physical type does not count" in table.not_executed[0]


def test_keys_of_the_first_examples_are_read_under_their_present_names(load):
    more = """
        team: [{username: ada, comment: owner of the orders}]
        slaProperties: [{property: retention, value: 3, unit: y, column: orders.at}]
    """
    contract = load("- {name: id, logicalType: integer}", more=more)
    assert contract.document.team[0].description == "owner of the orders"
    assert contract.not_executed == ("the service level `retention` of orders.at: 3 y",)
    with pytest.raises(ContractInvalidError, match="no key `comment`"):
        load("- {name: id, logicalType: integer}", more=more, version="v3.1.0")


def test_a_key_beside_its_present_name_is_not_lost(load):
    more = "slaProperties: [{property: retention, value: 3, column: a.b, element: c.d}]"
    with pytest.raises(ContractInvalidError, match="no key `column`"):
        load("- {name: id, logicalType: integer}", more=more)


@pytest.mark.parametrize(
    "more", ["team: 3", "team: [3]", "slaProperties: {a: 1}", "slaProperties: [{column: 1}]"]
)
def test_a_contract_of_another_shape_is_still_a_problem(load, more):
    with pytest.raises(ContractInvalidError):
        load("- {name: id, logicalType: integer}", more=more)


@pytest.mark.parametrize("properties", ["- 3", "- {name: a, logicalTypeOptions: 3}", "- {name: a, items: 3}"])
def test_a_column_of_another_shape_is_still_a_problem(load, properties):
    with pytest.raises(ContractInvalidError):
        load(properties)
