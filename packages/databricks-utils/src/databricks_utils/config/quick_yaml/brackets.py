"""Mappings and lists in brackets, in one or several lines."""

import re

from databricks_utils.config.origin import Origin
from databricks_utils.config.quick_yaml.scalars import scalar
from databricks_utils.config.quick_yaml.texts import DOUBLE, REST, SINGLE, UnsureError, without_quotes
from databricks_utils.config.tree import Node

_MOST_LEVELS = 30
_LONGEST_KEY = 500  # characters; YAML allows 1,024
_BLANKS = re.compile(r" *")
_WORD = r"(?:[^\s,?\[\]{}:#'\"]|:(?![\s,\[\]{}]|$))"
_PLAIN = re.compile(rf"(?:-(?=[\w.$/-])|[\w$./(~+]){_WORD}*(?: +{_WORD}+)*")


class Brackets:
    """Reads one value in brackets.

    Attributes:
        at: The number of the line that is read.
        column: Where in it.
    """

    def __init__(self, lines: list[str], at: int, column: int, place: str) -> None:
        self.at, self.column = at, column
        self._lines, self._place = lines, place
        self._levels = 0

    def read(self) -> "dict[str, Node] | list[Node]":
        """Return the value, and stop at the line below it; nothing but a comment may follow it.

        Raises:
            UnsureError: PyYAML has to decide.
        """
        value = self._collection(self._token()[0])
        if not REST.match(self._lines[self.at], self.column):
            raise UnsureError
        self.at += 1
        return value

    def _token(self) -> tuple[str, str, int]:
        """Return the next sign, `"` for a text with quotes or `a` for one without; its text; and its line."""
        lines, at, column = self._lines, self.at, self.column
        while REST.match(lines[at], column) or lines[at].startswith("#", column):
            at, column = at + 1, 0
            if at == len(lines) or lines[at].startswith(("---", "...")):
                raise UnsureError
        line = lines[at]
        match = _BLANKS.match(line, column)
        assert match is not None
        column = match.end()
        first = line[column]
        if first in ",[]{}":
            self.at, self.column = at, column + 1
            return first, first, at
        if first in "\"'":
            found = (DOUBLE if first == '"' else SINGLE).match(line, column)
            kind, text = '"', without_quotes(found) if found else ""
        else:
            found = _PLAIN.match(line, column)
            kind, text = "a", found[0] if found else ""
        if found is None:
            raise UnsureError
        self.at, self.column = at, found.end()
        return kind, text, at

    def _collection(self, kind: str) -> "dict[str, Node] | list[Node]":
        self._levels += 1
        if self._levels > _MOST_LEVELS or kind not in "[{":
            raise UnsureError
        value = self._list() if kind == "[" else self._mapping()
        self._levels -= 1
        return value

    def _value(self, token: tuple[str, str, int], origin: Origin) -> Node:
        kind, text, _ = token
        if kind == "a":
            return Node(scalar(text), origin, text)
        return Node(text if kind == '"' else self._collection(kind), origin)

    def _list(self) -> list[Node]:
        items: list[Node] = []
        token = self._token()
        while token[0] != "]":
            items.append(self._value(token, Origin("file", self._place, token[2] + 1)))
            token = self._token()
            if token[0] == ",":
                token = self._token()
            elif token[0] != "]":
                raise UnsureError
        return items

    def _mapping(self) -> dict[str, Node]:
        children: dict[str, Node] = {}
        kind, key, line = self._token()
        while kind != "}":
            if kind not in 'a"' or key in children or len(key) > _LONGEST_KEY or not self._colon():
                raise UnsureError
            origin = Origin("file", self._place, line + 1)
            token = self._token()
            if token[0] in ",}":
                children[key] = Node(None, origin, "")
            else:
                children[key] = self._value(token, origin)
                token = self._token()
            if token[0] == ",":
                token = self._token()
            elif token[0] != "}":
                raise UnsureError
            kind, key, line = token
        return children

    def _colon(self) -> bool:
        """Step over the colon behind a key; behind a text without quotes the expression has left one that ends it."""
        found = self._lines[self.at].startswith(":", self.column)
        self.column += 1
        return found
