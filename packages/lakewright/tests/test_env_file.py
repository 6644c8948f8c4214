"""`.env`: variables for every command, as if they were exported."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from databricks_utils.config import ConfigLoader
from databricks_utils.testing import example_config_folder
from lakewright.cli import cli
from lakewright.env_file import add_env_file, read_env_file
from lakewright.runner.handover.secrets import secret_variable, secrets_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("DBX_SECRET__KV__A=plain", "plain"),
        ("export DBX_SECRET__KV__A = spaced ", "spaced"),
        ("DBX_SECRET__KV__A='quo ted # kept'", "quo ted # kept"),
        ("DBX_SECRET__KV__A=before # a comment", "before"),
        ("DBX_SECRET__KV__A='${HOME}$x'", "${HOME}$x"),
        ("DBX_SECRET__KV__A=${HOME}", "${HOME}"),
    ],
)
def test_a_line_gives_its_value_and_nothing_is_expanded(tmp_path, line, value):
    (tmp_path / ".env").write_text(f"# first line\n\n{line}\nNOT_ASSIGNED\n")
    assert read_env_file(tmp_path / ".env") == {"DBX_SECRET__KV__A": value}


def test_a_file_that_is_not_there_gives_nothing(tmp_path):
    assert read_env_file(tmp_path / ".env") == {}


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text("DBX_SECRET__KV__A=file\nDBX_SECRET__KV__B=file\nOTHER=x\n")
    assert secrets_of({"DBX_SECRET__KV__A": "own"}, tmp_path) == {
        "DBX_SECRET__KV__A": "own",
        "DBX_SECRET__KV__B": "file",
    }


def test_an_exported_secret_does_not_count_as_a_key_of_the_configuration(monkeypatch):
    monkeypatch.setenv(secret_variable("kv", "token"), "hunter2")
    assert ConfigLoader.load("dev", example_config_folder()).environment == "dev"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose `.env` sets a key of the configuration, a name that the configuration uses, a secret and a variable."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "local.yaml").write_text(
        'catalog: {name: local_x, schema: x}\nextra: {warehouse: "${WAREHOUSE}"}\n'
    )
    (tmp_path / "databricks.yml").write_text(
        "bundle: {name: x}\nvariables: {limit: {}}\ntargets: {dev: {default: true}}\n"
        "resources: {jobs: {j: {name: '${var.limit}', tasks: [{task_key: t, condition_task: {op: EQUAL_TO, left: a, right: b}}]}}}\n"
    )
    (tmp_path / ".env").write_text(
        "DBX_SPARK__ENGINE__MEMORY=3g\nWAREHOUSE=w1\nDBX_SECRET__KV__A=hidden\nBUNDLE_VAR_limit=7\n"
    )
    for name in (
        "DBX_SPARK__ENGINE__MEMORY",
        "WAREHOUSE",
        "DBX_SECRET__KV__A",
        "BUNDLE_VAR_limit",
        "DBX_ENV",
    ):
        monkeypatch.setenv(name, "")  # so that it is restored after the test
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_exported_wins_over_the_file(project):
    environ = {"WAREHOUSE": "own"}
    add_env_file(project, environ)
    assert (environ["WAREHOUSE"], environ["DBX_SPARK__ENGINE__MEMORY"]) == ("own", "3g")


def test_the_configuration_of_every_command_reads_the_file(project):
    result = CliRunner().invoke(cli, ["config", "show", "-o", "json"])
    shown = {row["key"]: row["value"] for row in json.loads(result.stdout)}
    assert (shown["spark.engine.memory"], shown["extra.warehouse"]) == ("3g", "w1")


def test_a_bundle_reads_its_variables_from_the_file_also_from_another_folder(
    project, tmp_path_factory, monkeypatch
):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    result = CliRunner().invoke(cli, ["validate", "--project", str(project), "-o", "json"])
    assert json.loads(result.stdout)["resources"]["jobs"]["j"]["name"] == "7"


def test_a_dry_run_reads_the_file(project):
    result = CliRunner().invoke(cli, ["run", "--dry-run"])
    assert result.exit_code == 0, (result.output, result.exception)


@pytest.mark.parametrize(
    "command", [["shell", "--help"], ["sql", "--help"], ["engine", "status"], ["doctor", "--help"]]
)
def test_each_command_has_the_variables_from_a_folder_of_the_project(project, command):
    below = project / "notebooks"
    below.mkdir()
    script = f"""
import os
from lakewright.cli import cli
try:
    cli({command!r})
except SystemExit:
    print(os.environ.get("DBX_SECRET__KV__A"), os.environ.get("DBX_SPARK__ENGINE__MEMORY"))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=below,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    assert done.stdout.splitlines()[-1] == "hidden 3g"


def test_the_extension_of_ipython_reads_the_file(project, monkeypatch):
    from lakewright import exploring

    class Stop(Exception):
        pass

    def runtime(*_, **__):
        raise Stop(os.environ["DBX_SECRET__KV__A"])

    monkeypatch.setattr(exploring, "open_runtime", runtime)
    with pytest.raises(Stop, match="hidden"):
        exploring.load_ipython_extension(object())
