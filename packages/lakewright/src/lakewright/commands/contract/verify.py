"""`lakewright contract test`: check the data of the project's lakehouse against its contracts."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lakewright.commands.contract.files import EXIT_PROBLEMS, FOLDER, chosen, contracts_below, load
from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.catalog import CatalogHelper
    from databricks_utils.config import EnvironmentConfig
    from databricks_utils.contracts.verification import Promised, Refers, TableResult

_LANDING = "landing"


class NoSuchTableError(LakewrightError, LookupError):
    """Raised when no contract of the project is about the named table."""


class NothingTestedError(LakewrightError, RuntimeError):
    """Raised when no table was tested: that is no success."""


@dataclass(frozen=True)
class _Place:
    """A table of a contract, and the layer that the contract's folder names.

    Attributes:
        layer: The layer; empty if the file is in none of its folders.
        table: The name of the table; of a contract that cannot be read that of the file.
        promise: The table as the contract describes it; None if the contract cannot be read.
        problems: Why it cannot be read.
        file: The file.
    """

    layer: str
    table: str
    file: str
    promise: "Promised | None" = None
    problems: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.layer}.{self.table}" if self.layer else self.table


@click.command(name="test")
@click.argument("table", required=False)
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--as", "principal", help="Read as this principal, with its grants.")
def verify(table: str | None, output: str, principal: str | None) -> None:
    """Check tables against their contracts; without TABLE all contracts in `contracts/` of the project.

    The folder of a contract names its layer: `contracts/silver/orders.odcs.yaml` is about the table orders of silver, and
    `contracts/landing/orders.odcs.yaml` about the files in the folder orders of the landing volume. TABLE is LAYER.TABLE, a table
    alone, a full name, or a contract's file.

    Exit code 0: all tables keep to their contracts. 2: one does not, or none was tested.
    """
    from databricks_utils.config import ConfigLoader
    from lakewright.commands.contract.results import print_results
    from lakewright.env_file import add_env_file
    from lakewright.project import find_project
    from lakewright.project_session import open_project_session

    project = find_project(Path.cwd())
    add_env_file(project)
    config = ConfigLoader.load("local", project / "config")
    every = [place for file in contracts_below(project) for place in _places(project, file)]
    places = _chosen(project, config, table, every)
    session = open_project_session(project, principal=principal)
    results = [(place.label, _result(session, config, place, every)) for place in places]
    print_results(results, output)
    if all(result.status == "skipped" for _, result in results):
        raise NothingTestedError(
            "no table was tested",
            detail="\n".join(f"{label}: {result.reason}" for label, result in results),
            fix="write the tables first: lakewright run JOB",
        )
    if any(result.status == "failed" for _, result in results):
        sys.exit(EXIT_PROBLEMS)


def _chosen(
    project: Path, config: "EnvironmentConfig", table: str | None, every: list[_Place]
) -> list[_Place]:
    from databricks_utils.catalog import CatalogHelper
    from databricks_utils.nearest import choose_from

    file = Path(table) if table and table.endswith((".yaml", ".yml")) else None
    if file is not None and not file.is_file():
        raise NoSuchTableError(
            f"there is no file {file}", location=str(file), fix="name a contract's file, or a table"
        )
    if file is not None:
        return list(_places(project, file))
    if not every:
        chosen([])  # says that the project has none, and where they belong
    if table is None:
        return every
    names = CatalogHelper(config)
    found = [place for place in every if table in {place.label, place.table, _full_name(names, place)}]
    if not found:
        raise NoSuchTableError(
            f"no contract of the project is about `{table}`",
            fix=choose_from(table, [place.label for place in every])
            or "write a contract for it: lakewright contract import",
        )
    return found


def _full_name(names: "CatalogHelper", place: _Place) -> str:
    from databricks_utils.catalog import CatalogError

    try:
        return names.table_name(place.layer, place.table)
    except CatalogError:  # the folder is that of no layer, or of files
        return ""


def _places(project: Path, file: Path) -> Iterator[_Place]:
    from databricks_utils.contracts import ContractError, problems_of
    from databricks_utils.contracts.verification import promised

    folder = project / FOLDER
    inside = file.absolute().is_relative_to(folder)
    parts: Sequence[str] = file.absolute().relative_to(folder).parts[:-1] if inside else ()
    layer = parts[0] if parts else ""
    try:
        contract = load(file, logical_names=layer == _LANDING)
    except ContractError as error:
        lines = tuple(f"{each.location}: {each.summary}; fix: {each.fix}" for each in problems_of(error))
        yield _Place(layer, file.name.partition(".")[0], str(file), problems=lines)
        return
    for promise in promised(contract):
        yield _Place(layer, promise.table.name, contract.file, promise)


def _result(
    session: Any,  # noqa: ANN401 - a Spark session
    config: "EnvironmentConfig",
    place: _Place,
    every: Sequence[_Place],
) -> "TableResult":
    from databricks_utils.catalog import CatalogError, CatalogHelper
    from databricks_utils.contracts import ContractError
    from databricks_utils.contracts.verification import TableResult, verify_landing, verify_table

    if place.promise is None:
        reason, fix = "its contract cannot be read", f"lakewright contract lint {place.file}"
        return TableResult(place.table, place.file, "failed", reason, fix, problems=place.problems)
    if not place.layer:
        reason = f"its file is in no folder of a layer, as {FOLDER}/silver/{place.table}.odcs.yaml"
        return TableResult(place.table, place.file, "skipped", reason)
    names = CatalogHelper(config)
    try:
        if place.layer == _LANDING:
            path = place.promise.table.settings.path or place.table
            folder = Path(names.volume_path(config.storage.landing_volume, *path.split("/")))
            return verify_landing(session, place.promise, folder, scheme="file:")
        name, refers = names.table_name(place.layer, place.table), _refers(names, place, every)
        return verify_table(session, place.promise, name, refers=refers)
    except ContractError as error:
        return TableResult(place.label, place.file, "failed", error.summary, error.fix or "")
    except CatalogError as error:
        return TableResult(place.label, place.file, "failed", error.summary, error.fix or "")


def _refers(names: "CatalogHelper", place: _Place, places: Sequence[_Place]) -> "Refers":
    """What the rows of a table refer to: its relationships, and the tables of the project that these and queries name."""
    from databricks_utils.contracts import foreign_keys
    from databricks_utils.contracts.verification import Refers

    assert place.promise is not None
    near = sorted(
        places, key=lambda each: each.layer != place.layer, reverse=True
    )  # of two tables of one name its own layer's
    others = [each.promise.contract for each in places if each.promise]
    tables = {each.table: name for each in near if (name := _full_name(names, each))}
    return Refers(foreign_keys(place.promise.contract, place.table, others), tables)
