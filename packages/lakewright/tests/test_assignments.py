"""`NAME=VALUE` on the command line."""

import click
import pytest
from click.testing import CliRunner

from lakewright.cli import cli
from lakewright.commands.assignments import parse_assignments

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
    ("command", "option"), [("validate", "--var"), ("run", "--var"), ("run", "--param"), ("init", "--data")]
)
def test_each_command_reads_its_assignments_the_same_way(command, option, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "databricks.yml").write_text("bundle: {name: x}\ntargets: {dev: {default: true}}\n")
    folder = ["new"] if command == "init" else []
    result = CliRunner().invoke(cli, [command, *folder, option, "nonsense"])
    assert result.exit_code == 2
    assert f"`nonsense` is not NAME=VALUE; write {option} name=value" in result.output
