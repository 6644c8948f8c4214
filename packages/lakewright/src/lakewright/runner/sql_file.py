"""`sql_task` with a file: its statements one after the other, `:name` filled from the task's parameters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lakewright.runner.errors import SqlFileError
from lakewright.runner.namespace import Stage
from lakewright.runner.plan import nearest
from lakewright.runner.sql_statements import Statement, split_statements
from lakewright.runner.task_spec import TaskSpec

_MUSTACHE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class SqlStatementError(SqlFileError):
    """Raised when a statement of a SQL file fails; says which one and where."""


def run_sql_task(spec: TaskSpec, stage: Stage) -> str | None:
    """Run every statement and show the last result.

    Raises:
        SqlFileError: The file has no statement, or a parameter that it names has no value.
    """
    assert spec.file is not None
    path = Path(spec.file)
    script = _MUSTACHE.sub(
        lambda match: spec.parameters.get(match[1], match[0]), path.read_text(encoding="utf-8-sig")
    )
    statements = split_statements(script)
    if not statements:
        raise SqlFileError(
            "the file has no SQL statement", location=_shown(path, spec), mend="write one, or drop the task"
        )
    for statement in statements:
        _check(statement, path, spec)
    result: Any = None
    for statement in statements:
        result = _execute(statement, path, spec, stage)
    if result is not None and result.columns:
        stage.display(result)
    return None


def _check(statement: Statement, path: Path, spec: TaskSpec) -> None:
    for name in sorted(statement.parameters):
        if name not in spec.parameters and not statement.text.upper().startswith("BEGIN"):
            raise SqlFileError(
                f"the parameter `:{name}` has no value",
                location=f"{_shown(path, spec)}:{statement.line}",
                detail="parameters of the task: " + (", ".join(spec.parameters) or "none"),
                mend=nearest(name, spec.parameters)
                if spec.parameters
                else f"add `parameters: {{{name}: …}}` to the sql_task",
            )


def _execute(statement: Statement, path: Path, spec: TaskSpec, stage: Stage) -> Any:
    arguments = {name: spec.parameters[name] for name in statement.parameters if name in spec.parameters}
    print(f"-- {_shown(path, spec)}:{statement.line}\n{statement.text}", flush=True)  # noqa: T201 - the task's log
    try:
        return (
            stage.session().sql(statement.text, args=arguments)
            if arguments
            else stage.session().sql(statement.text)
        )
    except Exception as error:
        message = str(error).split("\n\nJVM stacktrace:", maxsplit=1)[0].strip()
        first, _, rest = message.partition("\n")
        raise SqlStatementError(
            first or type(error).__name__,
            location=f"{_shown(path, spec)}:{statement.line}",
            detail=f"{rest.strip()}\n> {statement.text}".strip(),
        ) from error


def _shown(path: Path, spec: TaskSpec) -> str:
    return str(path.relative_to(spec.root)) if path.is_relative_to(spec.root) else str(path)
