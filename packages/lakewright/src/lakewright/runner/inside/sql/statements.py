"""A SQL script as statements: `;` separates, but not inside strings, comments or BEGIN … END."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<comment>--[^\n]*)
    | (?P<block>/\*)
    | (?P<dollar>\$\$.*?(?:\$\$|\Z))
    | (?P<raw>[rR](?:'[^']*(?:'|\Z) | "[^"]*(?:"|\Z)))
    | (?P<string>'(?:[^'\\]|\\.|'')*(?:'|\Z) | "(?:[^"\\]|\\.|"")*(?:"|\Z) | `(?:[^`]|``)*(?:`|\Z))
    | (?P<parameter>(?<![:\w]):[A-Za-z_]\w*)
    | (?P<cast>::)
    | (?P<end>;)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENERS = frozenset({"IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR"})
_BEFORE_STATEMENT = frozenset({";", "THEN", "ELSE", "DO", "BEGIN", "LOOP", "REPEAT", ":"})


@dataclass(frozen=True)
class Statement:
    """One statement of a script.

    Attributes:
        text: The statement, without what separates it from the next one.
        line: The line of the script on which it begins, from 1.
        parameters: The names of its `:name` parameters.
    """

    text: str
    line: int
    parameters: frozenset[str]


def split_statements(script: str) -> list[Statement]:
    """The script's statements, without pieces that hold only comments."""
    found: list[Statement] = []
    reader = _Reader(script)
    while (statement := reader.next()) is not None:
        if statement.text:
            found.append(statement)
    return found


class _Reader:
    def __init__(self, script: str) -> None:
        self._script = script
        self._at = 0

    def next(self) -> Statement | None:
        if self._at >= len(self._script):
            return None
        start: int | None = None
        last = self._at
        names: set[str] = set()
        blocks = _Blocks()
        while self._at < len(self._script):
            kind, begin, value = self._token()
            if kind == "end" and not blocks.open:
                break
            if kind in {"comment", "block", "space"}:
                continue
            start = begin if start is None else start
            last = self._at
            if kind == "parameter" and not blocks.expects_label(value):
                names.add(value[1:])
            blocks.see(value.upper() if kind in {"word", "end"} else value[:1])
        first = self._at if start is None else start
        text = self._script[first:last] if start is not None else ""
        return Statement(text, self._script.count("\n", 0, first) + 1, frozenset(names))

    def _token(self) -> tuple[str, int, str]:
        match = _TOKEN.match(self._script, self._at)
        assert match is not None
        assert match.lastgroup is not None
        begin = self._at
        self._at = self._comment_end(begin) if match.lastgroup == "block" else match.end()
        return match.lastgroup, begin, match.group()

    def _comment_end(self, begin: int) -> int:
        depth = 0
        for mark in re.finditer(r"/\*|\*/", self._script[begin:]):
            depth += 1 if mark.group() == "/*" else -1
            if depth == 0:
                return begin + mark.end()
        return len(self._script)


class _Blocks:
    """Counts open BEGIN … END blocks within one statement."""

    def __init__(self) -> None:
        self._depth = 0
        self._previous = ";"
        self._first: str | None = None
        self._after_end = False
        self._procedure = False

    @property
    def open(self) -> bool:
        return self._depth > 0

    def expects_label(self, value: str) -> bool:
        """`label:BEGIN` is a label, not a parameter."""
        return value.upper() in {":BEGIN", ":LOOP", ":WHILE", ":REPEAT", ":FOR"}

    def see(self, word: str) -> None:
        self._first = self._first or word
        self._procedure = self._procedure or word == "PROCEDURE"
        after_end, self._after_end = self._after_end, False
        if word == "END" and self._depth:
            self._depth -= 1
            self._after_end = True
        elif after_end and word in _OPENERS:
            pass  # END IF, END LOOP, …: the closing already counted
        elif (word == "BEGIN" and self._may_begin()) or (self._depth and self._opens(word)):
            self._depth += 1
        self._previous = word

    def _may_begin(self) -> bool:
        if self._depth or self._procedure:
            return True
        return self._first == "BEGIN" or self._previous == ":"

    def _opens(self, word: str) -> bool:
        if word == "CASE":
            return True
        return word in _OPENERS and self._previous in _BEFORE_STATEMENT
