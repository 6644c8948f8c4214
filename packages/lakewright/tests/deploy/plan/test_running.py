"""Running the Databricks CLI: what it is asked, its failures without secrets, and its end."""

import os
import stat
import sys
import time

import pytest

from lakewright.deploy.plan import CliError, run_plan

pytestmark = pytest.mark.unit


@pytest.fixture
def cli(tmp_path):
    """Installs a program `databricks` and returns the environment that has it on PATH."""

    def install(code: str, **environ: str) -> dict[str, str]:
        program = tmp_path / "bin" / "databricks"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!{sys.executable}\nimport os, subprocess, sys, time\n{code}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return {"PATH": f"{program.parent}{os.pathsep}/usr/bin:/bin", **environ}

    return install


def planned(tmp_path, environ, *, target="prod", assignments=("a=1", "b=2,c=3"), seconds=30.0):
    return run_plan(tmp_path, target=target, assignments=assignments, seconds=seconds, environ=environ)


def test_target_and_variables_are_passed_on_and_the_standard_output_is_the_plan(cli, tmp_path):
    environ = cli("print(sys.argv[1:], os.getcwd()); print('note', file=sys.stderr)")
    printed = planned(tmp_path, environ).decode()
    arguments = ["bundle", "plan", "-o", "json", "-t", "prod", "--var", "a=1", "--var", "b=2,c=3"]
    assert printed == f"{arguments} {tmp_path.resolve()}\n"
    assert b"'-t'" not in planned(tmp_path, environ, target=None)


def test_without_a_cli_there_is_an_error_with_both_ways(tmp_path):
    with pytest.raises(CliError, match="not on PATH") as caught:
        planned(tmp_path, {"PATH": str(tmp_path)})
    assert "lakewright plan-gate plan.json" in caught.value.fix


@pytest.mark.parametrize(
    ("printed", "words", "fix"),
    [
        ("Version 0.18.0", "0.18.0 of the retired Python package", "pip uninstall databricks-cli"),
        ("Databricks CLI v1.2.0", "1.2.0, and the bundle needs >= 1.3.0", "version >= 1.3.0: https"),
    ],
)
def test_a_failure_of_a_cli_that_does_not_fit_names_its_version(cli, tmp_path, printed, words, fix):
    environ = cli(f"print('{printed}') if '--version' in sys.argv else sys.exit(2)")
    with pytest.raises(CliError, match=words) as caught:
        run_plan(tmp_path, target=None, assignments=(), seconds=30, required=">= 1.3.0", environ=environ)
    assert fix in caught.value.fix
    assert "lakewright plan-gate plan.json" in caught.value.fix


def test_a_failure_shows_the_last_lines_without_secrets(cli, tmp_path):
    code = (
        "print('first', file=sys.stderr)\n"
        "for at in range(30): print('line', at, file=sys.stderr)\n"
        "print('Error: cannot sign in with', os.environ['DATABRICKS_TOKEN'], 'and', sys.argv[-1], file=sys.stderr)\n"
        "sys.exit(7)"
    )
    environ = cli(code, DATABRICKS_TOKEN="hunter2-hunter2")
    with pytest.raises(CliError, match="exit code 7") as caught:
        planned(tmp_path, environ, assignments=("database_url=swordfish",))
    error = caught.value
    assert "cannot sign in with [redacted] and database_url=[redacted]" in error.detail
    assert "first" not in error.detail
    assert "hunter2" not in str(error)
    assert "swordfish" not in str(error)
    assert error.fix == "run it alone: databricks bundle plan -t prod"


def test_a_cli_that_does_not_end_is_killed_with_what_it_has_started(cli, tmp_path):
    code = "subprocess.Popen(['sleep', '60'])  # it keeps the output open\nprint('partly', flush=True)\ntime.sleep(60)"
    began = time.monotonic()
    with pytest.raises(CliError, match="did not end within 1 seconds") as caught:
        planned(tmp_path, cli(code), seconds=1.0)
    assert time.monotonic() - began < 40
    assert "--timeout" in caught.value.fix


def test_a_failure_shows_no_value_of_a_variable_of_the_bundle(cli, tmp_path):
    code = "sys.exit(f'the variable is {os.environ[\"BUNDLE_VAR_any\"]}')"
    with pytest.raises(CliError) as caught:
        planned(tmp_path, cli(code, BUNDLE_VAR_any="wordings"))
    assert caught.value.detail == "the variable is [redacted]"


def test_a_program_that_cannot_start_is_an_error_of_the_cli(cli, tmp_path):
    environ = cli("")
    (tmp_path / "bin" / "databricks").write_text("#!/no/such/interpreter\n")
    with pytest.raises(CliError, match="exit code 127") as caught:
        planned(tmp_path, environ)
    assert "No such file" in caught.value.detail
