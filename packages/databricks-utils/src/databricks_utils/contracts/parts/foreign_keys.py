"""Relationships as rules: the values of some columns occur in another table."""

import re
from collections.abc import Sequence
from typing import Any

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.errors import ContractUseError
from databricks_utils.contracts.parts.relations import Reference as Place
from databricks_utils.contracts.parts.relations import Relation, relations_of
from databricks_utils.contracts.rules.row_checks import NAME, SEVERITIES
from databricks_utils.contracts.types.literals import EXACT, FLOATING, TEXTS
from databricks_utils.nearest import choose_from
from databricks_utils.quality import Reference, Severity

_SEVERITY = "severity"


def foreign_keys(contract: Contract, name: str, others: Sequence[Contract] = ()) -> tuple[Reference, ...]:
    """Return the relationships of a table that rows can be judged by; the others are among `Table.not_executed`.

    The custom property `severity` of a relationship says what a row means that refers to nothing: `error` (the default), `warning`, `fail`.

    Args:
        contract: The contract.
        name: Its table.
        others: The contracts that it may refer to.

    Raises:
        ContractUseError: A relationship leads to no column, or to one of another type, or has no such severity.
    """
    found = [
        relation
        for relation in relations_of([contract, *others])
        if relation.contract is contract and relation.table.table.name == name and _is_possible(relation)
    ]
    return tuple(_rule(relation) for relation in found)


def referred_files(contract: Contract) -> tuple[str, ...]:
    """Return the files that the relationships of a contract name, relative to its folder, each once."""
    texts = [text for relation in relations_of([contract]) for text in _texts(relation)]
    files = (text.rpartition("#")[0] for text in texts)
    return tuple(dict.fromkeys(file for file in files if file))


def _is_possible(relation: Relation) -> bool:
    """Whether its columns are columns of a table, and of another one than their own."""
    target = relation.target
    is_own = target is not None and target.table is relation.table.table
    is_followed = target is not None or all("#" in text for text in _texts(relation))
    is_of_columns = all(map(_is_column, relation.columns))
    return relation.given.type in {None, "foreignKey"} and is_of_columns and is_followed and not is_own


def _is_column(reference: Place) -> bool:
    return reference.table is not None and any(part is reference.column for part in reference.table.columns)


def _texts(relation: Relation) -> list[str]:
    return [reference.text for reference in relation.to]


def _rule(relation: Relation) -> Reference:
    target = relation.target
    if target is None or not all(map(_is_column, relation.to)):
        summary = f"the relationship {relation.words} leads to no column of a table"
        raise _unusable(relation, summary, "correct its `to`")
    if len(relation.columns) != len(relation.to):
        raise _unusable(
            relation,
            f"the relationship {relation.words} has not as many columns on both sides",
            "name as many in `from` as in `to`",
        )
    for one, other in zip(relation.columns, relation.to, strict=True):
        kinds = [reference.column.type.sql() for reference in (one, other) if reference.column]
        if len({_family(kind) for kind in kinds}) > 1:
            summary = f"the relationship {relation.words} compares {kinds[0]} with {kinds[1]}"
            raise _unusable(relation, summary, "give both columns one type")
    columns = tuple(reference.column.name for reference in relation.columns if reference.column)
    return Reference(
        _name(relation, columns),
        columns,
        target.table.name,
        f"{', '.join(columns)} is not in {target.table.name}",
        _severity(relation),
        to_columns=tuple(reference.column.name for reference in relation.to if reference.column),
        masked=any(
            reference.column.value.is_masked
            for reference in relation.columns
            if reference.column and reference.column.value
        ),
    )


def _name(relation: Relation, columns: Sequence[str]) -> str:
    given = relation.given.id or ""
    if NAME.fullmatch(given):
        return given
    target = relation.target.table.name if relation.target else ""
    slug = re.sub(r"[^a-z0-9]+", "_", "_".join([*columns, "is_in", target]).lower()).strip("_")
    return slug if slug[:1].isalpha() else f"column_{slug}"


def _severity(relation: Relation) -> Severity:
    for item in relation.given.customProperties or []:
        if item.property == _SEVERITY:
            text: Any = item.value
            if (found := SEVERITIES.get(str(text).lower())) is None:
                summary = f"the relationship {relation.words}: `{text}` is no severity"
                raise _unusable(relation, summary, choose_from(str(text), SEVERITIES) or "write `warning`")
            return found
    return Severity.ERROR


def _family(kind: str) -> str:
    """What may be compared without a cast that changes values: whole numbers with each other, texts with each other."""
    name = kind.partition("(")[0].lower()
    families = {"text": TEXTS, "exact": EXACT, "floating": FLOATING}
    return next((family for family, names in families.items() if name in names), name)


def _unusable(relation: Relation, summary: str, fix: str) -> ContractUseError:
    return ContractUseError(summary, location=str(relation.node.origin), fix=fix)
