"""Mappings and lists in lines: the frame of every file."""

import re

from databricks_utils.config.origin import Origin
from databricks_utils.config.quick_yaml.brackets import Brackets
from databricks_utils.config.quick_yaml.scalars import scalar
from databricks_utils.config.quick_yaml.texts import (
    DOUBLE,
    SINGLE,
    UnsureError,
    block,
    quoted,
    without_quotes,
)
from databricks_utils.config.tree import Node

_MOST_LEVELS = 60
_LONGEST_KEY = 500  # characters; YAML allows 1,024
# Tabs, other line breaks, a mark of the byte order, and what YAML does not allow.
_UNUSUAL = re.compile(r"[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_WORD = r"""(?:[^\s:#'"]|:(?=[^\s:#'"]))"""
_ENTRY = re.compile(
    rf"""(?:((?:[\w$/~+(]|\.(?!\.)){_WORD}*(?:[ ]+{_WORD}+)*)|{DOUBLE.pattern}|{SINGLE.pattern})[ ]*:(?:[ ]+(.*))?$"""
)
_NOT_PLAIN = frozenset("-?:,[]{}#&*!|>'\"%@`")


def read_quickly(text: str, place: str) -> Node | None:
    r"""Return the text of a file as a tree, or None if PyYAML has to read it.

    Args:
        text: The text.
        place: The file's name, for the origins.

    Example:
        >>> tree = read_quickly("a: 1\nb: [x, 'y']\n", "config/dev.yaml")
        >>> tree.at(("b", "1")).value, str(tree.at(("b", "1")).origin)
        ('y', 'config/dev.yaml:2')
        >>> read_quickly("a: &anchor 1\n", "config/dev.yaml") is None
        True
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if _UNUSUAL.search(text):
        return None
    try:
        return _Blocks(text.split("\n"), place).document()
    except UnsureError:
        return None


class _Blocks:
    """Reads the lines of one file, from above to below."""

    def __init__(self, lines: list[str], place: str) -> None:
        self._lines, self._place = lines, place
        self._at = 0  # the number of the line that is read
        self._content = ""  # from its first sign on
        self._levels = 0

    def document(self) -> Node:
        """Return the whole file; it is a mapping."""
        column = self._next()
        if column == 0 and self._content.rstrip(" ") == "---":
            self._at += 1
            column = self._next()
        if column != 0:
            raise UnsureError
        origin = Origin("file", self._place, self._at + 1)
        value = self._mapping(0, self._content)
        if self._at < len(self._lines):
            raise UnsureError
        return Node(value, origin)

    def _next(self) -> int:
        """Go to the next line that has more than a comment, and return its column; -1 at the end."""
        lines = self._lines
        for at in range(self._at, len(lines)):
            line = lines[at]
            content = line.lstrip(" ")
            if content and content[0] != "#":
                self._at, self._content = at, content
                return len(line) - len(content)
        self._at, self._content = len(lines), ""
        return -1

    def _mapping(self, column: int, content: str) -> dict[str, Node]:
        """Return the mapping whose keys begin at a column; the first one is `content`."""
        children: dict[str, Node] = {}
        while True:
            match = _ENTRY.match(content)
            if match is None:
                raise UnsureError
            key = match[1]
            if key is None:
                key = _key_without_quotes(content)
            if key in children or len(key) > _LONGEST_KEY:
                raise UnsureError
            origin = Origin("file", self._place, self._at + 1)
            self._at += 1
            children[key] = self._value(match[4] or "", column, origin, in_mapping=True)
            found = self._next()
            if found != column:
                if found > column:
                    raise UnsureError
                return children
            content = self._content

    def _list(self, column: int) -> list[Node]:
        """Return the list whose dashes are at a column; the first is at the content."""
        items: list[Node] = []
        while True:
            content = self._content
            rest = content[1:].lstrip(" ")
            origin = Origin("file", self._place, self._at + 1)
            if _is_item(rest) or _ENTRY.match(rest):
                self._content = rest
                items.append(Node(self._deeper(column + len(content) - len(rest)), origin))
            else:
                self._at += 1
                items.append(self._value(rest, column, origin))
            found = self._next()
            if found != column or not _is_item(self._content):
                if found > column:
                    raise UnsureError
                return items

    def _deeper(self, column: int) -> "dict[str, Node] | list[Node]":
        """Return the mapping or list that begins at the content."""
        self._levels += 1
        if self._levels > _MOST_LEVELS:
            raise UnsureError
        is_list = _is_item(self._content)
        value = self._list(column) if is_list else self._mapping(column, self._content)
        self._levels -= 1
        return value

    def _value(self, rest: str, column: int, origin: Origin, *, in_mapping: bool = False) -> Node:
        """Return a value; the line below it is the next one.

        Args:
            rest: The line behind its key or dash.
            column: The column of the key or dash.
            origin: The place of the key or dash.
            in_mapping: Whether it is a key: a list below it may begin at the same column.
        """
        first = rest[:1]
        if first not in _NOT_PLAIN:
            if first:
                return self._plain(rest, column, origin)
        elif first in "\"'":
            text, self._at = quoted(self._lines, self._at, rest)
            return Node(text, origin)
        elif first in "|>":
            text, self._at = block(self._lines, self._at, rest, column)
            return Node(text, origin)
        elif first in "[{":
            return self._in_brackets(rest, origin)
        elif first == "-" and len(rest) > 1 and rest[1] != " ":
            return self._plain(rest, column, origin)
        elif first != "#":
            raise UnsureError
        return self._below(column, origin, in_mapping=in_mapping)

    def _below(self, column: int, origin: Origin, *, in_mapping: bool) -> Node:
        """Return the value that stands in the lines below its key or dash; null if there is none."""
        found = self._next()
        if found > column:
            own = origin if in_mapping else Origin("file", self._place, self._at + 1)
            return Node(self._deeper(found), own)
        if in_mapping and found == column and _is_item(self._content):
            return Node(self._deeper(column), origin)
        return Node(None, origin, "")

    def _in_brackets(self, rest: str, origin: Origin) -> Node:
        line = self._at - 1
        brackets = Brackets(self._lines, line, len(self._lines[line]) - len(rest), self._place)
        value = brackets.read()
        self._at = brackets.at
        return Node(value, origin)

    def _plain(self, rest: str, column: int, origin: Origin) -> Node:
        """Return a value without quotes; it goes on in the lines below that are farther to the right."""
        text, comment, _ = rest.partition(" #")
        text = text.rstrip(" ")
        if ": " in text or text[-1] == ":":
            raise UnsureError
        lines, at, breaks = self._lines, self._at, 0
        while not comment and at < len(lines) and not lines[at][: column + 1].strip(" "):
            inner = lines[at].strip(" ")
            at += 1
            if not inner:
                breaks += 1
                continue
            if inner[0] == "#":
                break
            if " #" in inner or ": " in inner or inner[-1] == ":":
                raise UnsureError
            text += ("\n" * breaks or " ") + inner
            breaks, self._at = 0, at
        return Node(scalar(text), origin, text)


def _is_item(content: str) -> bool:
    return content[:2] in {"- ", "-"}


def _key_without_quotes(content: str) -> str:
    match = (DOUBLE if content[0] == '"' else SINGLE).match(content)
    assert match is not None
    return without_quotes(match)
