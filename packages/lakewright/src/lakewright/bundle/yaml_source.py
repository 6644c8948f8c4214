"""YAML and JSON text to nodes: anchors, merge keys and duplicate keys with the place of everything.

Scalars are read as the Databricks CLI reads them: YAML 1.2, so `yes`, `on` and dates stay strings, and the numbers of
Go's yaml.v3, so `1_000` is 1000 and `017` is 17. Source: databricks/cli, libs/dyn/yamlloader/loader.go. A configuration
(`databricks_utils.config.yaml_reader`) refuses duplicate keys and tags, and leaves such numbers as text.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from lakewright.bundle.model import Diagnostic, Location
from lakewright.bundle.tree import Node, Plain

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?[0-9][0-9_]*\Z")
_BASED_INT = re.compile(r"[-+]?0(x[0-9a-fA-F_]+|o[0-7_]+|b[01_]+)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INFINITE = re.compile(r"([-+]?\.inf|\.nan)\Z", re.IGNORECASE)
_MERGE = "<<"
_DEEPEST = 100
_LONGEST_NUMBER = 400  # digits; no field takes more, and Python refuses to convert 4300
_MOST_VALUES = 1_000_000  # aliases of aliases can stand for billions
_Event = Any  # the parser's events are untyped


class SourceError(Exception):
    """Raised when a file is not YAML that a bundle may use; carries the diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


def load_source(file: Path) -> tuple[Node, list[Diagnostic]]:
    """Read one configuration file.

    Args:
        file: A YAML or JSON file, absolute.

    Returns:
        Its root node (a null node for an empty file) and the warnings about it.

    Raises:
        SourceError: If the file cannot be read, is not YAML, or holds more than one document.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        summary = f"{file.name} is not UTF-8 text: {error.reason} at byte {error.start}"
        fix = "save the file as UTF-8"
        raise SourceError(Diagnostic("error", summary, location=Location(file, 1, 1), fix=fix)) from error
    except OSError as error:
        summary = f"cannot read {file.name}: {error.strerror}"
        raise SourceError(Diagnostic("error", summary, location=Location(file, 1, 1))) from error
    return _Composer(file, text).compose()


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

    def compose(self) -> tuple[Node, list[Diagnostic]]:
        try:
            self.events = list(yaml.parse(self.text, Loader=_LOADER))
        except yaml.YAMLError as error:
            raise SourceError(self._syntax(error)) from error
        self.position = 0
        starts = [event for event in self.events if isinstance(event, yaml.DocumentStartEvent)]
        if len(starts) > 1:
            self._fail(
                starts[1],
                "the file holds more than one YAML document",
                "keep one document a file: remove the `---` or move what follows it to a file of its own",
            )
        while not isinstance(self._peek(), yaml.NodeEvent):
            if isinstance(self._next(), yaml.StreamEndEvent):
                return Node(None, (Location(self.file, 1, 1),)), self.warnings
        return self._node(), self.warnings

    def _peek(self) -> _Event:
        return self.events[self.position]

    def _next(self) -> _Event:
        self.position += 1
        return self.events[self.position - 1]

    def _place(self, event: _Event) -> Location:
        mark = event.start_mark
        return Location(self.file, mark.line + 1, mark.column + 1)

    def _fail(self, event: _Event, summary: str, fix: str | None = None) -> None:
        raise SourceError(Diagnostic("error", summary, location=self._place(event), fix=fix))

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
            Node(_scalar(event), (self._place(event),))
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
            self._fail(
                event,
                f"values are nested more than {_DEEPEST} levels deep",
                "flatten them, or close the brackets that were opened before this place",
            )

    def _alias(self, event: _Event) -> Node:
        if event.anchor in self.open_anchors:
            self._fail(
                event,
                f"anchor `{event.anchor}` refers to itself",
                "break the cycle: name the value elsewhere",
            )
        if event.anchor not in self.anchors:
            self._fail(
                event,
                f"alias `*{event.anchor}` has no anchor above it",
                f"add `&{event.anchor}` to the value it stands for",
            )
        self.values += self.sizes[event.anchor]
        if self.values > _MOST_VALUES:
            self._fail(
                event,
                f"the aliases of this file stand for more than {_MOST_VALUES:,} values",
                f"write out what `*{event.anchor}` is needed for: aliases of aliases multiply",
            )
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
            if not isinstance(key, yaml.ScalarEvent):
                brace = isinstance(key, yaml.MappingStartEvent) and key.flow_style
                fix = (
                    'quote a value that begins with braces: `"{{…}}"`' if brace else 'quote it: `"…": value`'
                )
                self._fail(key, "a key must be a plain string", fix)
            value = self._node()
            if key.value == _MERGE and key.implicit[0]:
                if merged:
                    self._fail(
                        key,
                        "the merge key `<<` stands twice in one mapping",
                        "merge several with a list: `<<: [*one, *two]`",
                    )
                merged = (key, value)
                continue
            if key.value in own:
                self._duplicate(key, keys[key.value])
            own[key.value] = value
            keys[key.value] = self._place(key)
        self._next()
        node = Node(own, (self._place(event),), keys)
        return self._merge(node, *merged) if merged else node

    def _duplicate(self, key: _Event, first: Location) -> None:
        self.warnings.append(
            Diagnostic(
                "warning",
                f"the key `{key.value}` stands twice in one mapping; the last one counts",
                location=self._place(key),
                related=(first,),
                fix=f"remove one of the two (the first is on line {first.line})",
            )
        )

    def _merge(self, node: Node, key: _Event, merged: Node) -> Node:
        parts = merged.elements() if merged.is_list else [merged]
        result: dict[str, Node] = {}
        keys: dict[str, Location] = {}
        for part in [*parts, node]:
            if not part.is_map:
                self._fail(
                    key,
                    "`<<` can merge only a map or a list of maps",
                    "let `<<` name an anchor of a map: `<<: *defaults`",
                )
            result.update(part.value)
            keys.update(part.keys)
        return Node(result, node.locations, keys)

    def _syntax(self, error: yaml.YAMLError) -> Diagnostic:
        if isinstance(error, yaml.reader.ReaderError):
            return self._unacceptable(error)
        mark = getattr(error, "problem_mark", None)
        location = Location(self.file, mark.line + 1, mark.column + 1) if mark else Location(self.file, 1, 1)
        problem = getattr(error, "problem", None) or str(error)
        context = getattr(error, "context", None)
        lines = self.text.splitlines()
        line = lines[location.line - 1] if location.line <= len(lines) else ""
        return Diagnostic(
            "error",
            f"YAML syntax error: {problem}",
            detail=context,
            location=location,
            fix=_syntax_fix(problem, line, lines[location.line - 2] if location.line > 1 and lines else ""),
        )

    def _unacceptable(self, error: yaml.reader.ReaderError) -> Diagnostic:
        above = self.text[: error.position].split("\n")
        code = error.character if isinstance(error.character, int) else ord(error.character)
        return Diagnostic(
            "error",
            f"YAML syntax error: the control character #x{code:02x} is not allowed",
            location=Location(self.file, len(above), len(above[-1]) + 1),
            fix='remove it, or write it as an escape in a quoted value: `"\\x07"`',
        )


def _syntax_fix(problem: str, line: str, above: str) -> str:  # noqa: PLR0911 (one return for each known slip)
    if "\t" in line[: len(line) - len(line.lstrip())] or "\\t" in problem:
        return "indent with spaces: YAML does not allow tabs"
    if "mapping values are not allowed" in problem:
        return "quote a value that holds `: `, or check the indentation of this line and the one above"
    if line.lstrip().startswith(("{{", "${", "*", "&", "@", "%", "`")) or re.search(
        r":\s*(\{\{|@|%|`)", line
    ):
        return 'quote the value: `"{{…}}"` and values that begin with @, %, * or a backtick need quotes'
    if "did not find expected key" in problem or "block mapping" in problem or "block end" in problem:
        return "align this line with its neighbours: keys of one mapping start in the same column"
    if "flow" in problem or line.count("[") != line.count("]") or above.count("[") != above.count("]"):
        return "close the bracket that was opened before this place"
    if "quoted scalar" in problem or "end of stream" in problem:
        return "close the quote that was opened before this place"
    return "check the indentation, quotes and brackets at this place"


def _scalar(event: _Event) -> Plain:
    """Return the value of a scalar by its tag, its quotes or its looks."""
    text: str = event.value
    if event.tag == "tag:yaml.org,2002:str" or (event.tag is None and event.style in {"'", '"', "|", ">"}):
        return text
    return parse_scalar(text)


def parse_scalar(text: str) -> Plain:  # noqa: PLR0911 (one return for each kind of scalar)
    """Return the value of an unquoted scalar.

    Examples:
        >>> parse_scalar("true"), parse_scalar("yes"), parse_scalar("012"), parse_scalar("15.4"), parse_scalar("~")
        (True, 'yes', 12, 15.4, None)
    """
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text.lower() in {"true", "false"} and text in {text.lower(), text.upper(), text.capitalize()}:
        return text.lower() == "true"
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INT.match(text):
        return int(text.replace("_", ""))
    if _BASED_INT.match(text):
        return int(text.replace("_", ""), 0)
    if _FLOAT.match(text):
        return float(text)
    if _INFINITE.match(text):
        return float(text.lower().replace(".", ""))
    return text
