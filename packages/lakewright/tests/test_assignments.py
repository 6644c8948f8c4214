"""`NAME=VALUE` on the command line."""

import click
import pytest
from click.testing import CliRunner

from lakewright.cli import cli
from lakewright.commands.options.assignments import parse_assignments, parse_variables

pytestmark = pytest.mark.unit


def test_values_may_be_empty_and_contain_equals_signs():
    assert parse_assignments(["a=1", "b=", "c=x=y"], option="--var") == {"a": "1", "b": "", "c": "x=y"}


@pytest.mark.parametrize("given", ["a", "=1", " =1", ""])
def test_an_assignment_without_a_name_or_an_equals_sign_is_refused_with_the_option(given):
    with pytest.raises(click.BadParameter, match="write --param name=value"):
        parse_assignments([given], option="--param")


def test_a_name_given_twice_is_refused():
    with pytest.raises(click.BadParameter, match="`a` is given twice"):
        parse_assignments(["a=1", "a=2"], option="--var")


@pytest.mark.parametrize(
    ("given", "variables"),
    [
        (["a=1,b=2"], {"a": "1", "b": "2"}),
        (["a=1", "b=2,c=3"], {"a": "1", "b": "2", "c": "3"}),
        (['"a=1,2",b=3'], {"a": "1,2", "b": "3"}),
        (['"a=say ""hi"""'], {"a": 'say "hi"'}),
        (['"a=1\n2"'], {"a": "1\n2"}),
        (["a=,b=x=y"], {"a": "", "b": "x=y"}),
        ([""], {}),
    ],
)
def test_variables_are_read_as_csv_like_the_flag_of_the_cli(given, variables):
    assert parse_variables(given) == variables


@pytest.mark.parametrize("given", ['a="1,2"', '"a=1', '"a=1"2', 'a=1"'])
def test_quotes_in_the_wrong_place_are_refused_with_the_right_spelling(given):
    with pytest.raises(click.BadParameter, match="put quotes around name and value"):
        parse_variables([given])


def test_a_line_break_that_the_cli_would_cut_a_value_at_is_refused():
    with pytest.raises(click.BadParameter, match="drops what follows a line break"):
        parse_variables(["a=1\nb=2"])


def test_a_blank_that_would_become_part_of_a_name_is_refused():
    with pytest.raises(click.BadParameter, match="` b=2` begins with a blank"):
        parse_variables(["a=1, b=2"])


def test_a_list_of_values_needs_quotes():
    with pytest.raises(click.BadParameter, match="`2` is not NAME=VALUE"):
        parse_variables(["a=1,2"])


@pytest.mark.parametrize(
    ("command", "option"), [("validate", "--var"), ("run", "--var"), ("run", "--param"), ("init", "--data")]
)
def test_each_command_reads_its_assignments_the_same_way(command, option, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "databricks.yml").write_text("bundle: {name: x}\ntargets: {dev: {default: true}}\n")
    folder = ["new"] if command == "init" else []
    result = CliRunner().invoke(cli, [command, *folder, option, "nonsense"])
    assert result.exit_code == 2
    assert f"`nonsense` is not NAME=VALUE; write {option} name=value" in result.output
