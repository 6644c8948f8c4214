"""`lakewright contract`: check data contracts, and show what becomes of them."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.contracts import Contract

_EXIT_PROBLEMS = 2
_FOLDER = "contracts"
_SUFFIXES = ("*.odcs.yaml", "*.odcs.yml")
_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


class NoContractError(LakewrightError, FileNotFoundError):
    """Raised when a project has no contract to check."""


@click.group(name="contract")
def command() -> None:
    """Check and show data contracts, files of the Open Data Contract Standard (ODCS 3.0 to 3.2)."""


@command.command()
@click.argument("files", nargs=-1, type=_FILES, metavar="[FILE]...")
def lint(files: tuple[Path, ...]) -> None:
    """Check contracts; without FILE all `*.odcs.yaml` in `contracts/` of the project.

    What a contract promises and nothing checks is listed; it is no error.

    Exit code 0: no problems. 2: a contract says something that cannot hold.
    """
    problems = sum(_lint(file) for file in _chosen(files))
    if problems:
        click.echo(f"found {_counted(problems, 'problem')}")
        sys.exit(_EXIT_PROBLEMS)


@command.command()
@click.argument("file", type=_FILES)
def show(file: Path) -> None:
    """Show the tables of a contract: their definition, the rules for their rows, and what is not checked."""
    from databricks_utils.contracts import create_table

    contract = _load(file)
    click.echo(_comment(f"{contract.id} {contract.version}, {contract.status}"))
    for table in contract.tables:
        click.echo(f"\n{create_table(table, table.name)};")
        for rule in table.rules:
            click.echo(_comment(f"rule {rule.name}: {rule.expression}"))
    for line in _promised_in_vain(contract):
        click.echo(_comment(f"not checked: {line}"))


def _lint(file: Path) -> int:
    """Print what is wrong in a contract and what is not checked; return the number of problems."""
    from databricks_utils.contracts import ContractError, problems_of

    try:
        contract = _load(file)
    except ContractError as error:
        problems = problems_of(error)
        for problem in problems:
            click.echo(f"{click.style('error:', fg='red', bold=True)} {problem.summary}")
            click.echo(f"  at: {problem.location}\n  fix: {problem.fix}")
        return len(problems)
    rules = sum(len(table.rules) for table in contract.tables)
    click.echo(f"{contract.file}: {_counted(len(contract.tables), 'table')}, {_counted(rules, 'rule')}")
    for line in _promised_in_vain(contract):
        click.echo(f"  not checked: {line}")
    return 0


def _comment(text: str) -> str:
    """A line of comment in SQL: what would end the line is written out."""
    return "-- " + "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _load(file: Path) -> "Contract":
    from databricks_utils.contracts import load_contract
    from lakewright.project import ProjectNotFoundError, find_project

    try:
        project = find_project(file.resolve().parent)
    except ProjectNotFoundError:  # a contract may stand alone; then a `$ref` stays in its folder
        project = None
    return load_contract(file, project=project)


def _promised_in_vain(contract: "Contract") -> Iterator[str]:
    yield from contract.not_executed
    for table in contract.tables:
        yield from (f"{table.name}: {line}" for line in table.not_executed)


def _chosen(files: Sequence[Path]) -> Sequence[Path]:
    if files:
        return files
    from lakewright.project import find_project

    folder = find_project(Path.cwd()) / _FOLDER
    found = sorted(file for suffix in _SUFFIXES for file in folder.rglob(suffix))
    if not found:
        raise NoContractError(
            "there is no contract to check",
            detail=f"looked for {' and '.join(_SUFFIXES)} below {folder}",
            fix="name one: lakewright contract lint FILE",
        )
    return found
