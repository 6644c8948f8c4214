"""A contract: what one party promises another about tables. ODCS 3.0 to 3.2, as YAML."""

import re
from dataclasses import dataclass
from dataclasses import field as attribute
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.config.origin import shown
from databricks_utils.config.tree import Node
from databricks_utils.contracts.column_types import ColumnTypeError, ColumnTypes
from databricks_utils.contracts.errors import ContractFileError, ContractInvalidError, Problem
from databricks_utils.contracts.not_executed import is_computed, of_contract, of_table
from databricks_utils.contracts.reading.references import read_whole
from databricks_utils.contracts.reading.shape import data_of, shape_problems
from databricks_utils.contracts.row_rules import rules_of
from databricks_utils.contracts.spark_types import Field, struct_type
from databricks_utils.contracts.values import Value
from databricks_utils.quality import Rule

if TYPE_CHECKING:
    from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject
    from pyspark.sql.types import StructType

_VERSION = re.compile(r"v3\.[0-2]\.\d+")


@dataclass(frozen=True)
class Table:
    """One table of a contract.

    Attributes:
        name: Its physical name, else its name.
        comment: What one row stands for, as the contract describes it.
        columns: Its columns.
        keys: The columns of its primary key, in their order; empty if it has none.
        rules: The promises about single values that are checked.
        not_executed: What the contract promises of this table and nothing here checks; one line each.
    """

    name: str
    comment: str
    columns: tuple[Field, ...]
    keys: tuple[str, ...]
    rules: tuple[Rule, ...]
    not_executed: tuple[str, ...]

    def struct_type(self) -> "StructType":
        """Return the columns as a schema of pyspark."""
        return struct_type(self.columns)


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
        tree: The same as a tree, in which each value has its file and line.
    """

    file: str
    id: str
    version: str
    status: str
    tables: tuple[Table, ...]
    not_executed: tuple[str, ...]
    document: "OpenDataContractStandard"
    tree: Node = attribute(repr=False, compare=False)


def load_contract(file: Path, *, project: Path | None = None) -> Contract:
    """Read a contract and compile its tables.

    Args:
        file: The contract.
        project: The folder that a `$ref` must not leave; by default the contract's own.

    Raises:
        ContractFileError: A file cannot be read or is not valid YAML, or the standard's library is not installed.
        ContractReferenceError: A `$ref` leads nowhere, in a circle, or out of the project.
        ContractInvalidError: The contract says something that cannot hold; the error has every problem, with its line.
    """
    standard = _standard()
    try:
        return _load(file, standard, project or file.parent)
    except RecursionError:
        raise ContractFileError(
            f"the contract {shown(file)} is nested too deeply", location=shown(file), fix="use fewer levels"
        ) from None


def _load(file: Path, standard: "type[OpenDataContractStandard]", project: Path) -> Contract:
    tree = read_whole(file, project=project)
    wrong_shape, has_wrong_kinds = shape_problems(tree, standard)
    problems = [*_version_problems(tree), *wrong_shape]
    if has_wrong_kinds:
        raise ContractInvalidError(shown(file), problems)
    document = standard.model_validate(
        {key: value for key, value in data_of(tree).items() if key in _known(standard)}
    )
    on_databricks = any(server.type == "databricks" for server in document.servers or [])
    tables: list[Table] = []
    for at, given in enumerate(document.schema_ or []):
        node = tree.closest(("schema", str(at)))
        table, wrong = _table(given, node, strict=on_databricks)
        if any(table.name.lower() == other.name.lower() for other in tables):
            problems.append(
                Problem(f"the table `{table.name}` is there twice", str(node.origin), "keep one of them")
            )
        tables.append(table)
        problems.extend(wrong)
    if problems:
        raise ContractInvalidError(shown(file), sorted(problems, key=_place_of))
    return Contract(
        shown(file),
        document.id or "",
        document.version or "",
        document.status or "",
        tuple(tables),
        of_contract(document, tree),
        document,
        tree,
    )


def _place_of(problem: Problem) -> tuple[str, int]:
    name, _, line = problem.location.rpartition(":")
    return name, int(line) if line.isdecimal() else 0


def _known(standard: "type[OpenDataContractStandard]") -> set[str]:
    return {field.alias or name for name, field in standard.model_fields.items()}


def _standard() -> "type[OpenDataContractStandard]":
    try:
        from open_data_contract_standard.model import OpenDataContractStandard
    except ModuleNotFoundError as error:
        raise ContractFileError(
            "contracts need the package open-data-contract-standard",
            fix="pip install 'open-data-contract-standard>=3.2,<4'",
        ) from error
    return OpenDataContractStandard


def _version_problems(tree: Node) -> list[Problem]:
    version = tree.at(("apiVersion",))
    if version is None or not isinstance(version.value, str) or _VERSION.fullmatch(version.value):
        return []
    fix = "write one of v3.0.0 to v3.2.0"
    return [Problem(f"`apiVersion: {version.value}` is not read here", str(version.origin), fix)]


def _table(given: "SchemaObject", node: Node, *, strict: bool) -> tuple[Table, list[Problem]]:
    types = ColumnTypes(strict=strict)
    values: list[Value] = []
    problems: list[Problem] = []
    nodes = node.closest(("properties",))
    names: set[str] = set()
    for at, item in enumerate(given.properties or []):
        place = nodes.closest((str(at),))
        if is_computed(item):
            continue
        try:
            field = types.field(item, place)
        except ColumnTypeError as error:
            problems.append(error.problem)
            continue
        if field.name.lower() in names:
            problems.append(
                Problem(f"the column `{field.name}` is there twice", str(place.origin), "keep one of them")
            )
        names.add(field.name.lower())
        values.append(Value((field.name,), field, item, place, frozenset(types.unknown), types.by_format))
    rules, wrong = rules_of(values)
    keys, wrong_keys = _keys(values)
    table = Table(
        given.physicalName or given.name or "",
        " ".join((given.description or "").split()),
        tuple(value.field for value in values),
        keys,
        rules,
        (*types.notes, *of_table(given, values, keys)),
    )
    if "${" in table.name:
        problems.append(
            Problem(
                f"the name `{table.name}` contains `${{`, which Spark replaces by a variable",
                str(node.origin),
                "choose another name",
            )
        )
    return table, [*problems, *wrong, *wrong_keys]


def _keys(values: list[Value]) -> tuple[tuple[str, ...], list[Problem]]:
    """The columns of the key in their order: by position, then as they stand."""
    found = [value for value in values if value.given.primaryKey]
    problems = [
        Problem(
            f"{value.label}: a {value.field.type.sql()} cannot be part of a key",
            str(value.node.origin),
            "choose another column",
        )
        for value in found
        if value.field.type.name in {"array", "map", "struct", "variant"}
    ]
    taken: set[int] = set()
    for value in found:
        position = value.given.primaryKeyPosition
        if position is not None and position in taken:
            place = str(value.node.closest(("primaryKeyPosition",)).origin)
            problems.append(
                Problem(f"two columns have `primaryKeyPosition: {position}`", place, "number them from 1 on")
            )
        taken.update({position} if position is not None else ())
    last = len(values) + 1
    ordered = sorted(
        found,
        key=lambda value: last if value.given.primaryKeyPosition is None else value.given.primaryKeyPosition,
    )
    return tuple(value.field.name for value in ordered), problems
