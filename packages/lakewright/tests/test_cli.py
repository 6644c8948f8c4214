"""The command line: help, exit codes, and what it says outside of a project or for a name that it does not know."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from lakewright import cli as command_line
from lakewright.commands import sql_output
from lakewright.errors import InternalError, LakewrightError
from lakewright.runner.record.run_lock import RunLock

pytestmark = pytest.mark.unit


def _run(*arguments, cwd=None):
    program = [sys.executable, "-m", "lakewright", *arguments]
    return subprocess.run(program, capture_output=True, text=True, cwd=cwd, check=False)


def test_help_names_every_command_and_imports_none_of_them():
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from lakewright.cli import cli\n"
            "try: cli(['--help'])\n"
            "except SystemExit: pass\n"
            "print(sorted(m for m in sys.modules if m.startswith('lakewright') or m in ('yaml','pydantic','rich','pyspark')))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert all(f"\n  {name} " in seen for name in command_line._COMMANDS)
    assert seen.splitlines()[-1] == "['lakewright', 'lakewright.cli']"


def test_every_command_of_the_table_can_be_imported_and_has_help():
    for name in command_line._COMMANDS:
        answer = CliRunner().invoke(command_line.cli, [name, "--help"])
        assert answer.exit_code == 0, (name, answer.output)
        assert "Usage:" in answer.output


def test_the_error_for_a_misspelled_command_suggests_the_nearest():
    answer = CliRunner().invoke(command_line.cli, ["valdate"])
    assert answer.exit_code == 2
    assert "Did you mean validate or plan-gate?" in answer.output


def test_outside_a_project_the_error_shows_how_to_create_one(tmp_path):
    answer = _run("engine", "status", cwd=tmp_path)
    assert answer.returncode == 2
    assert "is not in a project" in answer.stderr
    assert "lakewright init NAME" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_engine_is_not_stopped_during_a_run(tmp_path):
    (tmp_path / "databricks.yml").write_text("bundle: {name: x}\n", encoding="utf-8")
    with RunLock(tmp_path / ".lakewright").held():
        answer = _run("engine", "stop", cwd=tmp_path)
        forced = _run("engine", "stop", "--force", cwd=tmp_path)
    assert answer.returncode != 0
    assert "a run of this project is under way" in answer.stderr
    assert forced.returncode == 0
    assert _run("engine", "stop", cwd=tmp_path).returncode == 0


WIDE = [{f"column_{number}": "x" * 40 for number in range(10)}]


def test_a_table_in_a_pipe_is_not_cut_off(capsys):
    sql_output.print_rows(list(WIDE[0]), WIDE, "table")
    assert capsys.readouterr().out.count("x" * 40) == 10


def test_a_table_too_wide_for_the_terminal_is_printed_as_records(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    sql_output.print_rows(list(WIDE[0]), WIDE, "table")
    printed = capsys.readouterr().out
    assert printed.count("x" * 40) == 10
    assert "row 1" in printed


@pytest.mark.parametrize(("kind", "code"), [(LakewrightError, 2), (InternalError, 1)])
def test_the_exit_code_tells_a_users_mistake_from_a_bug(monkeypatch, capsys, kind, code):
    @click.command()
    def failing():
        raise kind("it broke", location="here:1", detail="seen:\n  this", fix="do that", docs="a/page")

    monkeypatch.setattr(command_line, "cli", lambda **_: failing.main([], standalone_mode=False))
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == code
    printed = capsys.readouterr().err.splitlines()
    assert printed == [
        "error: it broke",
        "  at: here:1",
        "  seen:",
        "    this",
        "  fix: do that",
        "  docs: a/page",
    ]
