"""`lakewright contract`: problems with their lines, what is not checked, and the tables of a contract."""

import pytest
from click.testing import CliRunner

from lakewright.cli import main
from lakewright.commands.contract import command

pytestmark = pytest.mark.unit

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop\nversion: 1.0.0\nstatus: active\nservers: [{server: p, type: databricks}]\n"
GOOD = f"""{HEAD}schema:
  - name: orders
    properties:
      - {{name: id, logicalType: integer, primaryKey: true, relationships: [{{to: shops.id}}]}}
"""
BAD = f"{HEAD}schema:\n  - name: orders\n    properties:\n      - {{name: id, logicalType: strng}}\n      - {{name: x}}\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "databricks.yml").write_text("bundle: {name: shop}\n", encoding="utf-8")
    (tmp_path / "contracts" / "landing").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_all_contracts_of_the_project_are_checked(project):
    (project / "contracts" / "shop.odcs.yaml").write_text(GOOD, encoding="utf-8")
    (project / "contracts" / "landing" / "orders.odcs.yaml").write_text(GOOD, encoding="utf-8")
    done = run("lint")
    assert done.exit_code == 0
    assert "contracts/shop.odcs.yaml: 1 table, 1 rule" in done.output
    assert "contracts/landing/orders.odcs.yaml" in done.output
    assert "  not checked: orders: id: the relationship to shops.id" in done.output


def test_each_problem_is_shown_with_its_line_and_fix_and_the_command_fails(project):
    (project / "contracts" / "shop.odcs.yaml").write_text(BAD, encoding="utf-8")
    done = run("lint")
    assert done.exit_code == 2
    assert "error: `strng` is no logical type of the standard" in done.output
    assert "  at: contracts/shop.odcs.yaml:10\n  fix: did you mean `string`?" in done.output
    assert "contracts/shop.odcs.yaml:11" in done.output
    assert "found 2 problems" in done.output


def test_a_file_that_is_no_contract_does_not_hide_the_others(project, capsys):
    (project / "contracts" / "a.odcs.yaml").write_text("a: [", encoding="utf-8")
    (project / "contracts" / "b.odcs.yaml").write_text(BAD, encoding="utf-8")
    done = run("lint")
    assert done.exit_code == 2
    assert "contracts/a.odcs.yaml:1" in done.output
    assert "found 3 problems" in done.output


def test_without_contracts_the_error_says_where_it_looked(project, monkeypatch):
    monkeypatch.setattr("sys.argv", ["lakewright", "contract", "lint"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2


def test_a_contract_outside_of_a_project_can_be_checked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "alone.odcs.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert run("lint", file).exit_code == 0


def test_the_tables_of_a_contract_are_shown(project):
    file = project / "contracts" / "shop.odcs.yaml"
    file.write_text(GOOD, encoding="utf-8")
    done = run("show", file)
    assert done.exit_code == 0
    assert "-- shop 1.0.0, active" in done.output
    assert (
        "CREATE TABLE IF NOT EXISTS `orders` (\n  `id` INT NOT NULL,\n  PRIMARY KEY (`id`)\n)\nUSING DELTA;"
        in done.output
    )
    assert "-- rule id_is_given: `id` IS NOT NULL" in done.output
    assert "-- not checked: orders: id: the relationship to shops.id" in done.output


@pytest.mark.parametrize(
    ("place", "change", "words"),
    [
        ("landing/sales", ("", ""), "the contract shop has no table `sales`"),
        (
            "landing/orders",
            ("logicalType: integer", "logicalType: array, items: {logicalType: integer}"),
            "ARRAY<INT>",
        ),
        ("landing/orders", ("name: id,", "name: Id,"), "'Id' cannot be a column's name"),
        ("silver/orders", ("name: id,", "name: Order Id,"), "'Order Id' cannot be a column's name"),
        ("gold/sales", ("", ""), "the contract shop has no table `sales`"),
    ],
)
def test_a_contract_that_its_place_cannot_use_is_a_problem(project, place, change, words):
    file = project / "contracts" / f"{place}.odcs.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        GOOD.replace(*change).replace("primaryKey: true, " if "ARRAY" in words else "\0", ""),
        encoding="utf-8",
    )
    done = run("lint", file)
    assert done.exit_code == 2, done.output
    assert words in done.output
    assert "  fix: " in done.output
