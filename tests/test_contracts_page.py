"""The page of the contracts says what the code does with changes, formats and options."""

import re

import contract_changes
import pytest

from databricks_utils.contracts.changes import KINDS
from lakewright.commands.contract.export import export

pytestmark = pytest.mark.unit

PAGE = contract_changes.PAGE.read_text(encoding="utf-8")


def test_the_tables_of_changes_are_those_of_the_code():
    assert contract_changes.page(PAGE) == PAGE, "run `make contract-changes` and commit it"


def test_a_table_that_is_stale_is_noticed():
    assert contract_changes.page(
        PAGE.replace("| a column or field is removed |", "| a column is gone |")
    ) != (PAGE.replace("| a column or field is removed |", "| a column is gone |"))


def test_each_kind_of_change_has_a_row():
    rows = re.findall(
        r"^\| .* \| (?:breaking|risky|safe) \| (?:breaking|risky|safe) \| (?:major|minor|patch) \|$",
        PAGE,
        re.MULTILINE,
    )
    assert len(rows) == len(KINDS)


def test_each_format_of_the_exports_is_described():
    (formats,) = [parameter.type.choices for parameter in export.params if parameter.name == "format_"]
    assert [name for name in formats if f"`{name}`" not in PAGE] == []
