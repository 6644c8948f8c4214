"""The tree of a bundle: values that remember where they were written, and the key paths that address them.

`databricks_utils.config.tree` has another tree, with other needs: it is frozen, a value has one origin (a file, a
variable or an argument) and may be a secret. Here many passes edit the tree in place, and a value has every place
that it was merged from, with columns.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lakewright.bundle.model.diagnostic import Location

Path = tuple[str | int, ...]
Plain = Any
"""What YAML and JSON hold, without places: dicts, lists, scalars."""
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(slots=True)
class Node:
    """A value with its provenance.

    A tree of nodes belongs to one load of one bundle; the passes of the load edit it in place.

    Attributes:
        value: A scalar, a list of nodes, or a dict of nodes.
        locations: Where the value is written; the first is in force, the others were merged into it.
        keys: For a dict: where each key is written.
        anchor: Whether the value carries a YAML anchor (such values may stand under unknown keys).
    """

    value: Plain
    locations: tuple[Location, ...] = ()
    keys: dict[str, Location] = field(default_factory=dict)
    anchor: bool = False

    @property
    def location(self) -> Location | None:
        """The place in force."""
        return self.locations[0] if self.locations else None

    @property
    def is_map(self) -> bool:
        """Whether the value is a dict."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return isinstance(self.value, list)

    @property
    def kind(self) -> str:
        """The kind's name in messages."""
        if self.value is None:
            return "null"
        if isinstance(self.value, bool):
            return "bool"
        names = {dict: "map", list: "sequence", str: "string", int: "int", float: "float"}
        return names.get(type(self.value), type(self.value).__name__)

    def get(self, *path: str | int) -> "Node | None":
        """Return the node at `path`, or None."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            if node.is_map and isinstance(step, str):
                node = node.value.get(step)
            elif node.is_list and isinstance(step, int) and 0 <= step < len(node.value):
                node = node.value[step]
            else:
                return None
        return node

    def plain(self, *path: str | int) -> Plain:
        """Return the plain value at `path` (dicts, lists, scalars), or None."""
        node = self.get(*path)
        return None if node is None else to_plain(node)

    def text(self, *path: str | int) -> str:
        """Return the string at `path`, or an empty string."""
        value = self.plain(*path)
        return value if isinstance(value, str) else ""

    def set(self, value: Plain, *path: str) -> None:
        """Put a node or a plain value at `path`, making the maps on the way."""
        node = self
        for step in path[:-1]:
            child = node.value.get(step)
            if child is None or not child.is_map:
                child = Node({}, child.locations if child else ())
                node.value[step] = child
            node = child
        old = node.value.get(path[-1])
        new = value if isinstance(value, Node) else from_plain(value, old.locations if old else ())
        node.value[path[-1]] = new

    def items(self) -> list[tuple[str, "Node"]]:
        """The entries of a map; nothing for other kinds."""
        return list(self.value.items()) if self.is_map else []

    def elements(self, *path: str) -> list["Node"]:
        """The elements of the list at a path below this value; nothing if there is none, or if it is not a list."""
        found = self.get(*path) if path else self
        return found.value if found is not None and isinstance(found.value, list) else []

    def children(self) -> list["Node"]:
        """The values of a map or a list; nothing for scalars."""
        return list(self.value.values()) if self.is_map else self.elements()

    def copy(self) -> "Node":
        """Return a deep copy that keeps all places."""
        value = self.value
        if isinstance(value, dict):
            value = {key: child.copy() for key, child in value.items()}
        elif isinstance(value, list):
            value = [child.copy() for child in value]
        return Node(value, self.locations, dict(self.keys) if self.keys else {}, self.anchor)


def to_plain(node: Node) -> Plain:
    """Return the values without their places."""
    if isinstance(node.value, dict):
        return {key: to_plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [to_plain(child) for child in node.value]
    return node.value


def from_plain(value: Plain, locations: tuple[Location, ...] = ()) -> Node:
    """Return nodes for plain values, all at the same place."""
    if isinstance(value, dict):
        return Node({str(key): from_plain(child, locations) for key, child in value.items()}, locations)
    if isinstance(value, list):
        return Node([from_plain(child, locations) for child in value], locations)
    return Node(value, locations)


def format_path(path: Path) -> str:
    """Return `a.b[0].c` for `("a", "b", 0, "c")`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def parse_path(text: str) -> Path:
    """Return `("a", "b", 0, "c")` for `a.b[0].c`."""
    return tuple(match[1] if match[1] is not None else int(match[2]) for match in _STEP.finditer(text))


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield every node below `node`, itself first, in document order."""
    waiting: list[tuple[Path, Node]] = [(path, node)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        if isinstance(node.value, dict):
            waiting += [((*path, key), child) for key, child in reversed(node.value.items())]
        elif isinstance(node.value, list):
            last = len(node.value) - 1
            waiting += [((*path, last - index), child) for index, child in enumerate(reversed(node.value))]


def match(node: Node, pattern: str) -> Iterator[tuple[Path, Node]]:
    """Yield the nodes that a pattern such as `resources.jobs.*.tasks[*].libraries` addresses."""
    steps = re.findall(r"[^.\[\]]+|\[\*\]", pattern)
    found: list[tuple[Path, Node]] = [((), node)]
    for step in steps:
        found = [hit for path, parent in found for hit in _children(path, parent, step)]
    yield from found


def _children(path: Path, parent: Node, step: str) -> Iterator[tuple[Path, Node]]:
    if step == "[*]":
        for index, child in enumerate(parent.elements()):
            yield (*path, index), child
    elif step == "*":
        for key, child in parent.items():
            yield (*path, key), child
    elif (one := parent.get(step)) is not None:
        yield (*path, step), one
