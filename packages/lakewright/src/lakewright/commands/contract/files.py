"""The contracts of a project, as files of the command line."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.contracts import Contract

FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
EXIT_PROBLEMS = 2
FOLDER, SUFFIX = "contracts", ".odcs.yaml"
_SUFFIXES = (f"*{SUFFIX}", "*.odcs.yml")


class NoContractError(LakewrightError, FileNotFoundError):
    """Raised when a project has no contract to check."""


def load(file: Path, *, logical_names: bool = False) -> "Contract":
    """Read a contract; its fragments may be anywhere in its project.

    Args:
        file: The contract.
        logical_names: Whether its columns have their logical names, as those of delivered files.
    """
    from databricks_utils.contracts import load_contract
    from lakewright.project import ProjectNotFoundError, find_project

    try:
        project = find_project(file.resolve().parent)
    except ProjectNotFoundError:  # a contract may stand alone; then a `$ref` stays in its folder
        project = None
    return load_contract(file, project=project, logical_names=logical_names)


def chosen(files: Sequence[Path]) -> Sequence[Path]:
    """Return the named files, or all contracts of the project if none is named.

    Raises:
        NoContractError: The project has none.
    """
    if files:
        return files
    from lakewright.project import find_project

    project = find_project(Path.cwd())
    found = contracts_below(project)
    if not found:
        raise NoContractError(
            "there is no contract to check",
            detail=f"looked for {' and '.join(_SUFFIXES)} below {project / FOLDER}",
            fix="name one: lakewright contract lint FILE",
        )
    return found


def contracts_below(project: Path) -> list[Path]:
    """Return the contracts of a project, sorted; none if it has none."""
    return sorted(file for suffix in _SUFFIXES for file in (project / FOLDER).rglob(suffix))
