"""`.env`: variables for every command, as if they were exported."""

import json
import os

import pytest
from click.testing import CliRunner

from databricks_utils.config import ENV_FILE_VARIABLE, ConfigLoader
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


NAMES = {
    "DBX_SPARK__ENGINE__MEMORY": "3g",
    "WAREHOUSE": "w1",
    "DBX_SECRET__KV__A": "hidden",
    "BUNDLE_VAR_limit": "7",
}


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
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in NAMES.items()))
    for name in (*NAMES, "DBX_ENV", "DBX_SPARK__MODE", "DBX_SPARK__MOD", ENV_FILE_VARIABLE):
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


class Stop(Exception):
    """Carries the environment of a command at the moment when it begins its work."""


# Each command, and the first function that it calls for its work.
BEGINNINGS = {
    "run": (["run", "--dry-run"], "lakewright.bundle.load_bundle"),
    "validate": (["validate"], "lakewright.bundle.load_bundle"),
    "sql": (["sql", "SELECT 1"], "lakewright.project_session.open_project_session"),
    "shell": (["shell"], "IPython.start_ipython"),
    "engine": (["engine", "status"], "lakewright.engine.engine_status"),
    "engine stop": (["engine", "stop"], "lakewright.engine.stop_engine"),
    "config": (["config", "show"], "databricks_utils.config.ConfigLoader.load"),
    "clean": (["clean", "-y"], "lakewright.commands.clean._size"),
    "doctor": (["doctor"], "lakewright.machine_checks.examine"),
    "wheels": (["wheels", "check"], "lakewright.wheels.lock.read_lock"),
    "grants": (["grants", "check"], "lakewright.bundle.load_bundle"),
    "preflight": (["preflight"], "lakewright.deploy.preflight.examine"),
    "plan-gate": (["plan-gate"], "lakewright.bundle.load_bundle"),
    "summary": (["summary"], "lakewright.runner.record.read_back.read_record"),
    "pipelines": (["pipelines", "check"], "lakewright.pipelines.check_pipelines"),
    "lineage": (["lineage", "t"], "lakewright.lineage.statements.read_events"),
    "quarantine": (["quarantine", "show"], "databricks_utils.context.open_context"),
    "quality": (["quality", "trend"], "databricks_utils.context.open_context"),
    "kernel": (None, "lakewright.exploring.open_runtime"),
}
# Those of no project, and `release`, which depends on what is committed alone.
WITHOUT_ENV_FILE = {"contract", "init", "explain", "runtimes", "release"}


@pytest.mark.parametrize(("command", "beginning"), BEGINNINGS.values(), ids=BEGINNINGS)
def test_each_command_begins_with_the_same_variables_from_any_folder_of_the_project(
    project, monkeypatch, command, beginning
):
    def stop(*_, **__):
        raise Stop({name: os.environ.get(name) for name in NAMES})

    (project / ".lakewright").mkdir()
    (project / "notebooks").mkdir()
    monkeypatch.chdir(project / "notebooks")
    monkeypatch.setattr(beginning, stop)
    if command is None:
        from lakewright import exploring

        with pytest.raises(Stop) as caught:
            exploring.load_ipython_extension(object())
        found = caught.value
    else:
        found = CliRunner().invoke(cli, command).exception
    assert isinstance(found, Stop), found
    assert found.args[0] == NAMES


def test_the_table_of_commands_is_complete():
    assert {name.split()[0] for name in BEGINNINGS} | WITHOUT_ENV_FILE == {*cli.list_commands(None), "kernel"}


def test_a_value_names_its_line_in_the_file(project, monkeypatch):
    (project / ".env").write_text("# secrets\n\nexport WAREHOUSE='w\n1'\nDBX_SPARK__ENGINE__MEMORY=3g\n")
    lines = {
        line.split()[0]: line
        for line in CliRunner().invoke(cli, ["config", "show"]).stdout.splitlines()
        if line[0] != "1"
    }
    assert lines["spark.engine.memory"].endswith("  .env:5 through DBX_SPARK__ENGINE__MEMORY")
    assert (
        "config/local.yaml:2 through WAREHOUSE (.env:3)" in CliRunner().invoke(cli, ["config", "show"]).stdout
    )


def test_an_exported_value_is_not_said_to_be_from_the_file(project, monkeypatch):
    monkeypatch.setenv("DBX_SPARK__ENGINE__MEMORY", "2g")
    shown = CliRunner().invoke(cli, ["config", "show"]).stdout
    assert "environment DBX_SPARK__ENGINE__MEMORY" in shown


def test_an_error_about_a_value_names_its_line_in_the_file(project):
    (project / ".env").write_text("WAREHOUSE=1\nDBX_SPARK__MODE=fast\nDBX_SPARK__MOD=x\n")
    error = str(CliRunner().invoke(cli, ["config", "show"]).exception)
    assert "at: .env:2 through DBX_SPARK__MODE" in error
    assert "at: .env:3 through DBX_SPARK__MOD\n" in error


def test_the_configuration_of_another_folder_reads_the_file_of_its_project(
    project, tmp_path_factory, monkeypatch
):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    shown = CliRunner().invoke(cli, ["config", "show", "--config-path", str(project / "config")]).stdout
    assert f"{project}/.env:1 through DBX_SPARK__ENGINE__MEMORY" in shown
