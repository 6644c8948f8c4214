"""Runs a `sql_task` with a file: its statements one after the other, `:name` filled from the task's parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import SqlFileError
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.sql.execution import execute
from lakewright.runner.inside.sql.output import output_rows
from lakewright.runner.inside.sql.statements import Statement, split_statements
from lakewright.runner.inside.task_runtime import TaskRuntime
from lakewright.spark_refusals import read_refusal

# Quoted text comes first, so that a parameter inside it is recognised as such.
_MUSTACHE = re.compile(
    r"""(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|--[^\n]*)|\{\{\s*(?P<name>\w+)\s*\}\}"""
)
_NAMED = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class SqlStatementError(SqlFileError):
    """Raised when a statement of a SQL file fails."""


def run_sql_task(spec: TaskSpec, runtime: TaskRuntime) -> str | None:
    """Run every statement and show the last result.

    Raises:
        SqlFileError: The file has no statement, or a parameter that it names has no value.
    """
    assert spec.file is not None
    path = Path(spec.file)
    statements = split_statements(fill_in(path.read_text(encoding="utf-8-sig"), spec.parameters))
    if not statements:
        raise SqlFileError(
            "the file has no SQL statement",
            location=runtime.places.shown(path),
            fix="write one, or drop the task",
        )
    for statement in statements:
        _check(statement, path, spec, runtime)
    result: Any = None
    for statement in statements:
        result = _execute(statement, path, spec, runtime)
    if result is not None and result.columns:
        runtime.display(result)
        if spec.keep_rows:
            runtime.rows = output_rows(result)
    return None


def fill_in(script: str, parameters: Mapping[str, str]) -> str:
    """The script with `{{name}}` as Databricks fills it in: as a string in quotes, so that it is never SQL itself.

    Inside quotes the bare value is filled in; a name without a value stays, and fails where it stands.

    Examples:
        >>> fill_in("USE CATALOG {{c}}; SELECT 'in {{c}}' -- {{c}}", {"c": "main"})
        "USE CATALOG 'main'; SELECT 'in main' -- {{c}}"
    """

    def escaped(name: str, otherwise: str) -> str:
        value = parameters.get(name)
        return (
            otherwise
            if value is None
            else value.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')
        )

    def filled(match: re.Match[str]) -> str:
        if match["name"]:
            return f"'{escaped(match['name'], '')}'" if match["name"] in parameters else match[0]
        if match[0].startswith("--"):
            return match[0]
        return _NAMED.sub(lambda inner: escaped(inner[1], inner[0]), match[0])

    return _MUSTACHE.sub(filled, script)


def _check(statement: Statement, path: Path, spec: TaskSpec, runtime: TaskRuntime) -> None:
    for name in sorted(statement.parameters):
        if name not in spec.parameters and not statement.text.upper().startswith("BEGIN"):
            raise SqlFileError(
                f"the parameter `:{name}` has no value",
                location=f"{runtime.places.shown(path)}:{statement.line}",
                detail="parameters of the task: " + (", ".join(spec.parameters) or "none"),
                fix=choose_from(name, spec.parameters) or f"add `parameters: {{{name}: …}}` to the sql_task",
            )


def _execute(statement: Statement, path: Path, spec: TaskSpec, runtime: TaskRuntime) -> Any:
    arguments = {name: spec.parameters[name] for name in statement.parameters if name in spec.parameters}
    print(f"-- {runtime.places.shown(path)}:{statement.line}\n{statement.text}", flush=True)  # noqa: T201 - the task's log
    try:
        return execute(runtime.session(), statement.text, arguments)
    except Exception as error:
        refusal = read_refusal(error)
        raise SqlStatementError(
            refusal.summary,
            location=f"{runtime.places.shown(path)}:{statement.line}",
            detail=f"{refusal.detail or ''}\n> {statement.text}".strip(),
            fix=refusal.fix,
        ) from error
