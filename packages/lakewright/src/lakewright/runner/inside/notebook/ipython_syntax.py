"""IPython's syntax inside Python cells: `%magic` lines, `!command`, `x = !command`, `name?`.

Databricks runs Python cells in IPython, so IPython's own transformer turns them into Python, and `get_ipython()` gives the
functions that it calls. What a whole cell is (`%sql`, `%run`, `%sh`, … in the first line) is Databricks' and not IPython's:
there one `%` makes a line magic. `cells.py` decides that.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, MutableMapping
from typing import Any

from lakewright.runner.inside.notebook.shell_commands import output_of, run_command

_EXIT_CODE = "_exit_code"  # IPython's name for the exit code of the last command


def to_python(source: str) -> str:
    r"""The source of a cell as Python, with as many lines; Python that parses is returned as it is.

    Examples:
        >>> to_python("x = 1\n!ls")
        "x = 1\nget_ipython().system('ls')"
    """
    try:
        ast.parse(source)
    except SyntaxError:
        # IPython takes 0.3 s to import, and most cells are plain Python.
        from IPython.core.inputtransformer2 import TransformerManager

        return _as_many_lines(source, TransformerManager().transform_cell(source).removesuffix("\n"))
    return source


def _as_many_lines(before: str, after: str) -> str:
    """The transformed source with blank lines where a command of several lines became one."""
    old, new = before.split("\n"), after.split("\n")
    if len(old) == len(new):
        return after
    found: list[str] = []
    for _, start, end, first, last in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        found += new[first:last] + [""] * ((end - start) - (last - first))
    return "\n".join(found)


class Shell:
    """What `get_ipython()` gives to a cell.

    Args:
        namespace: The global names of the cells; commands may name them as `{name}` and `$name`.
        magic: Runs a magic by name, with its argument.
    """

    def __init__(self, namespace: MutableMapping[str, Any], magic: Callable[[str, str], None]) -> None:
        self._namespace = namespace
        self._magic = magic

    @property
    def user_ns(self) -> MutableMapping[str, Any]:
        """The global names of the cells."""
        return self._namespace

    def run_line_magic(self, name: str, line: str) -> None:
        """`%name line`."""
        self._magic(name, line)

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """`%%name line`, and the lines below it."""
        self._magic(name, f"{line}\n{cell}")

    def system(self, command: str) -> None:
        """`!command`; one that fails does not fail the cell."""
        self._namespace[_EXIT_CODE] = run_command(self._expanded(command))

    def getoutput(self, command: str) -> Any:
        """`x = !command`: the lines that it prints."""
        from IPython.utils.text import SList

        lines, self._namespace[_EXIT_CODE] = output_of(self._expanded(command))
        return SList(lines)

    def _expanded(self, command: str) -> str:
        from IPython.utils.text import DollarFormatter

        try:
            return str(DollarFormatter().vformat(command, args=(), kwargs=dict(self._namespace)))
        except Exception:  # noqa: BLE001 - as in IPython, text that is not an expression stays as it is
            return command
