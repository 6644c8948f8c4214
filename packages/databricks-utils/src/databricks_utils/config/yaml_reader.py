"""Read YAML text into a tree in which every value has its line.

The rules are the core rules of YAML 1.2, as in editors and the Databricks CLI: `on`, `no`, `1:30` and `2024-01-31` are
text; YAML 1.1 would read a bool, 90 and a date. `012` is text too, because it is 10 in YAML 1.1 and 12 in 1.2. PyYAML
reads 1.1 and does not keep lines, so only its composer is used here, without its resolvers and constructors.

Most files are read by `quick_yaml`, about ten times as fast; PyYAML reads what that leaves, and words every mistake.
"""

import re
from pathlib import Path

import yaml

from databricks_utils.config.errors import ConfigFileError, ConfigSyntaxError
from databricks_utils.config.origin import Origin, shown
from databricks_utils.config.quick_yaml import read_quickly, scalar
from databricks_utils.config.secrecy import MASK, looks_secret
from databricks_utils.config.tree import Node

# The tags that the composer gives to values without a written tag.
_TAGS = frozenset({"!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))})
_LINE_KEY = re.compile(r"([\w.\-]+)[\"']?\s*:")


class _CoreLoader(yaml.SafeLoader):
    """A loader without the resolvers of YAML 1.1."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's name and form


def read_file(path: Path) -> Node:
    """Return one file of the configuration as a tree.

    Args:
        path: The file.

    Raises:
        ConfigFileError: The file cannot be opened or is not UTF-8.
        ConfigSyntaxError: It is not YAML or not a mapping, contains a key twice, or uses a tag.
    """
    name = shown(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigFileError(
            f"config: cannot read {name}: {error.strerror}",
            location=name,
            fix=f"check the file: ls -l {name}",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigFileError(
            f"config: {name} is not UTF-8 text (byte {error.start})",
            location=name,
            fix="save the file as UTF-8",
        ) from error
    return read_text(text, Origin("file", name))


def read_text(text: str, origin: Origin) -> Node:
    """Return YAML text as a tree; an empty text is an empty mapping.

    Args:
        text: The text.
        origin: Its origin; nodes of a file get their lines.

    Raises:
        ConfigSyntaxError: It is not YAML, contains a key twice, uses a tag, or is a file without keys.
    """
    tree = read_quickly(text, origin.place) if origin.kind == "file" else None
    return read_with_pyyaml(text, origin) if tree is None else tree


def read_with_pyyaml(text: str, origin: Origin) -> Node:
    """Return YAML text as `read_text` does, without the quick reader: its results are compared with these.

    Args:
        text: The text.
        origin: Its origin; nodes of a file get their lines.

    Raises:
        ConfigSyntaxError: As `read_text`.
    """
    try:
        root = yaml.compose(text, Loader=_CoreLoader)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, text, origin) from None
    except yaml.YAMLError as error:
        raise ConfigSyntaxError(
            f"config: {origin.place} contains a character that YAML does not allow",
            detail=str(error),
            location=str(origin),
            fix="remove the character",
        ) from None
    if root is None:
        return Node({}, origin)
    if isinstance(root, yaml.ScalarNode) and not root.style and scalar(root.value) is None:
        return Node({}, origin)
    if origin.kind == "file" and not isinstance(root, yaml.MappingNode):
        raise ConfigSyntaxError(
            f"config: {origin.place} must contain keys and values, not a {_kind(root)}",
            location=f"{origin.place}:{root.start_mark.line + 1}",
            fix="write it as `key: value` lines, e.g. `catalog: {name: dev_analytics, schema: flights}`",
        )
    return _Builder(origin).build(root)


def _kind(node: yaml.Node) -> str:
    return "list" if isinstance(node, yaml.SequenceNode) else "single value"


def _syntax_error(error: yaml.MarkedYAMLError, text: str, origin: Origin) -> ConfigSyntaxError:
    """Return an error that shows the line and, below it, the column at which the parser stopped."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines() or [""]
    line = min(line, len(lines) - 1)
    problem = " ".join(part for part in (error.problem, error.context) if part)
    return ConfigSyntaxError(
        f"config: {origin.place} is not valid YAML: {problem}",
        detail=_pointed(lines[line], line + 1, column),
        location=f"{origin.place}:{line + 1}" if origin.kind == "file" else str(origin),
        fix=_syntax_fix(error, lines[line]),
    )


def _pointed(text: str, number: int, column: int) -> str:
    """Return a line with a mark below a column; text after a secret-looking key is hidden."""
    gutter = f"{number} | "
    keys = [match for match in _LINE_KEY.finditer(text) if looks_secret(match[1])]
    if keys:
        return f"{gutter}{text[: keys[0].end()]} {MASK}"
    return f"{gutter}{text}\n{' ' * (len(gutter) + min(column, len(text)))}^"


def _syntax_fix(error: yaml.MarkedYAMLError, text: str) -> str:
    if "\\t" in (error.problem or ""):
        return "indent with spaces, YAML does not allow tabs"
    if "${" in text and "flow" in (error.context or ""):
        return 'between { } or [ ] a reference needs quotes: "${NAME}"'
    return "correct this line or the one above it"


class _Builder:
    """Builds the tree of one document."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._open: set[int] = set()

    def build(self, node: yaml.Node, line: int | None = None) -> Node:
        origin = self._at(node if line is None else None, line)
        self._refuse_tag(node)
        if id(node) in self._open:
            raise self._refuse(node, "an alias contains itself", "write the value instead of the alias")
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return Node(self._mapping(node), origin)
            if isinstance(node, yaml.SequenceNode):
                return Node([self.build(item) for item in node.value], origin)
            assert isinstance(node, yaml.ScalarNode)
            return self._scalar(node, origin)
        finally:
            self._open.discard(id(node))

    def _at(self, node: yaml.Node | None, line: int | None = None) -> Origin:
        if self._origin.kind != "file":
            return self._origin
        number = line if line is not None else (node.start_mark.line + 1 if node else None)
        return Origin("file", self._origin.place, number)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Node]:
        merged: dict[str, Node] = {}
        own: dict[str, Node] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._refuse(key_node, "a key must be text", "write `key: value`")
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key == "<<" and not key_node.style:
                merged = {**self._merged(value_node), **merged}
                continue
            if key in own:
                raise self._refuse(
                    key_node,
                    f"key `{key}` is given twice (first in line {own[key].origin.line or 1})",
                    "keep one of the two",
                )
            own[key] = self.build(value_node, line)
        return {**merged, **own}

    def _merged(self, node: yaml.Node) -> dict[str, Node]:
        """Return what `<<: *anchor` or `<<: [*one, *other]` brings; of several, the first wins."""
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Node] = {}
        for part in parts:
            if not isinstance(part, yaml.MappingNode):
                raise self._refuse(part, "`<<` takes a mapping", "let it name an anchor with keys and values")
            merged = {**self.build(part).children, **merged}
        return merged

    def _scalar(self, node: yaml.ScalarNode, origin: Origin) -> Node:
        text = str(node.value)
        return Node(text, origin) if node.style else Node(scalar(text), origin, text=text)

    def _refuse_tag(self, node: yaml.Node) -> None:
        if str(node.tag) not in _TAGS:
            tag = str(node.tag).replace("tag:yaml.org,2002:", "!!")
            raise self._refuse(node, f"tag `{tag}` is not allowed", "write the plain value")

    def _refuse(self, node: yaml.Node, problem: str, fix: str) -> ConfigSyntaxError:
        place = self._at(node)
        return ConfigSyntaxError(f"config: {place.place}: {problem}", location=str(place), fix=fix)


def read_value(text: str, origin: Origin) -> Node:
    """Return the value of a variable as a tree: a mapping or list if it starts with `{` or `[`, else a scalar."""
    if text.lstrip()[:1] in {"{", "["}:
        return read_text(text, origin)
    return Node(scalar(text), origin, text=text)
