"""`.env` as the source of secrets."""

import pytest

from databricks_utils.config import ConfigLoader
from databricks_utils.testing import example_config_folder
from lakewright.runner.redaction import read_env_file, secret_variable, secrets_of

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
