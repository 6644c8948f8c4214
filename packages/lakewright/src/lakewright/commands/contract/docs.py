"""`lakewright contract docs`: a page in Markdown for each contract, and one that lists them."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.contract.files import EXIT_PROBLEMS, FILES, chosen, load
from lakewright.errors import LakewrightError
from lakewright.shown_text.counted import counted

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
    that is gone is removed, if this command wrote it for this project.

    Exit code 0: done, or with --check nothing differs. 2: with --check, a page differs, is missing or is left over.
    """
    found = chosen(files)
    folder = out or _default_folder(found)
    project = _project(found[0])
    contracts = {_name(file): load(file) for file in _checked(found)}
    pages = _pages(contracts, project, index=not files or out is not None)
    left_over = [] if files else _left_over(folder, pages, project, is_own=out is None)
    differing = [folder / name for name, text in pages.items() if not _is_current(folder / name, text)]
    if check:
        _report(differing, left_over)
        return
    for path in differing:
        _check_ours(path, project, is_own=out is None)
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


def _project(file: Path) -> str:
    """The name of a contract's project: that of its bundle, else that of its folder."""
    import yaml

    from lakewright.project import BUNDLE_FILES, ProjectNotFoundError, find_project

    try:
        folder = find_project(file.absolute().parent)
    except ProjectNotFoundError:
        return file.absolute().parent.name
    bundle = next(path for name in BUNDLE_FILES if (path := folder / name).is_file())
    try:
        found = yaml.safe_load(bundle.read_text(encoding="utf-8"))
        name = found["bundle"]["name"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError):
        return folder.name
    return name if isinstance(name, str) and name.strip() else folder.name


def _pages(contracts: "Mapping[str, Contract]", project: str, *, index: bool) -> dict[str, str]:
    """The texts of all pages, by their paths."""
    from databricks_utils.contracts.pages import contract_page, index_page
    from databricks_utils.contracts.parts import relations_of

    relations = relations_of(list(contracts.values()))
    pages = {
        name: contract_page(contract, relations, project=project) for name, contract in contracts.items()
    }
    if index:
        pages[_INDEX] = index_page(list(contracts.items()), relations, project=project)
    return pages


def _is_current(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def _owner(path: Path) -> str | None:
    """The first lines of a page that this command wrote, up to the project; None if somebody else wrote the file."""
    from databricks_utils.contracts.pages import MARK

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return text.partition("\n\n")[0] if text.startswith(MARK) else None


def _left_over(folder: Path, pages: Mapping[str, str], project: str, *, is_own: bool) -> list[Path]:
    """The pages of the project whose contract is gone; a page without a project is its own only in its own folder."""
    from databricks_utils.contracts.pages import MARK, heading

    current = {folder / name for name in pages}
    own = {heading(project), MARK} if is_own else {heading(project)}
    return sorted(path for path in folder.rglob("*.md") if path not in current and _owner(path) in own)


def _check_ours(path: Path, project: str, *, is_own: bool) -> None:
    """Refuse to replace a file of somebody else; the project's own folder has no pages of other projects."""
    from databricks_utils.contracts.pages import MARK, heading

    owner = _owner(path)
    if not path.exists() or owner in {heading(project), MARK} or (is_own and owner is not None):
        return
    if owner is None:
        raise PageNameError(
            f"{_shown(path)} was not written by this command, and would be replaced",
            location=_shown(path),
            fix="move it, or choose another folder: --out FOLDER",
        )
    raise PageNameError(
        f"{_shown(path)} is a page of another project, and would be replaced",
        detail=f"it begins with {owner.splitlines()[-1]}; this project is {project}",
        location=_shown(path),
        fix="choose a folder for this project alone: --out FOLDER; if the project was renamed, remove the page",
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
