"""What an AI agent must not do is asked for with one call: of a contract, and of one of its tables, with the places."""

import pytest

from databricks_utils.contracts import (
    ContractInvalidError,
    ContractUseError,
    agent_constraints,
    load_contract,
)

pytestmark = pytest.mark.unit

CONTRACT = """apiVersion: v3.2.0
kind: DataContract
id: shop
version: 1.0.0
status: active
context:
  instructions: Answer in euros.
  constraints:
    - {id: no-persons, constraint: Do not show single persons., tags: [gdpr]}
    - constraint: Do not join with HR tables.
schema:
  - name: orders
    physicalName: Orders_1
    context:
      constraints:
        - id: date-filter
          constraint: Do not query without a date.
    properties: [{name: id, logicalType: integer}]
  - name: shops
    context: Text alone is an instruction.
    properties: [{name: id, logicalType: integer}]
"""


@pytest.fixture
def load(tmp_path):
    def loaded(text=CONTRACT):
        file = tmp_path / "shop.odcs.yaml"
        file.write_text(text, encoding="utf-8")
        return load_contract(file)

    return loaded


def test_all_constraints_are_there_with_their_tables_and_lines(load):
    found = [
        (each.id, each.table, each.text, each.location.rpartition(":")[2])
        for each in agent_constraints(load())
    ]
    assert found == [
        ("no-persons", "", "Do not show single persons.", "9"),
        ("", "", "Do not join with HR tables.", "10"),
        ("date-filter", "Orders_1", "Do not query without a date.", "17"),
    ]
    assert agent_constraints(load())[0].tags == ("gdpr",)


@pytest.mark.parametrize(("table", "number"), [("Orders_1", 3), ("orders_1", 3), ("shops", 2)])
def test_for_a_table_those_of_the_contract_hold_too(load, table, number):
    assert len(agent_constraints(load(), table)) == number


def test_an_unknown_table_is_refused_since_its_constraints_would_be_missed(load):
    with pytest.raises(ContractUseError, match="no table `order_1`") as refused:
        agent_constraints(load(), "order_1")
    assert refused.value.fix == "did you mean `Orders_1`?"


def test_a_contract_without_context_forbids_nothing(load):
    head, _, rest = CONTRACT.partition("context:\n  instructions")
    assert agent_constraints(load(head + "schema:" + rest.partition("schema:")[2]), "shops") == ()


def test_a_column_has_no_context_in_the_standard(load):
    text = CONTRACT.replace(
        "{name: id, logicalType: integer}]\n  -", "{name: id, logicalType: integer, context: a}]\n  -"
    )
    with pytest.raises(ContractInvalidError, match="no key `context` here"):
        load(text)
