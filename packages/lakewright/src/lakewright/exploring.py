"""Exploring in IPython and Jupyter: `%load_ext lakewright.exploring` gives `spark`, `dbutils`, `display` and `%sql`.

`lakewright shell` is IPython with this extension; a notebook in VS Code or Jupyter loads it in its first cell. The
session is attached to the project's engine, so it sees the tables that runs write, and the other way round.
"""

import os
import sys
from pathlib import Path
from typing import Any

from lakewright.engine import ensure_engine
from lakewright.interactive import engine_settings, refusals_of_spark
from lakewright.project import find_project
from lakewright.runner.local_environment import mlflow_environment
from lakewright.runner.namespace import Stage
from lakewright.runner.task_spec import TaskSpec


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - IPython ships no usable types
    """Put the names into the user's namespace; the hook that IPython calls for `%load_ext`."""
    stage = open_stage(find_project(Path.cwd()))
    given = stage.globals("__main__", "<exploring>")
    given["display"] = _display_for(shell, stage)
    names = ("spark", "dbutils", "display", "displayHTML", "sql")
    shell.push({name: given[name] for name in names}, interactive=False)
    shell.register_magic_function(lambda line: sql_magic(stage, line), "line", "sql")
    shell.register_magic_function(lambda line, cell: sql_magic(stage, f"{line}\n{cell}"), "cell", "sql")


def open_stage(project: Path, *, principal: str | None = None) -> Stage:
    """Open the surroundings that a notebook task has, for a person: session, widgets, task values, MLflow's places.

    Args:
        project: The project's root.
        principal: Whom the session acts as; the operating system's user by default.
    """
    engine = ensure_engine(project, settings=engine_settings(project), import_client=True)
    state = project / ".lakewright"
    os.environ.update(engine.environment(principal))
    os.environ.update(mlflow_environment(state))
    os.environ.setdefault("DBX_ENV", "local")
    if (project / "src").is_dir() and str(project / "src") not in sys.path:
        sys.path.insert(0, str(project / "src"))
    folder = state / "exploring"
    folder.mkdir(parents=True, exist_ok=True)
    return Stage(
        TaskSpec(
            kind="notebook",
            key="exploring",
            attempt=1,
            project=str(project),
            root=str(project),
            cwd=str(Path.cwd()),
            folder=str(folder),
            result_file=str(folder / "result.json"),
            values_file=str(folder / "values.json"),
            report_file=str(folder / "report.jsonl"),
            spark="connect",
        )
    )


def sql_magic(stage: Stage, text: str) -> Any:  # noqa: ANN401 - a pandas DataFrame
    """Run one statement and give its rows as a pandas DataFrame, which notebooks draw as a table."""
    with refusals_of_spark():
        frame = stage.session().sql(text.strip().rstrip(";"))
        return frame.limit(1000).toPandas() if frame.columns else None


def _display_for(shell: Any, stage: Stage) -> Any:  # noqa: ANN401 - IPython ships no usable types
    """In a notebook, tables and figures are drawn by it; in a terminal they are printed as in a log."""
    if not hasattr(shell, "kernel"):
        return stage.display

    def display(value: Any = None, *_more: Any, **_options: Any) -> None:  # noqa: ANN401 - whatever a cell shows
        from IPython.display import display as draw

        draw(value.limit(1000).toPandas() if hasattr(value, "toPandas") else value)

    return display
