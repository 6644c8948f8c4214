"""`lakewright contract`: problems with their lines, what is not checked, and the tables of a contract."""

import os

import pytest
from click.testing import CliRunner

from databricks_utils.contracts import DataFileError
from lakewright.cli import main
from lakewright.commands.contract import command
from lakewright.commands.contract.import_ import DraftExistsError, UnclearSourceError
from lakewright.commands.contract.verify import NoSuchTableError

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
    assert "the rest of the contract" not in done.output


def test_values_of_the_wrong_kind_do_not_pass_for_all_that_is_wrong(project):
    text = BAD.replace("name: x", "name: x, required: 'yes', metric: 1")
    (project / "contracts" / "shop.odcs.yaml").write_text(text, encoding="utf-8")
    done = run("lint")
    assert "error: the standard has no key `metric` here" in done.output
    assert "`required` must be true or false" in done.output
    assert (
        "shop.odcs.yaml: the rest of the contract is checked when these values have the right kind"
        in done.output
    )


def test_names_that_need_it_are_quoted_in_what_is_unique(project):
    text = f"{HEAD}schema:\n  - name: orders\n    properties:\n      - {{name: 'a b', logicalType: integer, unique: true}}\n"
    (project / "contracts" / "shop.odcs.yaml").write_text(text, encoding="utf-8")
    assert ": `a b` is unique\n" in run("show", "contracts/shop.odcs.yaml").output


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


def test_guesses_that_nobody_has_confirmed_are_listed_and_are_no_error(project):
    guessed = GOOD.replace(
        "relationships: [{to: shops.id}]", "customProperties: [{property: guessed, value: [required]}]"
    )
    (project / "contracts" / "shop.odcs.yaml").write_text(guessed, encoding="utf-8")
    done = run("lint")
    assert done.exit_code == 0
    assert "  not confirmed: orders: id: required" in done.output


@pytest.mark.parametrize(
    ("arguments", "error", "fix"),
    [
        (["import", "orders"], UnclearSourceError, "SHOW CATALOGS"),
        (["import", "silver.orders"], UnclearSourceError, "SHOW CATALOGS"),  # there is no configuration
        (["import", "a..b"], UnclearSourceError, "SHOW CATALOGS"),
        (["import", "a.b.c", "--out", "here.yaml"], DraftExistsError, "give another file"),
        (["test", "none.odcs.yaml"], NoSuchTableError, "name a contract's file"),
        (["test", "silver.ordrs"], NoSuchTableError, "choose one of: `landing.orders`"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_an_engine_starts(project, arguments, error, fix):
    (project / "here.yaml").touch()
    (project / "contracts" / "landing" / "raw.odcs.yaml").write_text(GOOD, encoding="utf-8")
    if arguments[0] == "test":
        (project / "config").mkdir()
        (project / "config" / "local.yaml").write_text(
            "project: s\nowner: o\ncatalog: {name: local_x, schema: s}\n", encoding="utf-8"
        )
    done = run(*arguments)
    assert isinstance(done.exception, error)
    assert fix in done.exception.fix


@pytest.mark.parametrize("options", [["--sample", "3", "--all"], ["--delimiter", ";;"], ["--sample", "0"]])
def test_options_that_contradict_are_refused(project, options):
    assert run("import", "a.b.c", *options).exit_code == 2


@pytest.mark.parametrize("arguments", [["import", "a.b.c"], ["test"]])
def test_data_is_read_as_the_principal_that_is_named_with_the_variables_of_the_env_file(
    project, monkeypatch, arguments
):
    (project / "contracts" / "silver").mkdir()
    (project / "contracts" / "silver" / "orders.odcs.yaml").write_text(GOOD, encoding="utf-8")
    (project / ".env").write_text("DBX_CATALOG__NAME=local_env\nDBX_CATALOG__SCHEMA=s\n", encoding="utf-8")
    (project / "config").mkdir()
    (project / "config" / "local.yaml").write_text("project: s\nowner: o\n", encoding="utf-8")
    opened = []

    def no_session(root, *, principal):
        opened.append((root, principal, os.environ["DBX_CATALOG__NAME"]))
        raise InterruptedError

    monkeypatch.setenv("LAKEWRIGHT_ENV_FILE", "")
    for name in ("DBX_CATALOG__NAME", "DBX_CATALOG__SCHEMA"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr("lakewright.project_session.open_project_session", no_session)
    assert isinstance(run(*arguments, "--as", "ann").exception, InterruptedError)
    assert opened == [(project, "ann", "local_env")]


CLASH = f"""{HEAD}schema:
  - name: orders
    properties:
      - name: n
        logicalType: integer
        required: true
        logicalTypeOptions: {{minimum: 10}}
        quality:
          - {{metric: nullValues, mustBe: 0}}
"""
SMALL = (
    "          - {id: small, type: custom, engine: databricks-utils, implementation: n < 5, severity: high}\n"
)


def test_rules_that_contradict_each_other_are_an_error_with_both_lines(project):
    (project / "contracts" / "shop.odcs.yaml").write_text(CLASH + SMALL, encoding="utf-8")
    done = run("lint")
    assert done.exit_code == 2
    assert "error: orders: `n_is_not_too_small` and `small`: no row can meet both\n" in done.output
    place = "contracts/shop.odcs.yaml"
    assert f"  at: {place}:13 and {place}:16\n  fix: correct the bounds of one, or remove it" in done.output
    assert "found 1 problem" in done.output
    assert "not checked: orders: n: the check `small`: the severity `high` is none of error" in done.output


def test_rules_that_repeat_each_other_are_a_warning_that_fails_nothing(project):
    (project / "contracts" / "shop.odcs.yaml").write_text(CLASH, encoding="utf-8")
    done = run("lint")
    assert done.exit_code == 0
    assert "warning: orders: `n_is_given` and `n_is_not_null`: they say the same\n" in done.output
    assert "at: contracts/shop.odcs.yaml:12 and contracts/shop.odcs.yaml:15" in done.output


def test_a_contract_is_read_once_also_if_the_medallion_uses_it(project, monkeypatch):
    from databricks_utils.contracts import contract

    read, files = contract.read_whole, []
    monkeypatch.setattr(
        contract, "read_whole", lambda file, **more: files.append(file.name) or read(file, **more)
    )
    (project / "contracts" / "silver").mkdir()
    for place in ("landing/orders", "silver/orders", "alone"):
        (project / "contracts" / f"{place}.odcs.yaml").write_text(GOOD, encoding="utf-8")
    assert run("lint").exit_code == 0
    assert sorted(files) == ["alone.odcs.yaml", "orders.odcs.yaml", "orders.odcs.yaml"]


@pytest.mark.parametrize(
    "name", ["orders.jsonl", "orders.ndjson.gz", "orders.TSV", "orders.csv", "x.parquet"]
)
def test_a_draft_of_a_data_file_that_is_not_there_is_refused_as_a_file(project, name):
    (project / "orders2.jsonl").write_text("{}\n", encoding="utf-8")
    found = run("import", name).exception
    assert isinstance(found, DataFileError)
    assert found.summary.startswith("there is no file ")
    assert "catalogs" not in found.fix


@pytest.mark.parametrize("delimiter", ['"', "\n", "\r", "\\", ";;", ""])
def test_a_draft_with_a_delimiter_that_cannot_be_one_is_refused(project, delimiter):
    done = run("import", "orders.csv", "--delimiter", delimiter)
    assert done.exit_code == 2
    assert "takes one character, no quote, backslash or line break" in " ".join(done.output.split())
