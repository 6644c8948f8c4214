"""Exploring in IPython and Jupyter: `%load_ext lakewright.exploring` gives `spark`, `dbutils`, `display` and `%sql`.

`lakewright shell` is IPython with this extension; a notebook in VS Code or Jupyter loads it in its first cell. The
session is attached to the project's engine: it and the runs share their tables.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.env_file import add_env_file
from lakewright.interactive_runtime import open_runtime
from lakewright.project import find_project
from lakewright.project_session import refusals_of_spark
from lakewright.runner.inside.displays import Displays
from lakewright.runner.inside.sql.execution import execute
from lakewright.runner.inside.sql.statements import split_statements
from lakewright.runner.inside.task_runtime import TaskRuntime

_ROWS = 1000
_HOOK = "_lakewright_before_a_cell"


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - IPython ships no usable types
    """Add the names to the user's namespace; IPython calls this for `%load_ext`."""
    # A notebook has a kernel and draws tables; a terminal prints text, like a log.
    displays = DrawnDisplays if hasattr(shell, "kernel") else Displays
    with _shown_as_a_message():
        project = find_project(Path.cwd())
        add_env_file(project)
        runtime = open_runtime(project, displays=displays)
    given = runtime.globals("__main__", "<exploring>")
    names = {name: value for name, value in given.items() if not name.startswith("__")}
    shell.push(names, interactive=False)
    runtime.forget_names = lambda: _forget_names(shell, names)
    shell.register_magic_function(lambda line: _magic(shell, runtime, line), "line", "sql")
    shell.register_magic_function(lambda line, cell: _magic(shell, runtime, f"{line}\n{cell}"), "cell", "sql")
    _before_each_cell(shell, lambda *_: runtime.leave_an_ended_engine())


def _forget_names(shell: Any, given: Mapping[str, Any]) -> None:  # noqa: ANN401 - as above
    """Empty the user's namespace, except for what the extension gave."""
    shell.reset(new_session=False)
    shell.push(dict(given), interactive=False)


def unload_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - as above
    """Remove the hook that watches the engine; `%reload_ext` calls this first."""
    _before_each_cell(shell, None)


class DrawnDisplays(Displays):
    """`display` and `displayHTML` in a notebook: IPython draws tables, figures and HTML."""

    def __call__(self, value: Any = None, *more: Any, **options: Any) -> None:  # noqa: ANN401 - any value
        """Draw a value; print a note for a stream."""
        from IPython.display import display as draw
        from pyspark.sql.dataframe import DataFrame

        if value is None or getattr(value, "isStreaming", False):
            super().__call__(value, *more, **options)
        else:
            draw(as_pandas(value) if isinstance(value, DataFrame) else value)

    def html(self, html: str) -> None:
        """Draw HTML, without secrets."""
        from IPython.display import HTML
        from IPython.display import display as draw

        draw(HTML(self._redactor.text(str(html))))


def sql_magic(runtime: TaskRuntime, text: str) -> Any:  # noqa: ANN401 - a DataFrame
    """Run statements separated by `;`; return the DataFrame of the last one, or None if there is no statement.

    `:name` is replaced by the value of the widget `name`, as in a SQL cell of a notebook.
    """
    result = None
    values = runtime.widgets.getAll()
    with refusals_of_spark():
        for statement in split_statements(text):
            arguments = {name: values[name] for name in statement.parameters if name in values}
            result = execute(runtime.session(), statement.text, arguments)
    return result


def as_pandas(frame: Any) -> Any:  # noqa: ANN401 - a pandas DataFrame
    """Return the first rows as a pandas DataFrame, which notebooks draw as a table; print a note if there are more."""
    with refusals_of_spark():
        rows = frame.limit(_ROWS + 1).toPandas()
    if len(rows) > _ROWS:
        print(f"note: these are the first {_ROWS:,} rows; there are more", flush=True)  # noqa: T201 - as above
    return rows.head(_ROWS)


def _magic(shell: Any, runtime: TaskRuntime, text: str) -> Any:  # noqa: ANN401 - as above
    """Run `%sql`: return the rows for the cell to show, and set `_sqldf` to their DataFrame, as on Databricks."""
    with _shown_as_a_message():
        frame = sql_magic(runtime, text)
        if frame is None:
            return None
        shell.push({"_sqldf": frame}, interactive=False)
        return as_pandas(frame) if frame.columns else None


@contextmanager
def _shown_as_a_message() -> Iterator[None]:
    """Make IPython print only the message of an error, without a stack trace."""
    try:
        yield
    except DiagnosedError as error:
        lines = f"error: {error}".splitlines()
        error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]  # IPython's protocol
        raise


def _before_each_cell(shell: Any, hook: Callable[..., None] | None) -> None:  # noqa: ANN401 - as above
    """Replace the registered hook; None removes it."""
    before = shell.__dict__.pop(_HOOK, None)
    if before is not None:
        shell.events.unregister("pre_run_cell", before)
    if hook is not None:
        shell.events.register("pre_run_cell", hook)
        shell.__dict__[_HOOK] = hook
