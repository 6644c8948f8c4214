"""Runs a notebook's cells, one after the other, in one namespace: Python, SQL, and the magics that make sense here."""

from __future__ import annotations

import contextlib
import linecache
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lakewright.runner.errors import NotebookError
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.notebook.cells import Cell, Notebook, find_notebook, read_notebook
from lakewright.runner.inside.notebook.fs_commands import run_fs
from lakewright.runner.inside.notebook.ipython_magics import (
    captured,
    change_folder,
    print_folder,
    set_variable,
    timed_statement,
)
from lakewright.runner.inside.notebook.ipython_syntax import Shell, to_python
from lakewright.runner.inside.notebook.named_notebook import named_notebook
from lakewright.runner.inside.notebook.python_cells import PythonCells
from lakewright.runner.inside.notebook.run_command import RunCommand, check_beside_python
from lakewright.runner.inside.notebook.shell_commands import run_script
from lakewright.runner.inside.notebook.sql_cells import run_sql_cell
from lakewright.runner.inside.python_modules.fresh_python import PythonRestart, PythonState
from lakewright.runner.inside.task_runtime import TaskRuntime

_DEEPEST_RUN = 50
_RESTARTED = "Python was restarted: names and modules are forgotten; widgets and the session stay"
_TEXT = frozenset({"md", "html", "markdown"})
# An empty cell of these does nothing; `%time` alone is how Databricks exports the first line of a `%%time` cell.
_MAY_BE_EMPTY = frozenset({"python", "py", "sql", "scala", "r", "sh", "bash", "time", "timeit", "capture"})
_WITHOUT_EFFECT = frozenset(
    {
        "matplotlib",
        "load_ext",
        "reload_ext",
        "autoreload",
        "config",
        "reset",
        "tensorboard",
        "pinfo",
        "pinfo2",
        "set_cell_max_output_size_in_mb",
        *("who", "whos", "lsmagic", "xmode", "precision", "history", "hist"),  # what IPython would only show
    }
)


def run_notebook_task(spec: TaskSpec, runtime: TaskRuntime) -> str | None:
    """Run the notebook of a task."""
    assert spec.file is not None
    NotebookRun(runtime).run(Path(spec.file))
    return None


class NotebookRun:
    """Runs one notebook, with those that it includes, in one namespace.

    Args:
        runtime: The task's runtime.
    """

    def __init__(self, runtime: TaskRuntime) -> None:
        self._runtime = runtime
        self._file = ""
        self._namespace: dict[str, Any] = {}
        self._python_cells = PythonCells(self._namespace)
        self._fresh = PythonState.now()
        self._open: list[Path] = []
        self._languages: dict[str, Callable[[Cell, Notebook], None]] = {
            "python": self._python,
            "py": self._python,
            "sql": self._sql,
            "run": self._run,
            "pip": self._pip,
            "conda": self._pip,
            "uv": self._pip,
            "skip": lambda cell, notebook: self._note(cell, notebook, "skipped by `%skip`"),
            "restart_python": lambda *_: self._runtime.dbutils.library.restartPython(),
            "sh": self._shell,
            "bash": self._shell,
            "fs": self._files,
            "time": self._timed,
            "timeit": self._timed,
            "capture": self._captured,
            "env": self._variable,
            "set_env": self._variable,
            "cd": lambda cell, _: change_folder(cell.source),
            "pwd": lambda cell, _: print_folder(cell.source),
        }

    def run(self, path: Path) -> None:
        """Run every cell of a notebook.

        Raises:
            NotebookError: The notebook does not exist, includes itself, or has a cell in a language that does not run here.
        """
        self._file = str(path)
        self._namespace.update(self._runtime.globals("__main__", self._file))
        self._runtime.restarts_python = True
        try:
            self._include(path)
        finally:
            self._python_cells.close()

    def _include(self, path: Path) -> None:
        notebook = read_notebook(find_notebook(path))
        with self._opened(notebook.path):
            if not notebook.shows_cell_lines:
                spans = [
                    (cell.line, cell.line + cell.source.count("\n"), cell.number) for cell in notebook.cells
                ]
                self._runtime.places.cells[str(notebook.path)] = spans
            for cell in notebook.cells:
                try:
                    self._cell(cell, notebook)
                except PythonRestart:
                    self._restart_python()

    @contextlib.contextmanager
    def _opened(self, path: Path) -> Iterator[None]:
        if len(self._open) > _DEEPEST_RUN or path in self._open:
            chain = " → ".join(item.name for item in [*self._open, path])
            raise NotebookError(
                "notebooks include one another in a circle", detail=chain, fix="remove one `%run`"
            )
        self._open.append(path)
        yield
        self._open.pop()

    def _cell(self, cell: Cell, notebook: Notebook) -> None:
        empty = not cell.source.strip()
        if cell.language in _TEXT or (empty and cell.language in _MAY_BE_EMPTY):
            return
        if cell.language in _WITHOUT_EFFECT:
            self._note(cell, notebook, f"%{cell.language} does nothing here")
            return
        handler = self._languages.get(cell.language)
        if handler is None:
            raise NotebookError(
                f"cells in `{cell.language}` do not run here",
                location=self._place(cell, notebook, 1),
                fix="Python, SQL, %run, %sh, %fs and %pip do; keep the rest in a task that runs in a workspace",
            )
        handler(cell, notebook)

    def _python(self, cell: Cell, notebook: Notebook) -> None:
        if not notebook.shows_cell_lines:
            cell = cell.without_blank_lines_above()
        source = to_python(cell.source)
        shell = Shell(self._namespace, lambda name, line: self._line_magic(name, line, cell, notebook))
        self._namespace["get_ipython"] = lambda: shell
        filename = self._code_name(cell, notebook, source)
        first_line = 1 if notebook.shows_cell_lines else cell.line
        quiet = cell.source.rstrip().endswith(";")
        self._python_cells.run(source, filename, first_line=first_line, quiet=quiet)

    def _timed(self, cell: Cell, notebook: Notebook) -> None:
        started = time.perf_counter()
        self._python(replace(cell, source=timed_statement(cell.source)), notebook)
        print(f"Wall time: {time.perf_counter() - started:.3g} s", flush=True)  # noqa: T201 - the task's log

    def _captured(self, cell: Cell, notebook: Notebook) -> None:
        options, _, source = cell.source.partition("\n")
        with captured(options, self._namespace):
            self._python(replace(cell, source=f"\n{source}"), notebook)

    def _restart_python(self) -> None:
        """Forget the notebook's names and the project's modules; widgets, the Spark session and its views stay."""
        self._python_cells.close()
        self._namespace.clear()
        self._namespace.update(self._runtime.globals("__main__", self._file))
        self._fresh.restore(self._runtime.places.is_project)
        print(_RESTARTED, flush=True)  # noqa: T201 - the task's log

    def _code_name(self, cell: Cell, notebook: Notebook, source: str) -> str:
        """The name of a cell's code in tracebacks, by which its lines are found."""
        if not notebook.shows_cell_lines:
            return str(notebook.path)
        name = f"{notebook.path} cell {cell.number}"
        lines = [line + "\n" for line in source.split("\n")]
        linecache.cache[name] = (len(source), None, lines, name)
        self._runtime.places.cells[name] = [(1, len(lines), cell.number)]
        return name

    def _line_magic(self, name: str, line: str, cell: Cell, notebook: Notebook) -> None:
        language = name.lower()
        if language == "run":
            check_beside_python(cell.source, self._place(cell, notebook, 1))
            self._note(
                cell,
                notebook,
                "`%run` has comments beside it; Databricks documents that it is alone in its cell",
            )
        if language == "skip":
            raise NotebookError(
                "`%skip` is not the first line of its cell",
                location=self._place(cell, notebook, 1),
                fix="make it the first line: then the whole cell is skipped",
            )
        self._cell(Cell(cell.number, language, line, cell.line), notebook)

    def _sql(self, cell: Cell, notebook: Notebook) -> None:
        result = run_sql_cell(self._runtime, cell.source, lambda line: self._place(cell, notebook, line))
        if result is not None:
            self._namespace["_sqldf"] = result

    def _run(self, cell: Cell, notebook: Notebook) -> None:
        command = RunCommand.of(cell.source, self._place(cell, notebook, 1))
        self._runtime.widgets._update(command.arguments)
        self._include(named_notebook(self._runtime.spec, notebook.path.parent, command.target))

    def _variable(self, cell: Cell, notebook: Notebook) -> None:
        if cell.source.strip():
            set_variable(cell.source)
        else:
            self._note(
                cell, notebook, f"`%{cell.language}` has no argument; the environment is not listed in a log"
            )

    def _pip(self, cell: Cell, notebook: Notebook) -> None:
        written = f"%{cell.language} {cell.source.strip()}".strip()
        self._note(
            cell,
            notebook,
            f"`{written}` was skipped; a local run uses the project's environment, "
            "so add the package to its pyproject.toml",
        )

    def _shell(self, cell: Cell, notebook: Notebook) -> None:
        if code := run_script(cell.source):
            self._note(cell, notebook, f"`%sh` ended with code {code}; only `%sh -e` fails the cell")

    def _files(self, cell: Cell, notebook: Notebook) -> None:
        result = run_fs(self._runtime.dbutils.fs, cell.source, self._place(cell, notebook, 1))
        shown = result if isinstance(result, list) else [result] if result is not None else []
        for item in shown:
            print(item, flush=True)  # noqa: T201 - the task's log

    def _place(self, cell: Cell, notebook: Notebook, line: int) -> str:
        shown = self._runtime.places.shown(notebook.path)
        return f"{shown}:{cell.line + line - 1} (cell {cell.number})"

    def _note(self, cell: Cell, notebook: Notebook, words: str) -> None:
        self._runtime.note(f"{notebook.path.name}, cell {cell.number}: {words}")
