"""`lakewright contract docs`: a page in Markdown for each contract, and one that lists them."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.contract.files import EXIT_PROBLEMS, FILES, chosen, counted, load
from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.contracts import Contract

_SUFFIXES = (".odcs.yaml", ".odcs.yml", ".yaml", ".yml")
_CONTRACTS = "contracts"
_DEFAULT = Path("docs") / "contracts"
_INDEX = "index.md"


class PageNameError(LakewrightError, FileExistsError):
    """Raised when two contracts would get the same page, or a page would replace a file that somebody wrote."""


class NoFolderError(LakewrightError, FileNotFoundError):
    """Raised when contracts without a project shall get pages, and no folder is named."""


@click.command()
@click.argument("files", nargs=-1, type=FILES, metavar="[FILE]...")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where the pages are; without it, docs/contracts of the project.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail if a page differs from its contract.")
def docs(*, files: tuple[Path, ...], out: Path | None, check: bool) -> None:
    """Write a page in Markdown for each contract; without FILE for all contracts of the project.

    The list of the pages is index.md; with FILE it is written only into a folder that is named. Without FILE, the page of a contract
    that is gone is removed, if this command wrote it.

    Exit code 0: done, or with --check nothing differs. 2: with --check, a page differs, is missing or is left over.
    """
    found = chosen(files)
    folder = out or _default_folder(found)
    pages = _pages({_name(file): load(file) for file in _checked(found)}, index=not files or out is not None)
    left_over = [] if files else _left_over(folder, pages)
    differing = [folder / name for name, text in pages.items() if not _is_current(folder / name, text)]
    if check:
        _report(differing, left_over)
        return
    for path in differing:
        _check_ours(path)
    for name, text in pages.items():
        if (folder / name) in differing:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for path in left_over:
        path.unlink()
    removed = f", removed {len(left_over)}" if left_over else ""
    click.echo(f"{_shown(folder)}: {counted(len(pages), 'page')}, wrote {len(differing)}{removed}")


def _default_folder(files: Sequence[Path]) -> Path:
    from lakewright.project import ProjectNotFoundError, find_project

    try:
        return find_project(files[0].absolute().parent) / _DEFAULT
    except ProjectNotFoundError as error:
        raise NoFolderError(
            "these contracts are in no project", location=str(files[0]), fix="name a folder: --out FOLDER"
        ) from error


def _checked(files: Sequence[Path]) -> Sequence[Path]:
    """The files, if each gets a page of its own; names that differ in capital letters are one file on some machines."""
    taken = {_INDEX: "the list of contracts"}
    for file in files:
        name = _name(file).lower()
        if name in taken:
            raise PageNameError(
                f"the page {name} would be that of {taken[name]} too",
                location=str(file),
                fix="rename the contract's file",
            )
        taken[name] = str(file)
    return files


def _name(file: Path) -> str:
    """The path of a contract's page: as that of the contract below `contracts`, else its name."""
    from lakewright.project import ProjectNotFoundError, find_project

    path = file.absolute()
    try:
        folder = find_project(path.parent) / _CONTRACTS
    except ProjectNotFoundError:
        folder = path.parent
    inside = path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)
    suffix = next((suffix for suffix in _SUFFIXES if inside.name.endswith(suffix)), inside.suffix)
    return inside.with_name(f"{inside.name.removesuffix(suffix)}.md").as_posix()


def _pages(contracts: "Mapping[str, Contract]", *, index: bool) -> dict[str, str]:
    """The texts of all pages, by their paths."""
    from databricks_utils.contracts.pages import contract_page, index_page
    from databricks_utils.contracts.parts import relations_of

    relations = relations_of(list(contracts.values()))
    pages = {name: contract_page(contract, relations) for name, contract in contracts.items()}
    return {**pages, _INDEX: index_page(list(contracts.items()), relations)} if index else pages


def _is_current(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def _is_ours(path: Path) -> bool:
    from databricks_utils.contracts.pages import MARK

    try:
        return path.read_text(encoding="utf-8").startswith(MARK)
    except (OSError, UnicodeDecodeError):
        return False


def _left_over(folder: Path, pages: Mapping[str, str]) -> list[Path]:
    current = {folder / name for name in pages}
    return sorted(path for path in folder.rglob("*.md") if path not in current and _is_ours(path))


def _check_ours(path: Path) -> None:
    if path.exists() and not _is_ours(path):
        raise PageNameError(
            f"{_shown(path)} was not written by this command, and would be replaced",
            location=_shown(path),
            fix="move it, or choose another folder: --out FOLDER",
        )


def _report(differing: Sequence[Path], left_over: Sequence[Path]) -> None:
    for path in differing:
        click.echo(f"{'differs' if path.exists() else 'missing'}: {_shown(path)}")
    for path in left_over:
        click.echo(f"left over: {_shown(path)}")
    if differing or left_over:
        click.echo("  fix: lakewright contract docs")
        sys.exit(EXIT_PROBLEMS)


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
