"""Rows on the terminal: as a table, as CSV or as JSON lines."""

import json
import sys

import click

_WIDEST = 100_000


def print_rows(columns: list[str], rows: list[dict[str, object]], output: str) -> None:
    """Print rows as a `table`, as `csv` with a header, or as `json` lines."""
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
