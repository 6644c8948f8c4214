"""YAML as pipelines have it: every mapping and list knows the lines of its items, and `on` is a word, not a truth value."""

from collections.abc import Iterator
from typing import Any

import yaml


class Mapping(dict[str, Any]):
    """A mapping that knows the line of each key."""

    def __init__(self) -> None:
        super().__init__()
        self.line = 1
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """Return the line of a key; of the mapping where it has no such key."""
        return self.lines.get(key, self.line)


class Sequence(list[Any]):
    """A list that knows the line of each item."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class _Loader(yaml.SafeLoader):
    """The safe loader, with lines, and with the truth values of YAML 1.2."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if first not in "oOyYnN" or not tag.endswith(":bool")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[Mapping]:
    made = Mapping()
    made.line = node.start_mark.line + 1
    yield made
    loader.flatten_mapping(node)
    for key, value in node.value:
        name = str(loader.construct_object(key, deep=True))
        made[name] = loader.construct_object(value, deep=True)
        made.lines[name] = key.start_mark.line + 1


def _sequence(loader: _Loader, node: yaml.SequenceNode) -> Iterator[Sequence]:
    made = Sequence()
    yield made
    for item in node.value:
        made.append(loader.construct_object(item, deep=True))
        made.lines.append(item.start_mark.line + 1)


def _other(loader: _Loader, suffix: str, node: yaml.Node) -> object:
    """Read a value with a tag of its own, such as GitLab's `!reference`, as what it is without it."""
    if isinstance(node, yaml.SequenceNode):
        return [f"!{suffix}", *loader.construct_sequence(node, deep=True)]
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return node.value


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _sequence)
_Loader.add_multi_constructor("!", _other)


def read_yaml(text: str) -> Any:  # noqa: ANN401 - any document
    """Return the first document of a text.

    Raises:
        yaml.YAMLError: It is no YAML.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from the safe loader


def mappings(value: object) -> Iterator[Mapping]:
    """Yield every mapping of a document, the outer ones first."""
    if isinstance(value, Mapping):
        yield value
        for item in value.values():
            yield from mappings(item)
    elif isinstance(value, list):
        for item in value:
            yield from mappings(item)


def as_list(value: object) -> list[Any]:
    """Return a value as a list: nothing is empty, one value is a list of it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
