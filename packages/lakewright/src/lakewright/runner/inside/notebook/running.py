"""A notebook's cells, one after the other, in one namespace: Python, SQL and the magics that make sense here."""

from __future__ import annotations

import ast
import contextlib
import linecache
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lakewright.runner.errors import NotebookError
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.notebook.cells import Cell, Notebook, find_notebook, read_notebook, split_magic
from lakewright.runner.inside.sql.execution import execute
from lakewright.runner.inside.sql.statements import split_statements
from lakewright.runner.inside.stage import Stage
from lakewright.spark_refusals import read_refusal

_DEEPEST_RUN = 50
_RUN_ARGUMENT = re.compile(r"\$(\w+)\s*=\s*(\"[^\"]*\"|'[^']*'|\S+)")
_WIDGET = re.compile(r"\$\{(\w+)\}")
_SILENT_MAGICS = frozenset(
    {"matplotlib", "load_ext", "reload_ext", "autoreload", "config", "reset", "tensorboard"}
)


def run_notebook_task(spec: TaskSpec, stage: Stage) -> str | None:
    """Run the notebook of a task."""
    assert spec.file is not None
    namespace = stage.globals("__main__", spec.file)
    NotebookRun(stage, namespace).run(Path(spec.file))
    return None


class NotebookRun:
    """Runs notebooks into one namespace.

    Args:
        stage: The task's surroundings.
        namespace: The global names that the cells share.
    """

    def __init__(self, stage: Stage, namespace: dict[str, Any]) -> None:
        self._stage = stage
        self._namespace = namespace
        self._path: list[Path] = []
        self._languages: dict[str, Callable[[Cell, Notebook], None]] = {
            "python": self._python,
            "py": self._python,
            "sql": self._sql,
            "run": self._run,
            "pip": self._pip,
            "conda": self._pip,
            "sh": self._shell,
            "bash": self._shell,
            "fs": self._files,
        }

    def run(self, path: Path) -> None:
        """Run every cell of a notebook.

        Raises:
            NotebookError: The notebook is not there, includes itself, or has a cell in a language that does not run.
        """
        notebook = read_notebook(find_notebook(path))
        with self._inside(notebook.path):
            self._register(notebook)
            for cell in notebook.cells:
                self._cell(cell, notebook)

    @contextlib.contextmanager
    def _inside(self, path: Path) -> Iterator[None]:
        if len(self._path) > _DEEPEST_RUN or path in self._path:
            chain = " → ".join(item.name for item in [*self._path, path])
            raise NotebookError(
                "notebooks include one another in a circle", detail=chain, fix="remove one `%run`"
            )
        self._path.append(path)
        yield
        self._path.pop()

    def _register(self, notebook: Notebook) -> None:
        if notebook.shows_cell_lines:
            return
        spans = [(cell.line, cell.line + cell.source.count("\n"), cell.number) for cell in notebook.cells]
        self._stage.cells[str(notebook.path)] = spans

    def _cell(self, cell: Cell, notebook: Notebook) -> None:
        if cell.language in {"md", "html", "markdown"} or not cell.source.strip():
            return
        if cell.language in _SILENT_MAGICS:
            self._stage.note(f"{notebook.path.name}, cell {cell.number}: %{cell.language} does nothing here")
            return
        handler = self._languages.get(cell.language)
        if handler is None:
            raise NotebookError(
                f"cells in `{cell.language}` do not run here",
                location=f"{notebook.path}:{cell.line} (cell {cell.number})",
                fix="Python, SQL, %run, %sh, %fs and %pip do; keep the rest in a task that runs in a workspace",
            )
        handler(cell, notebook)

    def _python(self, cell: Cell, notebook: Notebook) -> None:
        source = _without_line_magics(cell.source, lambda magic: self._line_magic(magic, cell, notebook))
        filename = self._filename(cell, notebook, source)
        padding = "" if notebook.shows_cell_lines else "\n" * (cell.line - 1)
        tree = ast.parse(padding + source, filename)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._execute(compile(tree, filename, "exec", flags=flags, dont_inherit=True))
        if isinstance(last, ast.Expr):
            expression = ast.Expression(last.value)
            value = self._execute(compile(expression, filename, "eval", flags=flags, dont_inherit=True))
            if value is not None and not cell.source.rstrip().endswith(";"):
                print(repr(value), flush=True)  # noqa: T201 - the task's log

    def _execute(self, code: Any) -> Any:
        # The namespace's own names win; `eval` also runs what was compiled as statements.
        value = eval(code, self._namespace)  # noqa: S307 - running the project's code is what this is for
        if code.co_flags & 0x80 or code.co_flags & 0x100:  # a cell that awaits
            import asyncio

            return asyncio.get_event_loop_policy().new_event_loop().run_until_complete(value)
        return value

    def _filename(self, cell: Cell, notebook: Notebook, source: str) -> str:
        if not notebook.shows_cell_lines:
            return str(notebook.path)
        name = f"{notebook.path} cell {cell.number}"
        lines = [line + "\n" for line in source.split("\n")]
        linecache.cache[name] = (len(source), None, lines, name)
        self._stage.cells[name] = [(1, len(lines), cell.number)]
        return name

    def _line_magic(self, text: str, cell: Cell, notebook: Notebook) -> None:
        name, rest = split_magic(text)
        assert name is not None
        self._cell(Cell(cell.number, name, rest or " ", cell.line), notebook)
        if not rest.strip() and name in self._languages:
            self._stage.note(f"{notebook.path.name}, cell {cell.number}: `{text}` has no argument")

    def _sql(self, cell: Cell, notebook: Notebook) -> None:
        values = self._stage.widgets.getAll()
        result: Any = None
        for statement in split_statements(cell.source):
            text = _WIDGET.sub(lambda match: values.get(match[1], match[0]), statement.text)
            arguments = {name: values[name] for name in statement.parameters if name in values}
            try:
                result = execute(self._stage.session(), text, arguments)
            except Exception as error:
                error.add_note(
                    f"SQL statement at {notebook.path}:{cell.line + statement.line - 1} (cell {cell.number})"
                )
                raise SqlCellError.of(error, text, self._place(cell, notebook, statement.line)) from error
        if result is not None:
            self._namespace["_sqldf"] = result
            if result.columns:
                self._stage.display(result)

    def _place(self, cell: Cell, notebook: Notebook, line: int) -> str:
        shown = (
            notebook.path.relative_to(self._stage.spec.root)
            if notebook.path.is_relative_to(self._stage.spec.root)
            else notebook.path
        )
        return f"{shown}:{cell.line + line - 1} (cell {cell.number})"

    def _run(self, cell: Cell, notebook: Notebook) -> None:
        line = next(item.strip() for item in cell.source.splitlines() if item.strip())
        arguments = {name: value.strip("\"'") for name, value in _RUN_ARGUMENT.findall(line)}
        target = _RUN_ARGUMENT.sub("", line).strip().strip("\"'")
        self._stage.widgets.update(arguments)
        self.run(self._target(target, notebook.path))

    def _target(self, target: str, current: Path) -> Path:
        if target.startswith("/"):
            own = Path(self._stage.spec.root) / target.lstrip("/")
            return own if not Path(target).exists() else Path(target)
        return (current.parent / target).resolve()

    def _pip(self, cell: Cell, notebook: Notebook) -> None:
        self._stage.note(
            f"{notebook.path.name}, cell {cell.number}: `%{cell.language} {cell.source.strip()}` was skipped; "
            "a local run uses the project's environment, so the package belongs into its pyproject.toml"
        )

    def _shell(self, cell: Cell, notebook: Notebook) -> None:
        del notebook
        script = "\n".join(line for line in cell.source.split("\n"))
        subprocess.run(["/bin/bash", "-e", "-c", script], check=True, stdin=subprocess.DEVNULL)

    def _files(self, cell: Cell, notebook: Notebook) -> None:
        words = shlex.split(cell.source)
        method = (
            getattr(self._stage.dbutils.fs, words[0], None)
            if words and not words[0].startswith("_")
            else None
        )
        if method is None:
            raise NotebookError(
                f"`%fs {cell.source.strip()}` is not known",
                location=self._place(cell, notebook, 1),
                fix="ls, cp, mv, rm, mkdirs, head and put are",
            )
        flags = {"-r": True, "--recurse": True}
        result = method(*[flags.get(word, word) for word in words[1:]])
        for item in result if isinstance(result, list) else [result]:
            print(item, flush=True)  # noqa: T201 - the task's log


class SqlCellError(NotebookError):
    """Raised when a statement of a `%sql` cell fails; says which one and where."""

    @classmethod
    def of(cls, error: Exception, statement: str, place: str) -> SqlCellError:
        """The error of one statement."""
        refusal = read_refusal(error)
        detail = f"{refusal.detail or ''}\n> {statement}".strip()
        return cls(refusal.summary, location=place, detail=detail, fix=refusal.fix)


def _without_line_magics(source: str, handle: Callable[[str], None]) -> str:
    """The source with its `%magic` and `!command` lines handled and blanked; Python that parses is left alone."""
    try:
        ast.parse(source)
    except SyntaxError:
        lines = source.split("\n")
        for index, line in enumerate(lines):
            if split_magic(line)[0] is not None and line[:1] in {"%", "!"}:
                handle(line.removeprefix("%") if line.startswith("%%") else line)
                lines[index] = ""
        return "\n".join(lines)
    return source
