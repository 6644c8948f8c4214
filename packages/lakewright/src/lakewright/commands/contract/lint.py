"""`lakewright contract lint`: what is wrong in contracts, with line and fix, and what of them is not checked."""

import sys
from pathlib import Path

import click

from lakewright.commands.contract.files import EXIT_PROBLEMS, FILES, FOLDER, SUFFIX, chosen, counted, load
from lakewright.commands.contract.show import promised_in_vain


@click.command()
@click.argument("files", nargs=-1, type=FILES, metavar="[FILE]...")
def lint(files: tuple[Path, ...]) -> None:
    """Check contracts; without FILE all `*.odcs.yaml` in `contracts/` of the project.

    A contract in `contracts/<layer>/` is also checked for what the medallion makes of it. What a contract promises and nothing checks is
    listed, and the guesses of a draft that nobody has confirmed; they are no errors.

    Exit code 0: no problems. 2: a contract says something that cannot hold.
    """
    problems = sum(_lint(file) for file in chosen(files))
    if problems:
        click.echo(f"found {counted(problems, 'problem')}")
        sys.exit(EXIT_PROBLEMS)


def _lint(file: Path) -> int:
    """Print what is wrong in a contract and what is not checked; return the number of problems."""
    from databricks_utils.contracts import ContractError, not_confirmed, problems_of

    try:
        contract = load(file)
        _use(file)
    except ContractError as error:
        problems = problems_of(error)
        for problem in problems:
            click.echo(f"{click.style('error:', fg='red', bold=True)} {problem.summary}")
            click.echo(f"  at: {problem.location}\n  fix: {problem.fix}")
        return len(problems)
    rules = sum(len(table.rules) + len(table.unique) + len(table.checks) for table in contract.tables)
    click.echo(f"{contract.file}: {counted(len(contract.tables), 'table')}, {counted(rules, 'rule')}")
    for line in promised_in_vain(contract):
        click.echo(f"  not checked: {line}")
    for line in not_confirmed(contract):
        click.echo(f"  not confirmed: {line}")
    return 0


def _use(file: Path) -> None:
    """Check that the medallion can use a contract of a project; its place says how.

    Raises:
        ContractError: It cannot.
    """
    from databricks_utils.contracts import ProjectContracts

    path = file.resolve()
    layer, name = path.parent.name, path.name.removesuffix(SUFFIX)
    contracts = ProjectContracts(path.parent.parent)
    if path.parent.parent.name == FOLDER and path.name.endswith(SUFFIX):
        if layer == "landing":
            contracts.source(name)
        else:
            contracts.check(layer, name)
