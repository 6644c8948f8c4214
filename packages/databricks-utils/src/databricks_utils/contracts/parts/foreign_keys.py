"""Relationships as rules: the values of some columns occur in another table."""

from collections.abc import Sequence
from typing import Any

from databricks_utils.catalog.errors import CatalogError
from databricks_utils.catalog.identifiers import check_name
from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.errors import ContractUseError
from databricks_utils.contracts.not_executed import is_followed
from databricks_utils.contracts.parts.relations import Reference as Place
from databricks_utils.contracts.parts.relations import Relation, relations_of
from databricks_utils.contracts.rules.row_checks import NAME, SEVERITIES
from databricks_utils.contracts.types.literals import EXACT, TEXTS
from databricks_utils.contracts.types.spark_types import SparkType
from databricks_utils.nearest import choose_from
from databricks_utils.plain_names import plain_name, unused
from databricks_utils.quality import Reference, Severity
from databricks_utils.quality.checks.running import RESERVED

_WHOLE_DIGITS, _MOST_DIGITS = {"tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}, 38
_SEVERITY, _LANDING, _SILVER = "severity", "landing", "silver"


def foreign_keys(contract: Contract, name: str, others: Sequence[Contract] = ()) -> tuple[Reference, ...]:
    """Return the relationships of a table that rows can be judged by; the others are among `Table.not_executed`.

    The custom property `severity` of a relationship says what a row means that refers to nothing: `error` (the default), `warning`, `fail`.

    Args:
        contract: The contract.
        name: Its table.
        others: The contracts that it may refer to.

    Raises:
        ContractUseError: A relationship leads to no column, to one of another type, or to a layer that is made later, or has no such
            severity.
    """
    found = [
        relation
        for relation in relations_of([contract, *(other for other in others if other.path != contract.path)])
        if relation.contract is contract and relation.table.table.name == name and _is_possible(relation)
    ]
    taken: set[str] = set()
    return tuple(_rule(relation, taken) for relation in found)


def referred_files(contract: Contract) -> tuple[str, ...]:
    """Return the other files that the relationships of a contract name, relative to its folder, each once."""
    found = (relation for relation in relations_of([contract]) if is_followed(relation.given))
    files = (reference.text.rpartition("#")[0] for relation in found for reference in relation.to)
    return tuple(dict.fromkeys(file for file in files if file and file != contract.path.name))


def _is_possible(relation: Relation) -> bool:
    """Whether rows can be judged by it; what cannot be is listed by `not_executed`, which sees the text alone."""
    is_nested = any(each.column and not _is_column(each) for each in relation.columns)
    is_here = relation.target is not None or all("#" in each.text for each in relation.to)
    is_own = any(_is_own(relation, each) and "#" not in each.text for each in relation.to)
    return is_followed(relation.given) and not is_nested and is_here and not is_own


def _is_own(relation: Relation, reference: Place) -> bool:
    return reference.table is not None and reference.table.node is relation.table.node


def _is_column(reference: Place) -> bool:
    return reference.table is not None and any(part is reference.column for part in reference.table.columns)


def _rule(relation: Relation, taken: set[str]) -> Reference:
    target = relation.target
    if not all(_is_column(each) and _is_own(relation, each) for each in relation.columns):
        summary = f"the relationship {relation.words} does not begin with columns of its table"
        raise _unusable(relation, summary, "correct its `from`")
    if target is None or not all(map(_is_column, relation.to)):
        summary = f"the relationship {relation.words} leads to no column of a table"
        raise _unusable(relation, summary, "correct its `to`")
    if any(_is_own(relation, each) for each in relation.to):
        summary = f"the relationship {relation.words} leads to its own table"
        raise _unusable(relation, summary, "write it without the file: then it is listed as not checked")
    _check_target(relation, target.table.name, relation.to[0].layer)
    if len(relation.columns) != len(relation.to):
        summary = f"the relationship {relation.words} has not as many columns on both sides"
        raise _unusable(relation, summary, "name as many in `from` as in `to`")
    for one, other in zip(relation.columns, relation.to, strict=True):
        kinds = [reference.column.type for reference in (one, other) if reference.column]
        if not _are_comparable(*kinds):
            summary = f"the relationship {relation.words} compares {kinds[0].sql()} with {kinds[1].sql()}"
            raise _unusable(relation, summary, "give both columns one type")
    columns = tuple(reference.column.name for reference in relation.columns if reference.column)
    return Reference(
        unused(_name(relation, columns), taken),
        columns,
        target.table.name,
        f"{', '.join(columns)} is not in {target.table.name}",
        severity_of(relation),
        to_columns=tuple(reference.column.name for reference in relation.to if reference.column),
        masked=any(
            reference.column.value.is_masked
            for reference in relation.columns
            if reference.column and reference.column.value
        ),
    )


def _check_target(relation: Relation, name: str, layer: str) -> None:
    """Check that the table is there when rows are judged, and that its name is one of a table."""
    own = relation.contract.layer
    if layer != own and (layer == _LANDING or own == _SILVER):
        where = "files, not tables" if layer == _LANDING else "which is made later"
        summary = f"the relationship {relation.words} leads to {layer or 'no layer'}: {where}"
        raise _unusable(relation, summary, "refer to a table of the same layer, or of silver from gold")
    try:
        check_name(name, kind="table")
    except CatalogError as error:
        summary = f"the relationship {relation.words}: {error.summary.removeprefix('catalog: ')}"
        raise _unusable(relation, summary, error.fix or "") from None
    if name in RESERVED:
        summary = f"the relationship {relation.words} leads to a table named `{name}`, a word of our queries"
        raise _unusable(relation, summary, "give the table another name")


def _name(relation: Relation, columns: Sequence[str]) -> str:
    given = relation.given.id or ""
    if NAME.fullmatch(given):
        return given
    target = relation.target.table.name if relation.target else ""
    return plain_name("_".join([*columns, "is_in", target]), "column")


def severity_of(relation: Relation) -> Severity:
    """Return what a row means that refers to nothing; see `foreign_keys`.

    Raises:
        ContractUseError: There is no such severity.
    """
    for item in relation.given.customProperties or []:
        if item.property == _SEVERITY:
            text: Any = item.value
            if (found := SEVERITIES.get(str(text).lower())) is None:
                summary = f"the relationship {relation.words}: `{text}` is no severity"
                raise _unusable(relation, summary, choose_from(str(text), SEVERITIES) or "write `warning`")
            return found
    return Severity.ERROR


def _are_comparable(one: SparkType, other: SparkType) -> bool:
    """Whether values of two types stay what they are when they are compared: texts, and exact numbers whose digits have room together."""
    names = {one.name, other.name}
    if names <= EXACT:
        whole, fraction = (max(each) for each in zip(_digits(one), _digits(other), strict=True))
        return whole + fraction <= _MOST_DIGITS
    return names <= TEXTS or one.sql() == other.sql()


def _digits(kind: SparkType) -> tuple[int, int]:
    """The digits before and behind the point that a type has."""
    if kind.name == "decimal":
        return kind.sizes[0] - kind.sizes[1], kind.sizes[1]
    return _WHOLE_DIGITS[kind.name], 0


def _unusable(relation: Relation, summary: str, fix: str) -> ContractUseError:
    return ContractUseError(summary, location=str(relation.node.origin), fix=fix)
