"""A contract: what one party promises another about tables. ODCS 3.0 to 3.2, as YAML."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.config.origin import shown
from databricks_utils.config.tree import Node
from databricks_utils.contracts.column_types import ColumnTypeError, ColumnTypes
from databricks_utils.contracts.errors import ContractFileError, ContractInvalidError, Problem
from databricks_utils.contracts.not_executed import not_executed
from databricks_utils.contracts.references import read_whole
from databricks_utils.contracts.row_rules import Value, rules_of
from databricks_utils.contracts.shape import data_of, shape_problems
from databricks_utils.contracts.spark_types import Field, struct_type
from databricks_utils.quality import Rule

if TYPE_CHECKING:
    from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject
    from pyspark.sql.types import StructType

_VERSION = re.compile(r"v3\.[0-2]\.\d+")
_REQUIRED = ("apiVersion", "kind", "id", "version", "status")


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
    """

    file: str
    id: str
    version: str
    status: str
    tables: tuple[Table, ...]
    not_executed: tuple[str, ...]
    document: "OpenDataContractStandard"


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
    tree = read_whole(file, project=project or file.parent)
    problems = [*_head_problems(tree), *shape_problems(tree, standard)]
    if problems:
        raise ContractInvalidError(shown(file), problems)
    document = standard.model_validate(data_of(tree))
    on_databricks = any(server.type == "databricks" for server in document.servers or [])
    tables = []
    for at, given in enumerate(document.schema_ or []):
        table, wrong = _table(given, tree.closest(("schema", str(at))), strict=on_databricks)
        tables.append(table)
        problems.extend(wrong)
    if problems:
        raise ContractInvalidError(shown(file), problems)
    return Contract(
        shown(file),
        document.id or "",
        document.version or "",
        document.status or "",
        tuple(tables),
        not_executed(document),
        document,
    )


def _standard() -> "type[OpenDataContractStandard]":
    try:
        from open_data_contract_standard.model import OpenDataContractStandard
    except ModuleNotFoundError as error:
        raise ContractFileError(
            "contracts need the package open-data-contract-standard",
            fix="pip install 'databricks-utils[contracts]'",
        ) from error
    return OpenDataContractStandard


def _head_problems(tree: Node) -> list[Problem]:
    missing = [key for key in _REQUIRED if key not in tree.children]
    place = str(tree.origin)
    problems = [Problem(f"`{key}` is missing", place, f"add `{key}: …` at the top level") for key in missing]
    kind, version = tree.at(("kind",)), tree.at(("apiVersion",))
    if kind is not None and kind.value != "DataContract":
        problems.append(Problem(f"`kind` is `{kind.value}`", str(kind.origin), "write `kind: DataContract`"))
    if version is not None and not _VERSION.fullmatch(str(version.value)):
        problems.append(
            Problem(
                f"`apiVersion: {version.value}` is not read here",
                str(version.origin),
                "write one of v3.0.0 to v3.2.0",
            )
        )
    return problems


def _table(given: "SchemaObject", node: Node, *, strict: bool) -> tuple[Table, list[Problem]]:
    types = ColumnTypes(strict=strict)
    values: list[Value] = []
    problems: list[Problem] = []
    nodes = node.closest(("properties",))
    # A measure is computed from columns when it is asked for.
    stored = [(at, item) for at, item in enumerate(given.properties or []) if item.semanticType != "measure"]
    for at, item in stored:
        place = nodes.closest((str(at),))
        try:
            field = types.field(item, place)
        except ColumnTypeError as error:
            problems.append(error.problem)
            continue
        if any(value.field.name.lower() == field.name.lower() for value in values):
            problems.append(
                Problem(f"the column `{field.name}` is there twice", str(place.origin), "keep one of them")
            )
        values.append(Value((field.name,), field, item, place))
    rules, wrong = rules_of(values)
    keys = sorted(
        (value for value in values if value.given.primaryKey),
        key=lambda value: value.given.primaryKeyPosition or 0,
    )
    table = Table(
        given.physicalName or given.name or "",
        " ".join((given.description or "").split()),
        tuple(value.field for value in values),
        tuple(value.field.name for value in keys),
        rules,
        (*types.notes, *not_executed(given, values)),
    )
    return table, [*problems, *wrong]
