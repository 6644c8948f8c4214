"""`lakewright contract diff`: what changed in contracts, whom it breaks, and whether the versions have risen as they must."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.contract.files import EXIT_PROBLEMS, contracts_below, load
from lakewright.errors import LakewrightError
from lakewright.shown_text.counted import counted
from lakewright.shown_text.printable import printable

if TYPE_CHECKING:
    from databricks_utils.contracts import Contract, ContractError
    from databricks_utils.contracts.changes import Change, Comparison
    from lakewright.past.files import Past

_SCHEMA_VERSION = 1
_COLORS = {"breaking": "red", "risky": "yellow", "safe": "green"}


class NothingToCompareError(LakewrightError, FileNotFoundError):
    """Raised when a contract is neither here nor at the ref."""


@click.command()
@click.argument(
    "files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path), metavar="[OLD NEW | FILE]"
)
@click.option(
    "--against",
    metavar="GIT_REF",
    help="Compare with the state of a branch, tag or commit, e.g. origin/main: FILE, or all contracts of the project.",
)
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(*, files: tuple[Path, ...], against: str | None, output: str) -> None:
    """Show what changed in contracts: breaking, risky or safe, for those who read the data and for those who write it.

    The version must rise accordingly (semver.org): a breaking change for either side demands a new major version, a risky one or an
    addition a minor one, any other a patch. Below 1.0.0 a breaking change demands a new minor version, any other a patch.

    Exit code 0: each version fits its changes. 2: one does not, a contract was deleted without being retired, or a contract is not valid.
    """
    if against is None:
        if len(files) != 2:
            raise click.UsageError("name two files, OLD and NEW, or give --against GIT_REF")
        old, new = (load(file) for file in files)
        from databricks_utils.contracts.changes import compare

        found = [compare(old, new)]
    else:
        found = list(_against(files, against))
    if output == "json":
        click.echo(_as_json(found, against))
    else:
        _print(found)
    if not all(comparison.verdict.fits for comparison in found):
        sys.exit(EXIT_PROBLEMS)


@dataclass(frozen=True, eq=False)
class _State:
    """A contract at one of the two times; its path is that in the project, its file is where it was read."""

    path: str
    contract: "Contract | None"
    error: "ContractError | None" = None
    file: Path = Path()


def _against(files: Sequence[Path], ref: str) -> "Iterator[Comparison]":
    """Compare the contracts with those at a ref, project by project."""
    from lakewright.project import find_project

    named: dict[Path, set[str]] = {} if files else {find_project(Path.cwd()): set()}
    for file in files:
        project = _project_of(file)
        named.setdefault(project, set()).add(_relative(file, project))
    for project, names in named.items():
        yield from _project_against(project, names, ref)


def _project_against(project: Path, named: set[str], ref: str) -> "Iterator[Comparison]":
    from lakewright.past.files import past_of

    with past_of(project, ref) as past:
        before = [_read_past(past, file) for file in _files(past.project, named)]
        now = [_read(project, file, named) for file in _files(project, named)]
        _check_named(named, before, now, ref)
        for old, new in _pairs(before, now):
            if not named or {state.path for state in (old, new) if state} & named:
                yield from (_shown(comparison, past) for comparison in _compared(old, new))


def _project_of(file: Path) -> Path:
    """The project of a file; a contract without a project stands in its folder."""
    from lakewright.project import ProjectNotFoundError, find_project

    folder = file.absolute().parent
    try:
        return find_project(folder)
    except ProjectNotFoundError:
        return folder


def _relative(file: Path, project: Path) -> str:
    return file.absolute().relative_to(project).as_posix()


def _files(project: Path, named: set[str]) -> list[Path]:
    """All contracts of a project, and those that are named wherever they are."""
    found = {*contracts_below(project), *(project / name for name in named)}
    return sorted(file for file in found if file.is_file())


def _read(project: Path, file: Path, named: set[str]) -> _State:
    """A contract of today; that another one than the named is not valid does not matter."""
    from databricks_utils.contracts import ContractError

    path = _relative(file, project)
    try:
        return _State(path, load(file))
    except ContractError as error:
        if not named or path in named:
            raise
        return _State(path, None, error)


def _read_past(past: "Past", file: Path) -> _State:
    from databricks_utils.contracts import ContractError, load_contract

    path = file.relative_to(past.project).as_posix()
    try:
        return _State(path, load_contract(file, project=past.project))
    except ContractError as error:
        return _State(path, None, error, file)


def _check_named(named: set[str], before: Sequence[_State], now: Sequence[_State], ref: str) -> None:
    known = {state.path for state in (*before, *now)}
    if not known:
        raise NothingToCompareError(
            f"there is no contract, neither here nor at {ref}",
            fix="add one: contracts/NAME.odcs.yaml; or name two files: OLD NEW",
        )
    if missing := sorted(named - known):
        raise NothingToCompareError(
            f"there is no contract {missing[0]}, neither here nor at {ref}",
            location=missing[0],
            fix="check the path; without FILE all contracts of the project are compared",
        )


def _pairs(before: Sequence[_State], now: Sequence[_State]) -> list[tuple[_State | None, _State | None]]:
    """The two states of each contract: by path and id, else by id (the file was moved), else by path (the id has changed)."""
    old, new = list(before), list(now)
    pairs: list[tuple[_State | None, _State | None]] = []
    for is_same in (_same_path_and_id, _same_id, _same_path):
        for state in list(new):
            partner = next((other for other in old if is_same(other, state)), None)
            if partner is not None:
                pairs.append((partner, state))
                old.remove(partner)
                new.remove(state)
    pairs += [(state, None) for state in old] + [(None, state) for state in new]
    return sorted(pairs, key=lambda pair: (pair[1] or pair[0] or _State("", None)).path)


def _same_path_and_id(one: _State, other: _State) -> bool:
    return _same_path(one, other) and _same_id(one, other)


def _same_id(one: _State, other: _State) -> bool:
    return bool(one.contract and other.contract and one.contract.id == other.contract.id)


def _same_path(one: _State, other: _State) -> bool:
    return one.path == other.path


def _compared(old: _State | None, new: _State | None) -> "Iterator[Comparison]":
    from databricks_utils.contracts.changes import added, compare, removed, removed_unreadable, unreadable

    if new is None:
        if old is not None and old.contract is not None:
            yield removed(old.contract)
        elif old is not None and old.error is not None:
            yield removed_unreadable(old.error, str(old.file))
    elif new.contract is not None:
        if old is None:
            yield added(new.contract)
        elif old.contract is not None:
            yield compare(old.contract, new.contract)
        elif old.error is not None:
            yield unreadable(old.error, new.contract)


def _shown(comparison: "Comparison", past: "Past") -> "Comparison":
    """The comparison with the paths of the ref in place of those of its copy, as `git show` reads them."""
    here = Path.cwd()
    copies = [past.root, *([past.root.relative_to(here)] if past.root.is_relative_to(here) else [])]
    for copy in copies:
        comparison = comparison.renamed(f"{copy}/", f"{past.ref}:")
    return comparison


def _as_json(found: "Sequence[Comparison]", against: str | None) -> str:
    data = {
        "schema_version": _SCHEMA_VERSION,
        "against": against,
        "fits": all(comparison.verdict.fits for comparison in found),
        "contracts": [comparison.as_data() for comparison in found],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _print(found: "Sequence[Comparison]") -> None:
    changed = [comparison for comparison in found if comparison.changes or not comparison.verdict.fits]
    for comparison in changed:
        _print_one(comparison)
    if len(changed) < len(found) or not found:
        click.echo(f"{counted(len(found) - len(changed), 'contract')} without changes")


def _print_one(comparison: "Comparison") -> None:
    before = comparison.old_version or ("new" if comparison.new_file else "not valid")
    words = (printable(comparison.id), before, "→", comparison.new_version or "deleted")
    click.echo(f"{comparison.new_file or comparison.old_file}: {' '.join(filter(None, words))}")
    for effect, color in _COLORS.items():
        changes = [change for change in comparison.changes if change.effect == effect]
        if changes:
            click.echo(f"  {click.style(effect, fg=color, bold=True)}, {counted(len(changes), 'change')}:")
        for change in changes:
            click.echo(f"    {_line(change)}")
    verdict = comparison.verdict
    if verdict.fits:
        click.echo(f"  {click.style('the version fits', fg='green')}: {printable(verdict.reason)}")
    else:
        click.echo(f"  {click.style('error:', fg='red', bold=True)} {printable(verdict.reason)}")
        click.echo(f"    at: {verdict.location}\n    fix: {printable(verdict.fix)}")


def _line(change: "Change") -> str:
    what = f"{change.path}: {change.summary}" if change.path else change.summary
    return f"{change.location}  {printable(what)} [consumer: {change.consumer}, producer: {change.producer}]"
