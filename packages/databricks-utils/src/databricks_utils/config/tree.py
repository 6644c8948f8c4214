"""The tree of a configuration: values with their origins, and the merge of two trees.

Until it is validated, a configuration is a tree of `Node`s. Each has an `Origin`, so that errors and
`lakewright config show` can name the file and line of every value.

A bundle has another tree and merge (`lakewright.bundle.model.tree`, `lakewright.bundle.reading.merge`): its passes edit the tree in
place, a value has several places with columns, and the Databricks CLI joins lists and refuses to merge a map with a list.
Here a tree is frozen, a value has one origin, and a list is replaced.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, TypeAlias

from databricks_utils.config.origin import Origin

Scalar: TypeAlias = str | int | float | bool | None

# Plain Python data, as in YAML: scalars, dicts and lists of any depth.
Data: TypeAlias = Any

# Keys that lead to a value: ("catalog", "name").
KeyPath: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the tree: a scalar, a mapping or a list, with its origin.

    Attributes:
        value: A scalar, or nodes in a dict or a list.
        origin: For an entry of a mapping the line of its key, for a list item its own line.
        text: For a scalar without quotes: its text as written, in case the key needs text.
        secret: Whether the value contains the value of a variable with a secret-looking name.
    """

    value: "Scalar | dict[str, Node] | list[Node]"
    origin: Origin
    text: str | None = None
    secret: bool = False

    @property
    def children(self) -> "dict[str, Node]":
        """The entries of a mapping; empty for a scalar or a list."""
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> "Iterator[tuple[str, Node]]":
        """Yield the entries of a mapping, or the items of a list under their indexes."""
        if isinstance(self.value, dict):
            yield from self.value.items()
        elif isinstance(self.value, list):
            yield from ((str(index), item) for index, item in enumerate(self.value))

    def at(self, path: KeyPath) -> "Node | None":
        """Return the node at `path`, or None."""
        node: Node | None = self
        for key in path:
            node = None if node is None else node._child(key)
        return node

    def _child(self, key: str) -> "Node | None":
        if isinstance(self.value, list):
            return self.value[int(key)] if key.isdecimal() and int(key) < len(self.value) else None
        return self.children.get(key)

    def closest(self, path: KeyPath) -> "Node":
        """Return the node at `path`, or the closest one above it."""
        for length in range(len(path), 0, -1):
            if (node := self.at(path[:length])) is not None:
                return node
        return self

    def put(self, path: KeyPath, node: "Node") -> "Node":
        """Return a copy of this tree with `node` at `path`; missing mappings on the way are added."""
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
    """Return plain Python data as a tree; every node gets the same origin."""
    if isinstance(value, Mapping):
        return Node({str(key): grow(item, origin) for key, item in value.items()}, origin)
    if isinstance(value, list | tuple):
        return Node([grow(item, origin) for item in value], origin)
    return Node(value, origin)


def merge(base: Node, over: Node) -> Node:
    """Return `base`, overridden by `over`: mappings are merged key by key at every depth, other values are replaced.

    Otherwise `spark: {app_name: x}` in `prod.yaml` would remove the rest of `spark` in `defaults.yaml`. A list is replaced as a
    whole, because appending could not shorten it. An empty section (`spark:` with all lines below it commented out) changes
    nothing.
    """
    if not isinstance(base.value, dict):
        return over
    if over.value is None:
        return base
    if not isinstance(over.value, dict):
        return over
    merged = dict(base.value)
    for key, node in over.value.items():
        merged[key] = merge(merged[key], node) if key in merged else node
    return replace(base, value=merged, origin=over.origin)


def merge_all(layers: list[Node]) -> Node:
    """Merge several trees; later ones override earlier ones."""
    return reduce(merge, layers)
