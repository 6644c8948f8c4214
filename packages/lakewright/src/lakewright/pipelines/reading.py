"""YAML as pipelines have it: every mapping and list knows the lines of its items, and `on` is a word, not a truth value."""

from collections.abc import Iterator
from typing import Any

import yaml

# 100 levels was GitLab's limit; its limit of size is one of memory. More than these is refused, so that aliases cannot
# stand for any number of values.
# Source: https://docs.gitlab.com/administration/instance_limits/#maximum-size-and-depth-of-cicd-configuration-yaml-files
_DEEPEST = 100
_MOST_CHARACTERS = 1_000_000
_MOST_VALUES = 100_000


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
    """The safe loader, with lines, with the truth values of YAML 1.2, and with an end to what a file can ask for."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _refused(self.get_mark(), f"more than {_DEEPEST} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_document(self, node: yaml.Node) -> Any:  # noqa: ANN401 - any document
        if _values(node, {}) > _MOST_VALUES:
            raise _refused(node.start_mark, f"aliases that stand for more than {_MOST_VALUES} values")
        return super().construct_document(node)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - as it is there
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
            raise _refused(node.start_mark, f"the value is no {node.tag.rpartition(':')[2]}") from error


def _refused(mark: yaml.Mark | None, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _values(node: yaml.Node, known: dict[int, int]) -> int:
    """Return how many values a node stands for, with each alias as a copy."""
    if id(node) not in known:
        known[id(node)] = 0  # one that holds itself is refused when it is made
        parts = (
            [part for pair in node.value for part in pair]
            if isinstance(node, yaml.MappingNode)
            else (node.value if isinstance(node, yaml.SequenceNode) else [])
        )
        known[id(node)] = 1 + sum(_values(part, known) for part in parts)
    return known[id(node)]


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith((":timestamp", ":value")) and (first not in "oOyYnN" or not tag.endswith(":bool"))
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
    """Return the document of a text; of a file of GitLab the one below its header (`spec:`).

    Raises:
        yaml.YAMLError: It is no YAML, has another document, or is more than a pipeline can be.
    """
    if len(text) > _MOST_CHARACTERS:
        raise _refused(None, f"more than {_MOST_CHARACTERS:,} characters")
    loader = _Loader(text)
    found: list[Any] = []
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is None:
                break
            if len(found) > 1 or (found and not (isinstance(found[0], Mapping) and "spec" in found[0])):
                raise _refused(node.start_mark, "another document in the same file")
            found.append(loader.construct_document(node))
    finally:
        loader.dispose()
    return found[-1] if found else None


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
