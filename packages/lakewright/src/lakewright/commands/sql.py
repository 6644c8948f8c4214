"""`lakewright sql`: run one statement on the project's lakehouse; print a table, CSV or JSON lines."""

import json
import sys
from pathlib import Path

import click

from lakewright.project import find_project

_WIDEST = 100_000


@click.command(name="sql")
@click.argument("statement")
@click.option("-n", "--rows", default=50, show_default=True, help="Maximum number of rows to print.")
@click.option(
    "-o", "--output", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@click.option("--as", "principal", help="Run as this principal, with its grants.")
def command(statement: str, rows: int, output: str, principal: str | None) -> None:
    """Run a SQL statement on the project's lakehouse; `-` reads it from standard input."""
    from lakewright.project_session import open_project_session, refusals_of_spark

    spark = open_project_session(find_project(Path.cwd()), principal=principal)
    with refusals_of_spark():
        frame = spark.sql(sys.stdin.read() if statement == "-" else statement)
        if not frame.columns:
            click.echo("done")
            return
        found = frame.limit(rows + 1).collect()
    _print_rows(frame.columns, [row.asDict(recursive=True) for row in found[:rows]], output)
    if len(found) > rows:
        click.echo(f"… only the first {rows} rows are shown; -n prints more", err=True)


def _print_rows(columns: list[str], rows: list[dict[str, object]], output: str) -> None:
    if output == "json":
        for row in rows:
            click.echo(json.dumps(row, default=str, ensure_ascii=False))
    elif output == "csv":
        import csv

        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows([list(row.values()) for row in rows])
    else:
        _print_table(columns, rows)


def _print_table(columns: list[str], rows: list[dict[str, object]]) -> None:
    """Print a table; if the terminal is too narrow for it, print each row as a list of its columns."""
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(Text(column))
    for row in rows:
        table.add_row(*[Text(_shown(value)) for value in row.values()])
    console = Console()
    width = Measurement.get(console, console.options.update(max_width=_WIDEST), table).maximum
    if not console.is_terminal:  # a file or a pipe has no maximum width
        console.width = width
    if width <= console.width:
        console.print(table)
        return
    longest = max(map(len, columns))
    for number, row in enumerate(rows, 1):
        console.print(Text(f"row {number}", "bold"))
        for column, value in row.items():
            console.print(Text(f"  {column:<{longest}}  {_shown(value)}"), soft_wrap=True)


def _shown(value: object) -> str:
    return "NULL" if value is None else str(value)
