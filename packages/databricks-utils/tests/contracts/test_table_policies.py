"""Masks and row filters in contracts: what is read, what is refused, and the statements that are made of them."""

import pytest

from databricks_utils.contracts import ContractInvalidError, load_contract
from databricks_utils.contracts.exports.sql import sql
from databricks_utils.contracts.parts import tables_of
from databricks_utils.medallion.declaring.protection import PolicyFunction, Protection

pytestmark = pytest.mark.unit
CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: people
version: 1.0.0
status: active
schema:
  - name: people
    {table}
    properties:
      - {{name: id, logicalType: integer, primaryKey: true, required: true}}
      - name: email
        logicalType: string
        classification: restricted
        logicalTypeOptions: {{maxLength: 9}}
        customProperties: [{{property: mask, value: {mask}}}]
      - {{name: region, logicalType: string}}
"""
FILTER = "customProperties: [{property: rowFilter, value: {function: rules.own, columns: [region]}}]"


@pytest.fixture
def contract(tmp_path):
    def load(mask="hide", table=FILTER, edit=lambda text: text):
        file = tmp_path / "people.odcs.yaml"
        file.write_text(edit(CONTRACT.format(mask=mask, table=table)), encoding="utf-8")
        return load_contract(file)

    return load


@pytest.mark.parametrize(
    ("mask", "function"),
    [
        ("hide", PolicyFunction(("hide",))),
        ("rules.hide", PolicyFunction(("rules", "hide"))),
        ("main.rules.hide", PolicyFunction(("main", "rules", "hide"))),
        ("{function: hide, columns: [region]}", PolicyFunction(("hide",), ("region",))),
    ],
)
def test_a_column_declares_its_mask_and_a_table_its_row_filter(contract, mask, function):
    (table,) = contract(mask).tables
    assert table.protection == Protection({"email": function}, PolicyFunction(("rules", "own"), ("region",)))


def test_a_contract_without_them_protects_nothing(contract):
    (table,) = contract(table="", edit=lambda text: text.replace("property: mask", "property: else")).tables
    assert not table.protection


@pytest.mark.parametrize(
    ("mask", "table", "summary", "fix"),
    [
        ("3", "", "`mask` cannot be `3`", "name of a SQL function"),
        ("a.b.c.d", "", "`mask` cannot be", "name of a SQL function"),
        ('"a`b"', "", "`mask` cannot be", "name of a SQL function"),
        ("{columns: [region]}", "", "`mask` cannot be", "name of a SQL function"),
        ("{function: hide, using: [region]}", "", "`mask` cannot be", "name of a SQL function"),
        ("{function: hide, columns: [regio]}", "", "no column `regio`", "region"),
        ("{function: hide, columns: [email]}", "", "names the masked column itself", "leave it out"),
        ("{function: hide, columns: [region, region]}", "", "`mask` cannot be", "name of a SQL function"),
        ("hide", FILTER.replace("[region]", "[else]"), "no column `else`", "choose one of"),
        (
            "hide",
            "customProperties: [{property: rowFilter, value: own}]",
            "`rowFilter` cannot be `own`",
            "columns: [region]",
        ),
    ],
)
def test_a_policy_that_cannot_be_is_refused_with_its_line(contract, mask, table, summary, fix):
    with pytest.raises(ContractInvalidError) as error:
        contract(mask, table)
    (problem,) = error.value.problems
    assert summary in problem.summary
    assert fix in problem.fix
    assert problem.location.rpartition(":")[2] in ("9", "16")


def test_a_mask_on_a_column_of_the_key_is_refused(contract):
    with pytest.raises(ContractInvalidError, match="primary key cannot have a mask"):
        contract(edit=lambda text: text.replace("classification: restricted", "primaryKey: true"))


def test_the_export_sets_them_beside_the_table_and_makes_no_check_there(contract):
    found = contract("{function: hide, columns: [region]}")
    text = sql(found, tables_of(found), schema="dev_shop.silver")
    table = "`dev_shop`.`silver`.`people`"
    assert (
        f"ALTER TABLE {table} ALTER COLUMN `email` SET MASK `dev_shop`.`silver`.`hide` USING COLUMNS (`region`);"
        in text
    )
    assert f"ALTER TABLE {table} SET ROW FILTER `dev_shop`.`rules`.`own` ON (`region`);" in text
    assert "CHECK (" not in text
    assert "a table with a mask or a row filter has no CHECK" in text


def test_the_names_of_a_contract_are_quoted():
    odd = Protection({"a`b": PolicyFunction(("it's",), ("c d",))})
    assert list(odd.statements("t")) == [
        "ALTER TABLE `t` ALTER COLUMN `a``b` SET MASK `it's` USING COLUMNS (`c d`)"
    ]
