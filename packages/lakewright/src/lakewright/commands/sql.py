"""`lakewright sql`: run statements on the project's lakehouse; print tables, CSV or JSON lines."""

import sys
from pathlib import Path
from typing import Any

import click

from lakewright.errors import LakewrightError
from lakewright.project import find_project

_ROWS_OF_A_TABLE = 50


class NoStatementError(LakewrightError, ValueError):
    """Raised when there is no statement to run."""


@click.command(name="sql")
@click.argument("statements", required=False, metavar="[STATEMENTS]")
@click.option(
    "-f",
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Run a file with statements.",
)
@click.option(
    "-n",
    "--rows",
    type=click.IntRange(0),
    help=f"Maximum number of rows of each result; by default {_ROWS_OF_A_TABLE} for a table, all for csv and json.",
)
@click.option(
    "-o", "--output", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@click.option("--as", "principal", help="Run as this principal, with its grants.")
def command(
    statements: str | None, file: Path | None, rows: int | None, output: str, principal: str | None
) -> None:
    """Run SQL statements on the project's lakehouse, separated by `;`; `-` reads them from standard input.

    The statements run in order in one session. The first that fails ends the command.
    """
    from lakewright.engine.layout import EngineFolder
    from lakewright.grants.applied import renew_principals
    from lakewright.project_session import open_project_session
    from lakewright.runner.inside.sql.statements import split_statements

    if (statements is None) == (file is None):
        raise click.UsageError(
            'give either statements or a file: lakewright sql "SELECT 1", lakewright sql -f FILE'
        )
    project = find_project(Path.cwd())
    script = split_statements(_text(statements, file))
    if not script:
        raise NoStatementError(
            "there is no statement to run",
            location=str(file) if file else None,
            fix='lakewright sql "SHOW CATALOGS"',
        )
    if rows is None and output == "table":
        rows = _ROWS_OF_A_TABLE
    if principal:
        renew_principals(project, EngineFolder(project).lakehouse)
    run_script(open_project_session(project, principal=principal), script, rows=rows, output=output)


def _text(statements: str | None, file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8-sig")
    return sys.stdin.read() if statements == "-" else str(statements)


def run_script(session: Any, script: list[Any], *, rows: int | None, output: str) -> None:  # noqa: ANN401 - a Spark session
    """Run statements in order and print each result.

    Args:
        session: A Spark session.
        script: The statements.
        rows: Maximum number of rows of each result; None prints all.
        output: `table`, `csv` or `json`.

    Raises:
        StatementError: Spark refused a statement; of several, the error names its number and line.
    """
    from lakewright.commands.sql_output import print_rows
    from lakewright.project_session import refusals_of_spark
    from lakewright.runner.inside.sql.execution import execute

    printed = False
    for number, statement in enumerate(script, 1):
        place = f"statement {number} of {len(script)}, line {statement.line}" if len(script) > 1 else None
        with refusals_of_spark(place):
            frame = execute(session, statement.text, {})
            if not frame.columns:
                click.echo("done", err=output != "table")
                continue
            found = frame.collect() if rows is None else frame.limit(rows + 1).collect()
        if printed and output != "json":
            click.echo()
        printed = True
        shown = found if rows is None else found[:rows]
        print_rows(frame.columns, [row.asDict(recursive=True) for row in shown], output)
        if len(found) > len(shown):
            click.echo(f"… only the first {rows} rows are shown; -n prints more", err=True)
