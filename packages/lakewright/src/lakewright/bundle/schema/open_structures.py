"""Unresolved references in places where a map or a list belongs are dropped."""

from lakewright.bundle.model.tree import Node
from lakewright.bundle.schema.types import fields_of, types


def drop_open_structures(node: Node, kind: str) -> None:
    """Drop each reference, such as `tasks: ${var.x}`, that was not resolved to the map or the list that belongs there.

    An error about the reference was reported before; empty elements of lists go too.
    """
    if kind.startswith("["):
        node.value = [
            child for child in node.elements() if _fits(child, kind[1:-1]) and child.value is not None
        ]
        for child in node.elements():
            drop_open_structures(child, kind[1:-1])
    elif kind.startswith("{") or "fields" in types().get(kind, {}):
        for key, child in node.items():
            inner = kind[1:-1] if kind.startswith("{") else fields_of(kind)[key]
            if not _fits(child, inner):
                del node.value[key]
            elif child.value is not None:
                drop_open_structures(child, inner)


def _fits(node: Node, kind: str) -> bool:
    structured = kind.startswith(("[", "{")) or "fields" in types().get(kind, {})
    return not (structured and isinstance(node.value, str))
