"""Runs `%sql` cells: widgets fill `:name` and `${name}`, the last result is shown and becomes `_sqldf`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lakewright.runner.errors import NotebookError
from lakewright.runner.inside.sql.execution import execute
from lakewright.runner.inside.sql.statements import split_statements
from lakewright.runner.inside.task_runtime import TaskRuntime
from lakewright.spark_refusals import read_refusal

_WIDGET = re.compile(r"\$\{(\w+)\}")


class SqlCellError(NotebookError):
    """Raised when a statement of a `%sql` cell fails."""

    @classmethod
    def of(cls, error: Exception, statement: str, place: str) -> SqlCellError:
        """The error of one statement."""
        refusal = read_refusal(error)
        detail = f"{refusal.detail or ''}\n> {statement}".strip()
        return cls(refusal.summary, location=place, detail=detail, fix=refusal.fix)


def run_sql_cell(runtime: TaskRuntime, source: str, place_of_line: Callable[[int], str]) -> Any:
    """Run the statements of a cell and show the last result.

    Args:
        runtime: The task's runtime.
        source: The statements, `;` between them.
        place_of_line: The place of a line of the cell, for errors.

    Returns:
        The DataFrame of the last statement; None if there is no statement.

    Raises:
        SqlCellError: Spark refused a statement.
    """
    values = runtime.widgets.getAll()
    result: Any = None
    for statement in split_statements(source):
        text = _WIDGET.sub(lambda match: values.get(match[1], match[0]), statement.text)
        arguments = {name: values[name] for name in statement.parameters if name in values}
        try:
            result = execute(runtime.session(), text, arguments)
        except Exception as error:
            raise SqlCellError.of(error, text, place_of_line(statement.line)) from error
    if result is not None and result.columns:
        runtime.display(result)
    return result
