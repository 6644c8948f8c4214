"""Removes secrets from everything that a run writes or shows: logs, records, messages, displayed HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MARK = "[REDACTED]"
_SHORTEST = 3


class Redactor:
    """Replaces secrets by `[REDACTED]`: the values, their lines, and their forms in `repr`, JSON and URLs.

    Values of one or two characters are not replaced: they occur in every text.

    Args:
        values: The secrets.
    """

    def __init__(self, values: Iterable[str]) -> None:
        lines = {line for value in values for line in (value, *value.splitlines()) if len(line) >= _SHORTEST}
        parts = {part for line in lines for part in _spellings(line)}
        ordered = sorted(parts, key=len, reverse=True)
        self._longest = max((len(part.encode()) for part in parts), default=0)
        self._text = re.compile("|".join(map(re.escape, ordered))) if ordered else None
        self._bytes = re.compile(b"|".join(re.escape(p.encode()) for p in ordered)) if ordered else None

    @property
    def overlap(self) -> int:
        """How many bytes of a chunk to keep for the next one, so that a secret across two chunks is found."""
        return max(self._longest - 1, 0)

    def text(self, value: str) -> str:
        """`value` without secrets."""
        return self._text.sub(MARK, value) if self._text else value

    def data(self, value: bytes) -> bytes:
        """`value` without secrets."""
        return self._bytes.sub(MARK.encode(), value) if self._bytes else value

    def covered(self, value: bytes) -> list[tuple[int, bytes]]:
        """The places of secrets in `value`, each with a cover of the same length to write over it."""
        found = self._bytes.finditer(value) if self._bytes else ()
        return [(match.start(), _cover(len(match[0]))) for match in found]

    def tree(self, value: Any) -> Any:
        """A copy of plain data without secrets; keys of mappings are names and are kept."""
        return _with_leaves(value, lambda leaf: self.text(leaf) if isinstance(leaf, str) else leaf)

    def values(self, value: Any) -> Any:
        """Like `tree`, for task values, where a number can also be a secret."""
        return _with_leaves(value, self._value)

    def _value(self, leaf: Any) -> Any:
        if isinstance(leaf, (int, float)):
            return MARK if self.text(str(leaf)) == MARK else leaf
        return self.text(leaf) if isinstance(leaf, str) else leaf


def _cover(length: int) -> bytes:
    return MARK.encode().ljust(length, b"*")[:length]


def _spellings(value: str) -> set[str]:
    """A secret, its forms in `repr` and URLs, and the JSON form of each."""
    plain = {value, repr(value)[1:-1], quote(value, safe=""), quote_plus(value)}
    return plain | {json.dumps(text, ensure_ascii=only)[1:-1] for text in plain for only in (True, False)}


def _with_leaves(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_leaves(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_leaves(item, change) for item in value]
    return change(value)
