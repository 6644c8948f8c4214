"""Runs the Python of a notebook's cells in one namespace: the last expression is printed, `await` works at top level."""

from __future__ import annotations
import __future__

import ast
import inspect
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_FEATURES = [getattr(__future__, name) for name in __future__.all_feature_names]
_VALUE = "_value_of_the_cell"


class PythonCells:
    """The Python cells of one notebook task; close it after the last cell.

    Args:
        namespace: The global names that the cells share.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        # One event loop for all cells: a task that one cell creates can be awaited in the next.
        self._loop: asyncio.Runner | None = None
        self._features = 0

    def run(self, source: str, filename: str, *, first_line: int = 1, quiet: bool = False) -> None:
        """Run the source of a cell.

        Args:
            source: Python.
            filename: The name of the code in tracebacks.
            first_line: The line of the file on which it begins.
            quiet: Print no value.
        """
        tree = ast.parse("\n" * (first_line - 1) + source, filename)
        shows = bool(tree.body) and isinstance(tree.body[-1], ast.Expr) and not quiet
        if shows:
            tree.body[-1] = _kept(tree.body[-1])
        code = compile(tree, filename, "exec", flags=_FLAGS | self._features, dont_inherit=True)
        self._features |= _features_of(code)
        self._execute(code)
        value = self._namespace.pop(_VALUE, None)
        if value is not None:
            print(repr(value), flush=True)  # noqa: T201 - the task's log

    def close(self) -> None:
        """End the event loop, if a cell used it, and forget what cells imported from `__future__`."""
        self._features = 0
        if self._loop is not None:
            self._loop.close()
            self._loop = None

    def _execute(self, code: CodeType) -> None:
        # Unlike `exec`, `eval` returns the coroutine of code that awaits.
        value = eval(code, self._namespace)  # noqa: S307 - running the project's code is what this is for
        if code.co_flags & inspect.CO_COROUTINE:
            import asyncio  # 80 ms, and few notebooks await

            self._loop = self._loop or asyncio.Runner()
            self._loop.run(value)


def _features_of(code: CodeType) -> int:
    """The flags of what code imported from `__future__`; as in IPython, they hold for later cells too."""
    return sum(code.co_flags & feature.compiler_flag for feature in _FEATURES)


def _kept(statement: ast.stmt) -> ast.stmt:
    """An expression that is a statement, as an assignment that keeps its value."""
    assert isinstance(statement, ast.Expr)
    name = ast.Name(_VALUE, ast.Store())
    return ast.fix_missing_locations(ast.copy_location(ast.Assign([name], statement.value), statement))
