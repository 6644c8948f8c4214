"""`lakewright contract show`: the tables of a contract as SQL, the rules for their rows, and what is not checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.contract.files import FILES, load
from lakewright.shown_text.printable import printable

if TYPE_CHECKING:
    from databricks_utils.contracts import Contract


@click.command()
@click.argument("file", type=FILES)
def show(file: Path) -> None:
    """Show the tables of a contract: their definition, the rules for their rows, and what is not checked."""
    from databricks_utils.contracts import create_table
    from databricks_utils.quality import Query
    from databricks_utils.quoting import quote_part

    contract = load(file)
    click.echo(_comment(f"{contract.id} {contract.version}, {contract.status}"))
    for table in contract.tables:
        click.echo(f"\n{create_table(table, table.name)};")
        for rule in table.rules:
            click.echo(_comment(f"rule {rule.name}: {rule.expression}"))
        for unique in table.unique:
            names = ", ".join(quote_part(str(column)) for column in unique.columns)
            click.echo(_comment(f"rule {unique.name}: {names} is unique"))
        for check in table.checks:
            measure = check.sql if isinstance(check, Query) else check.measure
            click.echo(_comment(f"check {check.name}: {measure}"))
    for line in promised_in_vain(contract):
        click.echo(_comment(f"not checked: {line}"))


def promised_in_vain(contract: "Contract") -> Iterator[str]:
    """Yield what a contract promises and nothing checks, one line each."""
    from databricks_utils.contracts.parts import relations_of

    yield from contract.not_executed
    for table in contract.tables:
        yield from (f"{table.name}: {line}" for line in table.not_executed)
        if contract.layer == "landing":
            names = [rule.name for rule in (*table.unique, *table.checks)]
            yield from (f"{table.name}: `{name}`: by `contract test` only" for name in names)
    if contract.layer == "landing":
        yield from (f"the relationship {item.words} of files" for item in relations_of([contract]))


def _comment(text: str) -> str:
    """A line of comment in SQL: what would end the line is written out."""
    return "-- " + printable(text)
