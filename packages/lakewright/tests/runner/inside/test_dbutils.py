"""`dbutils` call by call, against what Databricks documents: values, defaults, types, refusals."""

import inspect
from pathlib import Path
from typing import Any

import pytest

from lakewright.runner.inside.dbutils.argument_types import ArgumentTypeError
from lakewright.runner.inside.dbutils.credentials import Credentials, NoCloudIdentityError
from lakewright.runner.inside.dbutils.data import Data
from lakewright.runner.inside.dbutils.help_text import UnknownMethodError
from lakewright.runner.inside.dbutils.jobs import NoJobError, TaskValueError, TaskValues
from lakewright.runner.inside.dbutils.notebook import NotebookExit, NotebookTools
from lakewright.runner.inside.dbutils.notebook_context import NotebookContext, NoValueError, NoWorkspaceError
from lakewright.runner.inside.dbutils.secrets import SecretError, Secrets
from lakewright.runner.inside.dbutils.widgets import WidgetChoiceError, WidgetError, Widgets

pytestmark = pytest.mark.unit


@pytest.fixture
def widgets() -> Widgets:
    """The widgets of a task with one parameter."""
    return Widgets({"day": "2026-01-01"})


def test_a_parameter_wins_over_a_default_and_needs_no_widget(widgets: Widgets) -> None:
    assert widgets.get("day") == "2026-01-01"
    widgets.text("day", "today", "The day")
    widgets.text("rows", "10")
    assert (widgets.get("day"), widgets.get("rows")) == ("2026-01-01", "10")
    assert widgets.getAll() == {"day": "2026-01-01", "rows": "10"}


def test_a_widget_that_is_declared_again_keeps_its_value(widgets: Widgets) -> None:
    widgets.text("rows", "10")
    widgets.text("rows", "20")
    assert widgets.get("rows") == "10"
    widgets.remove("rows")
    widgets.text("rows", "20")
    assert widgets.get("rows") == "20"


@pytest.mark.parametrize("method", ["get", "remove", "getArgument"])
def test_an_unknown_widget_is_refused_in_databricks_words(widgets: Widgets, method: str) -> None:
    with pytest.raises(WidgetError, match="InputWidgetNotDefined: No input widget named gone is defined"):
        getattr(widgets, method)("gone")


def test_the_older_spelling_has_a_default(widgets: Widgets) -> None:
    assert widgets.getArgument("gone", "x") == "x"
    assert widgets.getArgument("day", "x") == "2026-01-01"


def test_all_widgets_are_removed_and_parameters_stay(widgets: Widgets) -> None:
    widgets.text("rows", "10")
    widgets.removeAll()
    assert widgets.getAll() == {"day": "2026-01-01"}


@pytest.mark.parametrize("kind", ["dropdown", "multiselect"])
def test_a_default_must_be_among_the_choices(widgets: Widgets, kind: str) -> None:
    getattr(widgets, kind)("size", "s", ["s", "m"], "Size")
    assert widgets.get("size") == "s"
    with pytest.raises(WidgetChoiceError, match="choices: s, m"):
        getattr(widgets, kind)("other", "l", ["s", "m"])


def test_a_combobox_takes_a_default_that_is_no_choice(widgets: Widgets) -> None:
    widgets.combobox("size", "xl", ["s", "m"])
    assert widgets.get("size") == "xl"


@pytest.mark.parametrize(
    "call",
    [
        lambda widgets: widgets.text("n", 1),
        lambda widgets: widgets.text("n", None),
        lambda widgets: widgets.text(1, "n"),
        lambda widgets: widgets.dropdown("n", 1, [1, 2]),
        lambda widgets: widgets.dropdown("n", "1", [1, 2]),
        lambda widgets: widgets.combobox("n", "1", "12"),
        lambda widgets: widgets.multiselect("n", "1", {"1": 1}),
    ],
)
def test_a_widget_takes_only_text(widgets: Widgets, call: Any) -> None:
    with pytest.raises(ArgumentTypeError):
        call(widgets)
    assert "n" not in widgets.getAll()


def task_values(tmp_path: Path, *, in_job: bool = True) -> TaskValues:
    return TaskValues("me", tmp_path / "values", {"first": {"n": 41, "no": None}}, in_job=in_job)


def test_a_task_value_is_found_or_has_a_default(tmp_path: Path) -> None:
    values = task_values(tmp_path)
    values.set("mine", {"a": [1, None]})
    assert values.get("me", "mine") == {"a": [1, None]}
    assert values.get("first", "n", debugValue=0) == 41
    assert values.get(taskKey="first", key="gone", default=0) == 0
    assert values.get("first", "no", default=1) is None


@pytest.mark.parametrize("task", ["first", "second"])
def test_a_missing_task_value_is_a_value_error_and_none_is_no_default(tmp_path: Path, task: str) -> None:
    for options in ({}, {"default": None}, {"debugValue": 5}):
        with pytest.raises(ValueError, match=task) as refused:
            task_values(tmp_path).get(task, "gone", **options)
        assert type(refused.value) is TaskValueError


def test_outside_of_a_job_there_is_only_the_debug_value(tmp_path: Path) -> None:
    values = task_values(tmp_path, in_job=False)
    values.set("mine", object())
    assert values.get("first", "n", default=1, debugValue=2) == 2
    with pytest.raises(
        TypeError, match="Must pass debugValue when calling get outside of a job context"
    ) as no:
        values.get("first", "n", default=1)
    assert type(no.value) is NoJobError
    assert not (tmp_path / "values").exists()


def test_the_key_of_a_task_value_is_text(tmp_path: Path) -> None:
    with pytest.raises(ArgumentTypeError):
        task_values(tmp_path).set(1, "x")  # type: ignore[arg-type]  # the wrong type is the subject


@pytest.fixture
def notebook() -> NotebookTools:
    """The tools of `/p/n`, whose runs give back their arguments."""
    context = NotebookContext("/p/n", "someone", {"name": "main", "run_id": "7"})
    return NotebookTools(lambda: context, lambda *given: repr(given))


def test_a_notebook_is_run_with_a_time_limit_and_texts(notebook: NotebookTools) -> None:
    assert notebook.run("./n", 60, {"a": "1"}) == "('./n', 60, {'a': '1'})"
    assert notebook.run(path="./n", timeout_seconds=0) == "('./n', 0, {})"
    with pytest.raises(TypeError):
        notebook.run("./n")  # type: ignore[call-arg]  # the missing argument is the subject
    for arguments in ({"a": 1}, {1: "a"}, {"a": None}):
        with pytest.raises(ArgumentTypeError, match="must be text"):
            notebook.run("./n", 0, arguments)  # type: ignore[arg-type]  # the wrong type is the subject


@pytest.mark.parametrize("seconds", ["60", 0.5, True, None])
def test_the_time_limit_of_a_notebook_is_a_whole_number(notebook: NotebookTools, seconds: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="`timeout_seconds` must be a whole number"):
        notebook.run("./n", seconds)


@pytest.mark.parametrize("arguments", [["a"], "a=1", 5, []])
def test_the_arguments_of_a_notebook_are_a_dictionary(notebook: NotebookTools, arguments: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="`arguments` must be a dictionary"):
        notebook.run("./n", 0, arguments)


@pytest.mark.parametrize("value", [0, True, None, {"a": 1}])
def test_an_exit_value_becomes_text(notebook: NotebookTools, value: Any) -> None:
    with pytest.raises(NotebookExit) as ended:
        notebook.exit(value)
    assert ended.value.value == str(value)


def test_an_exit_is_an_exception_that_code_can_catch(notebook: NotebookTools) -> None:
    with pytest.raises(NotebookExit) as left:
        notebook.exit("done")
    assert isinstance(left.value, Exception)
    assert left.value.value == "done"


def test_the_context_of_a_notebook_has_path_user_and_job_and_no_workspace(notebook: NotebookTools) -> None:
    context = notebook.entry_point.getDbutils().notebook().getContext()
    assert context.notebookPath().get() == "/p/n"
    assert context.userName().getOrElse(None) == "someone"
    assert context.tags().apply("jobName") == "main"
    assert context.tags().get("clusterId").getOrElse("none") == "none"
    assert not context.tags().get("clusterId").isDefined()
    assert context.currentRunId().get() == "7"
    assert '"notebook_path": "/p/n"' in context.toJson()
    with pytest.raises(NoValueError):
        context.tags().apply("clusterId")
    for method in (context.apiUrl, context.apiToken):
        with pytest.raises(NoWorkspaceError, match="contacts no workspace"):
            method()


def test_secrets_are_found_listed_and_refused_in_databricks_words() -> None:
    secrets = Secrets({"DBX_SECRET__KV__API_KEY": "s", "PATH": "/bin"})
    assert (secrets.get("kv", "api-key"), secrets.getBytes("kv", "api-key")) == ("s", b"s")
    assert [item.key for item in secrets.list("kv")] == ["api_key"]
    assert [(item.name, item.getName()) for item in secrets.listScopes()] == [("kv", "kv")]
    for method in (secrets.get, secrets.getBytes):
        with pytest.raises(SecretError, match="Secret does not exist with scope: kv and key: gone"):
            method("kv", "gone")
    with pytest.raises(SecretError, match="the secret scope `gone` does not exist"):
        secrets.list("gone")
    with pytest.raises(ArgumentTypeError):
        secrets.get("kv", None)  # type: ignore[arg-type]  # the wrong type is the subject


def test_every_call_for_credentials_is_refused_with_the_reason() -> None:
    credentials = Credentials()
    for name, method in inspect.getmembers(credentials, inspect.ismethod):
        if name[0] != "_" and name != "help":
            arguments = ["x"] * len(inspect.signature(method).parameters)
            with pytest.raises(NoCloudIdentityError, match="no identity in a cloud"):
                method(*arguments)


def test_a_frame_is_summarized_by_its_own_statistics() -> None:
    import pandas

    shown: list[Any] = []

    class Frame:
        def summary(self) -> str:
            return "of Spark"

    Data(shown.append).summarize(Frame(), precise=True)
    Data(shown.append).summarize(pandas.DataFrame({"n": [1, 3]}))
    assert shown[0] == "of Spark"
    assert shown[1].loc["mean", "n"] == 2


def test_help_lists_the_methods_of_a_part_and_knows_one(
    widgets: Widgets, capsys: pytest.CaptureFixture[str]
) -> None:
    widgets.help()
    listed = capsys.readouterr().out
    assert "get(name: str) -> The value" in listed
    assert "_update" not in listed
    widgets.help("dropdown")
    assert "The default is not one of them" in capsys.readouterr().out
    with pytest.raises(UnknownMethodError, match="there is: combobox"):
        widgets.help("dropdwn")
