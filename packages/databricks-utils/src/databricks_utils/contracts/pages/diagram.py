"""Relationships between tables as an entity-relationship diagram of Mermaid."""

import re
from collections.abc import Sequence

from databricks_utils.contracts.parts import Reference, Relation, TableParts

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
    tables: dict[str, TableParts] = {}
    for relation in known:
        tables[relation.table.table.name] = relation.table
        if relation.target is not None:
            tables[relation.target.table.name] = relation.target
    names = {name: f"table_{at}" if not _PLAIN.fullmatch(name) else name for at, name in enumerate(tables)}
    lines = ["```mermaid", "erDiagram"]
    for name, table in tables.items():
        shown = names[name] if names[name] == name else f'{names[name]}["{_text(name)}"]'
        lines += [f"    {shown} {{", *_attributes(table, known), "    }"]
    for relation in known:
        if relation.target is not None:
            left, right = names[relation.table.table.name], names[relation.target.table.name]
            label = ", ".join(item.column.label for item in relation.columns if item.column)
            lines.append(f'    {left} {_cardinality(relation)} {right} : "{_text(label)}"')
    return [*lines, "```", ""]


def _attributes(table: TableParts, relations: Sequence[Relation]) -> list[str]:
    """Its key, and what takes part in relationships: a table of a hundred columns would hide them."""
    name = table.table.name
    referring = {label for relation in relations for label in _labels(relation.columns, name)}
    referred = {label for relation in relations for label in _labels(relation.to, name)}
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


def _labels(references: Sequence[Reference], name: str) -> list[str]:
    """The columns of a table among some references."""
    return [
        item.column.label
        for item in references
        if item.table and item.column and item.table.table.name == name
    ]


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
