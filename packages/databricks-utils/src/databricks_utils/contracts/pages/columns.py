"""The columns of a table as rows: name, type, key, meaning, what values keep to."""

from collections.abc import Iterator

from databricks_utils.contracts.parts import Part, TableParts
from databricks_utils.markdown import cell, code, link, table

_HEADS = [
    "column",
    "type",
    "required",
    "key",
    "meaning",
    "values",
    "classification",
    "examples",
    "also called",
]
_SKIPPED = frozenset({"timezone"})


def columns_table(parts: TableParts) -> list[str]:
    """Return the table of the columns and of what is inside of them.

    Args:
        parts: The table.
    """
    keys = parts.table.keys
    places = {name: "yes" if len(keys) == 1 else str(at) for at, name in enumerate(keys, start=1)}
    rows = [
        _row(part, places.get(part.name, "") if part is column else "")
        for column in parts.columns
        for part in column.all()
    ]
    return table(_HEADS, rows)


def _row(part: Part, key: str) -> list[str]:
    given = part.given
    name = code(part.label)
    if given is not None and given.deprecated:
        name = f"{name}<br>**deprecated**"
    synonyms = [item.synonym for item in (given.synonyms if given else None) or []]
    return [
        name,
        code(_type(part)),
        "" if part.nullable else "yes",
        key,
        _meaning(part),
        "<br>".join(_values(part)),
        cell(given.classification if given else None),
        "<br>".join(code(item) for item in (given.examples if given else None) or []),
        cell(", ".join(str(item) for item in synonyms)),
    ]


def _type(part: Part) -> str:
    """The type; of structs, arrays and maps the name alone, since their parts follow."""
    if not part.is_understood and part.given is not None:
        return part.given.physicalType or part.type.sql()
    return part.type.sql() if not (part.type.fields or part.type.inner) else part.type.name.upper()


def _meaning(part: Part) -> str:
    given = part.given
    if given is None:
        return ""
    name = f"**{cell(given.businessName)}**" if given.businessName else ""
    text = cell(given.description) if given.description else ""
    logic = f"computed: {code(given.transformLogic)}" if given.transformLogic else ""
    links = [
        f"{cell(item.type or 'see')}: {link(item.url or '')}" for item in given.authoritativeDefinitions or []
    ]
    tags = f"tags: {cell(', '.join(given.tags))}" if given.tags else ""
    own = [f"{cell(item.property)}: {cell(item.value)}" for item in given.customProperties or []]
    encrypted = f"encrypted: {code(given.encryptedName)}" if given.encryptedName else ""
    return "<br>".join(item for item in (name, text, logic, encrypted, tags, *own, *links) if item)


def _values(part: Part) -> Iterator[str]:
    given = part.given
    if given is None:
        return
    if given.unique:
        yield "each value once"
    for item in given.enum or []:
        about = ": ".join(text for text in (item.label, item.description) if text)
        yield f"{code(item.value)}{f' {cell(about)}' if about else ''}"
    for key, value in (given.logicalTypeOptions or {}).items():
        if key not in _SKIPPED:
            node = part.node.at(("logicalTypeOptions", key))
            yield f"{cell(key)}: {code(value if node is None or node.text is None else node.text)}"
