"""Relationships between tables as an entity-relationship diagram of Mermaid."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from databricks_utils.contracts.parts import Reference, Relation, TableParts
from databricks_utils.plain_names import unused

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WORD = re.compile(r"[^A-Za-z0-9_]")


def diagram(relations: Sequence[Relation]) -> list[str]:
    """Return the diagram, with an empty line behind it; nothing if no relationship leads to a table that is here.

    Args:
        relations: The relationships.
    """
    known = [relation for relation in relations if relation.target is not None]
    if not known:
        return []
    names = _names(known)
    lines = ["```mermaid", "erDiagram"]
    for one in names.values():
        shown = one.id if one.id == one.label else f'{one.id}["{_text(one.label)}"]'
        lines += [f"    {shown} {{", *_attributes(one.table, known), "    }"]
    for relation in known:
        if relation.target is not None:
            left, right = names[id(relation.table)].id, names[id(relation.target)].id
            label = ", ".join(item.column.label for item in relation.columns if item.column)
            lines.append(f'    {left} {_cardinality(relation)} {right} : "{_text(label)}"')
    return [*lines, "```", ""]


@dataclass(frozen=True)
class _Named:
    """A table with its name in the diagram and for people."""

    table: TableParts
    id: str
    label: str


def _names(relations: Sequence[Relation]) -> dict[int, _Named]:
    """The tables by their identity: two contracts may have tables of one name. Then their layers tell them apart."""
    tables: dict[int, tuple[TableParts, str]] = {}
    for relation in relations:
        tables[id(relation.table)] = (relation.table, relation.contract.layer)
        if relation.target is not None:
            tables[id(relation.target)] = (relation.target, relation.to[0].layer)
    counts = Counter(table.table.name for table, _ in tables.values())
    plain = {name for name in counts if _PLAIN.fullmatch(name)}
    taken, found = set(plain), dict[int, _Named]()
    for at, (key, (table, layer)) in enumerate(tables.items()):
        name = table.table.name
        label = f"{layer}.{name}" if counts[name] > 1 and layer else name
        if name in plain:
            plain.remove(name)  # the first one keeps it
            found[key] = _Named(table, name, label)
        else:
            word = name if _PLAIN.fullmatch(name) else f"table_{at}"
            found[key] = _Named(table, unused(word, taken), label)
    return found


def _attributes(table: TableParts, relations: Sequence[Relation]) -> list[str]:
    """Its key, and what takes part in relationships: a table of a hundred columns would hide them."""
    referring = {label for relation in relations for label in _labels(relation.columns, table)}
    referred = {label for relation in relations for label in _labels(relation.to, table)}
    found = []
    for part in table.parts():
        marks = [
            mark
            for mark, holds in (("PK", part.label in table.table.keys), ("FK", part.label in referring))
            if holds
        ]
        if marks or part.label in referred:
            kind, label = _WORD.sub("_", part.type.name), _WORD.sub("_", part.label)
            word = label if label[:1].isalpha() else f"column{label}"
            found.append(f"        {kind} {word} {', '.join(marks)}".rstrip())
    return found


def _labels(references: Sequence[Reference], table: TableParts) -> list[str]:
    """The columns of a table among some references."""
    return [item.column.label for item in references if item.column and item.table is table]


def _cardinality(relation: Relation) -> str:
    """How many rows are on each side: at most one on the left where its columns are unique."""
    columns = [item.column for item in relation.columns if item.column]
    labels = {part.label for part in columns}
    unique = labels == set(relation.table.table.keys) or (
        len(columns) == 1 and columns[0].given is not None and bool(columns[0].given.unique)
    )
    needed = bool(columns) and not any(part.nullable for part in columns)
    return f"{'|o' if unique else '}o'}--{'||' if needed else 'o|'}"


def _text(text: str) -> str:
    """A text between quotes of Mermaid, which has entities of its own."""
    return "".join(char if char.isalnum() or char in " ,_." else f"#{ord(char)};" for char in text)
