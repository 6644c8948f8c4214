"""`lakewright contract export`: each format on standard output, one table or all."""

import json

import pytest
import yaml
from click.testing import CliRunner

from lakewright.commands.contract import command
from lakewright.errors import LakewrightError

pytestmark = pytest.mark.unit

CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: shop
version: 1.0.0
status: active
schema:
  - {name: customers, properties: [{name: id, logicalType: integer, primaryKey: true}]}
  - {name: orders, properties: [{name: id, logicalType: integer, relationships: [{to: customers.id}]}]}
"""


@pytest.fixture
def file(tmp_path):
    found = tmp_path / "shop.odcs.yaml"
    found.write_text(CONTRACT, encoding="utf-8")
    return found


def run(*arguments):
    return CliRunner().invoke(command, ["export", *map(str, arguments)], standalone_mode=False)


def test_sql_has_all_tables_in_the_schema_that_is_named(file):
    done = run("sql", file, "--schema", "dev.shop")
    assert done.exception is None
    assert "CREATE TABLE IF NOT EXISTS `dev`.`shop`.`customers`" in done.output
    assert "REFERENCES `dev`.`shop`.`customers` (`id`);" in done.output
    assert (
        "`dev`.`shop`.`orders`" not in run("sql", file, "--schema", "dev.shop", "--table", "customers").output
    )


def test_a_json_schema_is_json(file):
    schema = json.loads(run("json-schema", file, "--table", "orders").output)
    assert schema["properties"]["id"]["type"] == ["integer", "null"]


def test_a_json_schema_has_no_number_that_json_lacks(tmp_path):
    file = tmp_path / "shop.odcs.yaml"
    text = CONTRACT.replace(
        "{name: id, logicalType: integer, primaryKey: true}", "{name: id, examples: [.inf, 1]}"
    )
    file.write_text(text, encoding="utf-8")
    text = run("json-schema", file, "--table", "customers").output
    assert "Infinity" not in text
    assert json.loads(text)["properties"]["id"]["examples"] == [1]


def test_checks_of_dqx_are_yaml(file):
    (check,) = yaml.safe_load(run("dqx", file, "--table", "orders", "--schema", "dev.shop").output)
    assert check["check"]["arguments"]["ref_table"] == "`dev`.`shop`.`customers`"


@pytest.mark.parametrize(
    ("form", "text"),
    [("expectations", "CUSTOMERS_ERRORS = {"), ("expectations-sql", "CONSTRAINT id_is_given EXPECT (")],
)
def test_expectations_are_printed(file, form, text):
    assert text in run(form, file, "--table", "customers").output


def test_a_format_that_holds_one_table_asks_for_it(file):
    error = run("dqx", file).exception
    assert isinstance(error, LakewrightError)
    assert (error.summary, error.fix) == (
        "this format holds one table",
        "--table: choose one of: `customers`, `orders`",
    )


def test_a_table_that_is_not_there_is_an_error_with_the_nearest(file):
    error = run("sql", file, "--table", "order").exception
    assert isinstance(error, LakewrightError)
    assert error.fix == "--table: did you mean `orders`?"


def test_a_contract_without_tables_is_an_error(tmp_path):
    file = tmp_path / "shop.odcs.yaml"
    file.write_text(CONTRACT.partition("schema:")[0], encoding="utf-8")
    error = run("json-schema", file).exception
    assert isinstance(error, LakewrightError)
    assert error.summary == "the contract has no table"
