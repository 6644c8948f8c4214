"""`lakewright contract export`: the tables of a contract in other formats, and what of it these cannot express."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from databricks_utils.nearest import choose_from
from lakewright.commands.contract.files import FILES, load
from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.contracts import Contract
    from databricks_utils.contracts.parts import TableParts

_FORMATS = ("json-schema", "sql", "expectations", "expectations-sql", "dqx")
_OF_ALL_TABLES = "sql"


class TableChoiceError(LakewrightError, LookupError):
    """Raised when a contract has no table of a name, or a format holds one table and none is chosen."""


@click.command()
@click.argument("format_", type=click.Choice(_FORMATS), metavar="FORMAT")
@click.argument("file", type=FILES)
@click.option(
    "--table", metavar="NAME", help="One table of the contract; needed if it has several, except for sql."
)
@click.option(
    "--schema",
    default="",
    metavar="CATALOG.SCHEMA",
    help="Where the tables are, for sql and foreign keys of dqx.",
)
def export(*, format_: str, file: Path, table: str | None, schema: str) -> None:
    """Print the tables of a contract in another format. What the format cannot express stands in it as `not exported`.

    \b
    json-schema       JSON Schema (2020-12) of the rows of a table
    sql               CREATE TABLE, tags, CHECK and foreign keys for Databricks; nothing is dropped or replaced
    expectations      expectations of a declarative pipeline, Python
    expectations-sql  the same as clauses of CREATE STREAMING TABLE
    dqx               checks of DQX, YAML
    """  # noqa: D301 - `\b` is Click's mark for lines that it must not wrap
    from databricks_utils.contracts.parts import tables_of

    contract = load(file)
    tables = tables_of(contract)
    if table is not None or format_ != _OF_ALL_TABLES:
        tables = (_chosen(tables, table, contract.file),)
    click.echo(_exported(format_, contract, tables, schema))


def _chosen(tables: "tuple[TableParts, ...]", name: str | None, file: str) -> "TableParts":
    names = {table.table.name: table for table in tables}
    if name is None and len(tables) == 1:
        return tables[0]
    if name in names:
        return names[name]
    if name is None:
        summary = "the contract has no table" if not tables else "this format holds one table"
    else:
        summary = f"the contract has no table `{name}`"
    fix = choose_from(name or "", names)
    raise TableChoiceError(
        summary, location=file, fix=f"--table: {fix}" if fix else "add a table below `schema`"
    )


def _exported(format_: str, contract: "Contract", tables: "tuple[TableParts, ...]", schema: str) -> str:
    from databricks_utils.contracts import exports

    if format_ == "sql":
        return exports.sql(contract, tables, schema=schema)
    table = tables[0]
    if format_ == "json-schema":
        return json.dumps(exports.json_schema(contract, table), indent=2, ensure_ascii=False, allow_nan=False)
    if format_ == "dqx":
        return exports.dqx(contract, table, schema=schema)
    if format_ == "expectations":
        return exports.expectations(contract, table)
    return exports.expectations_sql(contract, table)
