"""What a phase has changed: its output laid over the configuration, so that what is unchanged keeps its place.

Source: https://github.com/databricks/cli/blob/main/bundle/config/mutator/python/apply_python_output.go
"""

from dataclasses import dataclass, field

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.tree import Node, Plain
from lakewright.bundle.model.tree import Path as KeyPath
from lakewright.bundle.python_code.places import Places

Key = tuple[str, str]
"""The kind and the key of a resource."""


@dataclass
class Changes:
    """The resources that a phase has touched, in the order in which they were found.

    Attributes:
        places: Where the code defines or changes them.
        fallback: The place of what has no other one.
        added: The new resources.
        updated: The changed ones.
        deleted: The ones that are gone.
    """

    places: Places
    fallback: Location | None = None
    added: dict[Key, None] = field(default_factory=dict)
    updated: dict[Key, None] = field(default_factory=dict)
    deleted: dict[Key, None] = field(default_factory=dict)

    def over(self, resources: Node, output: Plain) -> Node:
        """Return the section `resources` as the output has it; the given one stays as it is."""
        return self._map(("resources",), resources, output if isinstance(output, dict) else {})

    def _value(self, path: KeyPath, left: Node, right: Plain) -> Node:
        new = Node(right)
        if left.is_map and isinstance(right, dict):
            return self._map(path, left, right)
        if left.is_list and isinstance(right, list):
            return self._list(path, left, right)
        if left.kind == new.kind and left.value == right:
            return left
        if left.is_map and len(path) <= 2:  # a section that is no map any more
            self._note(path, self.deleted, left.plain())
        else:
            self._note(path, self.added if left.value is None and len(path) <= 3 else self.updated, right)
        return self._new(path, right, self._beside(path, left))

    def _map(self, path: KeyPath, left: Node, right: dict[str, Plain]) -> Node:
        merged: dict[str, Node] = {}
        for key, child in left.items():
            if key in right:
                merged[key] = self._value((*path, key), child, right[key])
            elif _is_empty(child):
                merged[key] = child
            else:
                self._note((*path, key), self.deleted if len(path) <= 2 else self.updated, child.plain())
        for key, value in right.items():
            if key not in left.value:
                self._note((*path, key), self.added if len(path) <= 2 else self.updated, value)
                merged[key] = self._new((*path, key), value, self._beside((*path, key), left))
        keys = {key: place for key, place in left.keys.items() if key in merged}
        return Node(merged, left.locations, keys, left.anchor)

    def _list(self, path: KeyPath, left: Node, right: list[Plain]) -> Node:
        elements = left.elements()
        merged = [
            self._value((*path, index), *pair)
            for index, pair in enumerate(zip(elements, right, strict=False))
        ]
        for index in range(len(merged), len(right)):
            self._note(path, self.updated, None)
            merged.append(self._new((*path, index), right[index], self._beside((*path, index), left)))
        for child in elements[len(right) :]:
            if _is_empty(child):
                merged.append(child)
            else:
                self._note(path, self.updated, None)
        return Node(merged, left.locations, left.keys, left.anchor)

    def _note(self, path: KeyPath, touched: dict[Key, None], value: Plain) -> None:
        """Note a change of a resource, or of all resources of a kind, or of all kinds."""
        steps = [str(step) for step in path[1:3]]
        if len(steps) == 2:
            touched[steps[0], steps[1]] = None
        elif isinstance(value, dict):
            for step, child in value.items():
                self._note((*path, step), touched, child)

    def _new(self, path: KeyPath, value: Plain, around: Location | None) -> Node:
        """Return the nodes of a new value; each is where the code defines it, else where the value around it is."""
        place = self.places.around(path) or around
        places = (place,) if place else ()
        if isinstance(value, dict):
            children = {str(key): self._new((*path, str(key)), child, place) for key, child in value.items()}
            return Node(children, places, dict.fromkeys(children, place) if place else {})
        if isinstance(value, list):
            return Node(
                [self._new((*path, index), child, place) for index, child in enumerate(value)], places
            )
        return Node(value, places)

    def _beside(self, path: KeyPath, left: Node) -> Location | None:
        """Return the place of a new value without one: inside of a resource that of its neighbour, else that of the section."""
        return left.location if len(path) > 3 else self.fallback


def _is_empty(node: Node) -> bool:
    """Whether a value may be missing from the output: the library leaves out null and what is empty."""
    return node.value is None or node.value in ({}, [])
