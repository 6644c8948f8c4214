"""YAML and JSON text to nodes: anchors, merge keys and duplicate keys with the place of everything.

A configuration (`databricks_utils.config.yaml_reader`) is stricter: it refuses duplicate keys and tags.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lakewright.bundle.model.comment import Comment
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.model.tree import Node, Plain
from lakewright.bundle.reading.comments import comments_in
from lakewright.bundle.reading.scalars import ScalarError, kind_of, parse_scalar
from lakewright.bundle.rules.yaml.bad_merge_key import BadMergeKey
from lakewright.bundle.rules.yaml.broken_alias import BrokenAlias
from lakewright.bundle.rules.yaml.duplicate_key import DuplicateKey
from lakewright.bundle.rules.yaml.key_not_a_string import KeyNotAString
from lakewright.bundle.rules.yaml.oversized_yaml import OversizedYaml
from lakewright.bundle.rules.yaml.several_yaml_documents import SeveralYamlDocuments
from lakewright.bundle.rules.yaml.unreadable_file import UnreadableFile
from lakewright.bundle.rules.yaml.unreadable_value import UnreadableValue
from lakewright.bundle.rules.yaml.yaml_syntax import YamlSyntax

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "<<"
_TAGS = "tag:yaml.org,2002:"
_DEEPEST = 100
_MOST_VALUES = 1_000_000  # aliases of aliases can stand for billions
_Event = Any  # the parser's events are untyped


class SourceError(Exception):
    """Raised when a file is not YAML that a bundle may use; carries the diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


@dataclass(frozen=True)
class Source:
    """One configuration file, read.

    Attributes:
        node: The root node; a null node for an empty file.
        warnings: What is odd about the file, though it can be read.
        comments: The comments in it that silence findings.
    """

    node: Node
    warnings: tuple[Diagnostic, ...]
    comments: tuple[Comment, ...]


def load_source(file: Path) -> Source:
    """Read one configuration file.

    Args:
        file: A YAML or JSON file, absolute.

    Raises:
        SourceError: If the file cannot be read, is not YAML, or holds more than one document.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise SourceError(UnreadableFile.of(file, error)) from error
    composer = _Composer(file, text)
    node = composer.compose()
    return Source(node, tuple(composer.warnings), comments_in(file, text, composer.events))


class _Composer:
    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self.text = text
        self.anchors: dict[str, Node] = {}
        self.open_anchors: set[str] = set()
        self.sizes: dict[str, int] = {}
        self.heights: dict[str, int] = {}
        self.values = 0
        self.depth = 0
        self.deepest = 0
        self.warnings: list[Diagnostic] = []

    def compose(self) -> Node:
        try:
            self.events = list(yaml.parse(self.text, Loader=_LOADER))
        except yaml.YAMLError as error:
            raise SourceError(YamlSyntax.of(self.file, self.text, error)) from error
        self.position = 0
        starts = [event for event in self.events if isinstance(event, yaml.DocumentStartEvent)]
        if len(starts) > 1:
            raise SourceError(SeveralYamlDocuments.of(self._place(starts[1])))
        while not isinstance(self._peek(), yaml.NodeEvent):
            if isinstance(self._next(), yaml.StreamEndEvent):
                return Node(None, (Location(self.file, 1, 1),))
        return self._node()

    def _peek(self) -> _Event:
        return self.events[self.position]

    def _next(self) -> _Event:
        self.position += 1
        return self.events[self.position - 1]

    def _place(self, event: _Event) -> Location:
        mark = event.start_mark
        return Location(self.file, mark.line + 1, mark.column + 1)

    def _node(self) -> Node:
        event = self._next()
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before, deepest = self.values, self.deepest
        self.values += 1
        self.deepest = self.depth
        anchor = event.anchor
        if anchor:
            self.open_anchors.add(anchor)
        node = (
            Node(self._scalar(event), (self._place(event),))
            if isinstance(event, yaml.ScalarEvent)
            else self._collection(event)
        )
        if anchor:
            self.open_anchors.discard(anchor)
            node.anchor = True
            self.anchors[anchor] = node
            self.sizes[anchor] = self.values - before
            self.heights[anchor] = self.deepest - self.depth
        self.deepest = max(self.deepest, deepest)
        return node

    def _collection(self, event: _Event) -> Node:
        self.depth += 1
        self._reach(event, self.depth)
        node = self._sequence(event) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(event)
        self.depth -= 1
        return node

    def _reach(self, event: _Event, depth: int) -> None:
        self.deepest = max(self.deepest, depth)
        if depth > _DEEPEST:
            raise SourceError(OversizedYaml.of_depth(_DEEPEST, self._place(event)))

    def _alias(self, event: _Event) -> Node:
        place = self._place(event)
        if event.anchor in self.open_anchors:
            raise SourceError(BrokenAlias.of_cycle(event.anchor, place))
        if event.anchor not in self.anchors:
            raise SourceError(BrokenAlias.of_missing(event.anchor, place))
        self.values += self.sizes[event.anchor]
        if self.values > _MOST_VALUES:
            raise SourceError(OversizedYaml.of_size(_MOST_VALUES, event.anchor, place))
        self._reach(event, self.depth + self.heights[event.anchor])
        return self.anchors[event.anchor].copy()

    def _sequence(self, event: _Event) -> Node:
        elements = []
        while not isinstance(self._peek(), yaml.SequenceEndEvent):
            elements.append(self._node())
        self._next()
        return Node(elements, (self._place(event),))

    def _mapping(self, event: _Event) -> Node:
        own: dict[str, Node] = {}
        keys: dict[str, Location] = {}
        merged: tuple[_Event, Node] | None = None
        while not isinstance(self._peek(), yaml.MappingEndEvent):
            key = self._next()
            self._check_key(key)
            written_out = isinstance(self._peek(), yaml.MappingStartEvent)
            value = self._node()
            if _is_merge(key):
                if merged:
                    raise SourceError(BadMergeKey.of_second(self._place(key)))
                if written_out:
                    raise SourceError(BadMergeKey.of_map(self._place(key)))
                merged = (key, value)
                continue
            if key.value in own:
                self.warnings.append(DuplicateKey.of(key.value, self._place(key), keys[key.value]))
            own[key.value] = value
            keys[key.value] = self._place(key)
        self._next()
        node = Node(own, (self._place(event),), keys)
        return self._merge(node, *merged) if merged else node

    def _check_key(self, key: _Event) -> None:
        """Raise an error for a key that is not text; `null` counts as text, as it does for the CLI."""
        if not isinstance(key, yaml.ScalarEvent):
            brace = isinstance(key, yaml.MappingStartEvent) and key.flow_style
            raise SourceError(KeyNotAString.of(self._place(key), brace=bool(brace)))
        kind = _kind(key)
        if not _is_merge(key) and kind not in {"str", "null"}:
            raise SourceError(KeyNotAString.of_value(key.value, kind, self._place(key)))

    def _scalar(self, event: _Event) -> Plain:
        """Return the value of a scalar by its tag, its quotes or its looks."""
        try:
            return parse_scalar(event.value, _kind(event))
        except ScalarError as error:
            raise SourceError(UnreadableValue.of(event.value, _kind(event), self._place(event))) from error

    def _merge(self, node: Node, key: _Event, merged: Node) -> Node:
        parts = merged.elements() if merged.is_list else [merged]
        result: dict[str, Node] = {}
        keys: dict[str, Location] = {}
        for part in [*parts, node]:
            if not part.is_map:
                raise SourceError(BadMergeKey.of_value(self._place(key)))
            result.update(part.value)
            keys.update(part.keys)
        return Node(result, node.locations, keys)


def _is_merge(key: _Event) -> bool:
    return bool(key.value == _MERGE and key.implicit[0])


def _kind(event: _Event) -> str:
    """Return the kind of a scalar: what its tag says, text if it is quoted, else what it looks like."""
    if event.tag and event.tag != "!":
        return str(event.tag.removeprefix(_TAGS))
    return "str" if event.style in {"'", '"', "|", ">"} else kind_of(event.value)
