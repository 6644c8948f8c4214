"""`lakewright contract lint`: what is wrong in contracts, with line and fix, and what of them is not checked."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.contract.files import EXIT_PROBLEMS, FILES, FOLDER, SUFFIX, chosen, load
from lakewright.commands.contract.show import promised_in_vain
from lakewright.shown_text.counted import counted

if TYPE_CHECKING:
    from databricks_utils.contracts import Contract


@click.command()
@click.argument("files", nargs=-1, type=FILES, metavar="[FILE]...")
def lint(files: tuple[Path, ...]) -> None:
    """Check contracts; without FILE all `*.odcs.yaml` in `contracts/` of the project.

    A contract in `contracts/<layer>/` is also checked for what the medallion makes of it. Rules that contradict each other are an error,
    rules that repeat each other a warning. What a contract promises and nothing checks is listed, and the guesses of a draft that nobody
    has confirmed; they are no errors.

    Exit code 0: no problems. 2: a contract says something that cannot hold.
    """
    problems = sum(_lint(file) for file in chosen(files))
    if problems:
        click.echo(f"found {counted(problems, 'problem')}")
        sys.exit(EXIT_PROBLEMS)


def _lint(file: Path) -> int:
    """Print what is wrong in a contract and what is not checked; return the number of problems."""
    from databricks_utils.contracts import ContractError, ContractInvalidError, not_confirmed, problems_of
    from databricks_utils.contracts.errors import NOT_ALL

    try:
        contract = _loaded(file)
    except ContractError as error:
        problems = problems_of(error)
        for problem in problems:
            _print("error", problem.summary, problem.location, problem.fix)
        if isinstance(error, ContractInvalidError) and error.is_partial:
            click.echo(f"{file}: {NOT_ALL}")
        return len(problems)
    rules = sum(len(table.rules) + len(table.unique) + len(table.checks) for table in contract.tables)
    click.echo(f"{contract.file}: {counted(len(contract.tables), 'table')}, {counted(rules, 'rule')}")
    contradictions = _print_conflicts(contract)
    for line in promised_in_vain(contract):
        click.echo(f"  not checked: {line}")
    for line in not_confirmed(contract):
        click.echo(f"  not confirmed: {line}")
    return contradictions


def _print_conflicts(contract: "Contract") -> int:
    """Print the rules that contradict or repeat each other; return the number of contradictions."""
    from databricks_utils.contracts import rule_conflicts

    found = rule_conflicts(contract)
    for conflict in found:
        kind = "error" if conflict.is_error else "warning"
        _print(kind, conflict.summary, " and ".join(conflict.locations) or contract.file, conflict.fix)
    return sum(conflict.is_error for conflict in found)


def _print(kind: str, summary: str, location: str, fix: str) -> None:
    colour = "red" if kind == "error" else "yellow"
    click.echo(f"{click.style(f'{kind}:', fg=colour, bold=True)} {summary}")
    click.echo(f"  at: {location}\n  fix: {fix}")


def _loaded(file: Path) -> "Contract":
    """Read a contract; one of a project as the medallion does, which its place names.

    Raises:
        ContractError: It cannot be read, or the medallion cannot use it.
    """
    from databricks_utils.contracts import ProjectContracts

    path = file.resolve()
    layer, name = path.parent.name, path.name.removesuffix(SUFFIX)
    if path.parent.parent.name != FOLDER or not path.name.endswith(SUFFIX):
        return load(file)
    contracts = ProjectContracts(path.parent.parent)
    if layer == "landing":
        contracts.source(name)
    else:
        contracts.check(layer, name)
    return contracts.contract(layer, name)
