"""Values that remember where they came from: what a file, a variable or an argument turns into first.

A configuration is a tree of `Node`s until it is validated, so that an error, and
`lakewright config show`, can name the file and line of every single value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

# Plain Python data, as YAML holds it: scalars, dicts and lists of any depth.
Data: TypeAlias = Any

# Keys that lead to a value: ("catalog", "name").
KeyPath: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """The place that gave a value.

    Attributes:
        kind: What gave it.
        place: The file, the variable's name, or a word (`argument`, `default`).
        line: Line in the file, counted from 1.
        through: The variables that were put in for `${NAME}`.
    """

    kind: Literal["file", "variable", "argument", "default"]
    place: str
    line: int | None = None
    through: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.place}:{self.line}" if self.line else self.place
        if self.kind == "variable":
            place = f"environment {place}"
        return f"{place} through {', '.join(self.through)}" if self.through else place


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the tree: a scalar, a mapping or a list, with its origin.

    Attributes:
        value: A scalar, or nodes in a dict or a list.
        origin: For an entry of a mapping the line of its key, for a list item its own line.
        text: The text as written, where a scalar was read from unquoted text and may have been meant as text.
        secret: True where a variable whose name looks like a secret was put in.
    """

    value: "Scalar | dict[str, Node] | list[Node]"
    origin: Origin
    text: str | None = None
    secret: bool = False

    @property
    def children(self) -> "dict[str, Node]":
        """The entries of a mapping; nothing for everything else."""
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> "Iterator[tuple[str, Node]]":
        """Walk the entries of a mapping, or the items of a list under their indexes."""
        if isinstance(self.value, dict):
            yield from self.value.items()
        elif isinstance(self.value, list):
            yield from ((str(index), item) for index, item in enumerate(self.value))

    def at(self, path: KeyPath) -> "Node | None":
        """Find the node at `path`; None where there is none."""
        node: Node | None = self
        for key in path:
            node = None if node is None else dict(node.items()).get(key)
        return node

    def nearest(self, path: KeyPath) -> "Node":
        """Find the node at `path` or the closest one above it."""
        for length in range(len(path), 0, -1):
            if (node := self.at(path[:length])) is not None:
                return node
        return self

    def put(self, path: KeyPath, node: "Node") -> "Node":
        """Return a copy of this tree that holds `node` at `path`; mappings on the way are made."""
        if not path:
            return node
        head, *rest = path
        if isinstance(self.value, list):
            items = list(self.value)
            items[int(head)] = items[int(head)].put(tuple(rest), node)
            return replace(self, value=items)
        child = self.children.get(head, Node({}, node.origin))
        return replace(self, value={**self.children, head: child.put(tuple(rest), node)})


def grow(value: Data, origin: Origin) -> Node:
    """Turn plain Python data into a tree in which every node has the same origin."""
    if isinstance(value, Mapping):
        return Node({str(key): grow(item, origin) for key, item in value.items()}, origin)
    if isinstance(value, list | tuple):
        return Node([grow(item, origin) for item in value], origin)
    return Node(value, origin)


def shown(path: Path) -> str:
    """Name a path as a reader wants it: relative to the working directory where it lies below it."""
    try:
        here = Path.cwd()
    except OSError:  # the working directory was deleted
        return str(path)
    inside = here != Path(here.anchor) and path.is_relative_to(here)
    return str(path.relative_to(here) if inside else path)
