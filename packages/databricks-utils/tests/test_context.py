"""A context is opened in one line, wherever the code runs."""

import pytest

from databricks_utils.config import ConfigError
from databricks_utils.context import notebook_context, open_context, task_context
from databricks_utils.testing import example_config_folder

pytestmark = pytest.mark.unit
FOLDER = str(example_config_folder())


class Notebook:
    """A notebook of a job that was given parameters."""

    def __init__(self, **given):
        self.widgets, self._given, self.declared = self, given, {}

    def text(self, name, value):
        self.declared[name] = value

    def get(self, name):
        return self._given.get(name, self.declared[name])


def test_a_notebook_declares_its_parameters_and_a_jobs_values_fill_them():
    notebook = Notebook(
        env="prod", config_path=FOLDER, schema_prefix="", git_sha="abc", run_id="7", mode="rebuild"
    )
    context = notebook_context(notebook, mode="new", since="")
    assert (context.config.environment, context.git_sha, context.run_id) == ("prod", "abc", "7")
    assert context.parameters == {"mode": "rebuild", "since": ""}
    assert set(notebook.declared) == {
        "env",
        "config_path",
        "schema_prefix",
        "git_sha",
        "run_id",
        "mode",
        "since",
    }


def test_a_task_reads_its_arguments():
    arguments = ["--env=dev", f"--config_path={FOLDER}", "--schema_prefix=dev_alice_", "--mode", "rebuild"]
    context = task_context("Build features.", arguments, mode="new")
    assert context.table("silver", "flights").startswith("dev_analytics.dev_alice_")
    assert (context.git_sha, context.run_id, context.parameters) == (
        "unknown",
        "unknown",
        {"mode": "rebuild"},
    )


def test_parameters_that_a_job_hands_to_all_its_tasks_are_taken():
    arguments = ["--env=dev", f"--config_path={FOLDER}", "--mode=rebuild", "--since=", "--filter=a=b"]
    assert task_context("Build.", arguments).parameters == {"mode": "rebuild", "since": "", "filter": "a=b"}


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--git_sh=abc", "did you mean `git_sha`"),
        ("--config-path=config", "did you mean `config_path`"),
        ("dev", "write --name=value"),
        ("--flag", "write --name=value"),
    ],
)
def test_a_misspelled_argument_is_refused(capsys, argument, message):
    with pytest.raises(SystemExit):
        task_context("Build features.", ["--env=dev", f"--config_path={FOLDER}", argument], mode="refine")
    assert message in capsys.readouterr().err


def test_an_unknown_environment_is_refused():
    with pytest.raises(ConfigError, match="qa"):
        open_context("qa", FOLDER)
