"""A contract: what one party promises another about tables. ODCS 3.0 to 3.2, as YAML."""

import os
import re
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.config.origin import shown
from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import ContractFileError, ContractInvalidError, Problem
from databricks_utils.contracts.not_executed import of_contract
from databricks_utils.contracts.reading.earlier import in_present_words
from databricks_utils.contracts.reading.references import read_whole
from databricks_utils.contracts.reading.shape import data_of, shape_problems
from databricks_utils.contracts.rules.values import Value
from databricks_utils.contracts.table import Table, compile_table
from databricks_utils.contracts.whole_tables.service_levels import service_levels
from databricks_utils.plain_names import unused

if TYPE_CHECKING:
    from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject

FOLDER = "contracts"
_VERSION = re.compile(r"v3\.[0-2]\.\d+")


@dataclass(frozen=True)
class Contract:
    """A contract, ready to be used.

    Attributes:
        file: Its file, as messages show it.
        id: Its id.
        version: Its version.
        status: Its status, e.g. `active`.
        tables: Its tables.
        not_executed: What it promises besides its tables and nothing here checks; one line each.
        document: All of it, as the standard's own library has it.
        tree: The same as a tree, in which each value has its file and line; one of ODCS 3.0 in the words of later versions.
        path: Its file, absolute.
    """

    file: str
    id: str
    version: str
    status: str
    tables: tuple[Table, ...]
    not_executed: tuple[str, ...]
    document: "OpenDataContractStandard"
    tree: Node = attribute(repr=False, compare=False)
    path: Path = attribute(repr=False, compare=False)

    @property
    def layer(self) -> str:
        """The layer that its place names: `silver` of `contracts/silver/orders.odcs.yaml`; empty if it is in no such folder."""
        *above, _ = self.path.parts
        places = [at for at, name in enumerate(above[:-1]) if name == FOLDER]
        return above[places[-1] + 1] if places else ""


def load_contract(file: Path, *, project: Path | None = None, logical_names: bool = False) -> Contract:
    """Read a contract and compile its tables.

    Args:
        file: The contract.
        project: The folder that a `$ref` must not leave; by default the contract's own.
        logical_names: Whether columns have their logical names, as those of delivered files, whose physical names are those of the header;
            by default they have their physical names, as those of tables.

    Raises:
        ContractFileError: A file cannot be read or is not valid YAML.
        ContractReferenceError: A `$ref` leads nowhere, in a circle, or out of the project.
        ContractInvalidError: The contract says something that cannot hold; the error has every problem, with its line.
    """
    from open_data_contract_standard.model import OpenDataContractStandard

    try:
        return _load(file, OpenDataContractStandard, project or file.parent, logical_names=logical_names)
    except RecursionError:
        raise ContractFileError(
            f"the contract {shown(file)} is nested too deeply", location=shown(file), fix="use fewer levels"
        ) from None


def _load(
    file: Path, standard: "type[OpenDataContractStandard]", project: Path, *, logical_names: bool
) -> Contract:
    tree = in_present_words(read_whole(file, project=project))
    wrong_shape, has_wrong_kinds = shape_problems(tree, standard)
    problems = [*_version_problems(tree), *wrong_shape]
    if has_wrong_kinds:
        raise ContractInvalidError(shown(file), sorted(problems, key=_place_of), is_partial=True)
    document = standard.model_validate(
        {key: value for key, value in data_of(tree).items() if key in _known(standard)}
    )
    on_databricks = any(server.type == "databricks" for server in document.servers or [])
    tables, columns = list[Table](), list[tuple[Value, ...]]()
    names = {str(name) for given in document.schema_ or [] for name in (given.name, given.id) if name}
    for at, given in enumerate(document.schema_ or []):
        node = tree.closest(("schema", str(at)))
        table, values, wrong = compile_table(
            given, node, strict=on_databricks, logical_names=logical_names, tables=names
        )
        if any(table.name.lower() == other.name.lower() for other in tables):
            problems.append(
                Problem(f"the table `{table.name}` is there twice", str(node.origin), "keep one of them")
            )
        tables.append(table)
        columns.append(values)
        problems.extend(wrong)
    if problems:
        raise ContractInvalidError(shown(file), sorted(problems, key=_place_of))
    named = [_named(*each) for each in zip(document.schema_ or [], columns, strict=True)]
    return Contract(
        shown(file),
        document.id or "",
        document.version or "",
        document.status or "",
        _with_service_levels(document, tree, tables, named),
        of_contract(document, tree, named),
        document,
        tree,
        Path(os.path.abspath(file)),  # noqa: PTH100 - without following links
    )


def _with_service_levels(
    document: "OpenDataContractStandard",
    tree: Node,
    tables: list[Table],
    named: list[dict[str, tuple[Value, ...]]],
) -> tuple[Table, ...]:
    """The tables with the checks of the service levels."""
    for at, given in enumerate(document.slaProperties or []):
        for level in service_levels(given, named):
            table = tables[level.table]
            check = replace(level.check, name=unused(level.check.name, set(table.places)))
            places = {**table.places, check.name: tree.closest(("slaProperties", str(at))).origin}
            tables[level.table] = replace(table, checks=(*table.checks, check), places=places)
    return tuple(tables)


def _named(given: "SchemaObject", columns: "tuple[Value, ...]") -> dict[str, tuple[Value, ...]]:
    """The columns of a table by each of its names."""
    return dict.fromkeys(filter(None, (given.name, given.physicalName)), columns)


def _place_of(problem: Problem) -> tuple[str, int]:
    name, _, line = problem.location.rpartition(":")
    return name, int(line) if line.isdecimal() else 0


def _known(standard: "type[OpenDataContractStandard]") -> set[str]:
    return {field.alias or name for name, field in standard.model_fields.items()}


def _version_problems(tree: Node) -> list[Problem]:
    version = tree.at(("apiVersion",))
    if version is None or not isinstance(version.value, str) or _VERSION.fullmatch(version.value):
        return []
    fix = "write one of v3.0.0 to v3.2.0"
    return [Problem(f"`apiVersion: {version.value}` is not read here", str(version.origin), fix)]
