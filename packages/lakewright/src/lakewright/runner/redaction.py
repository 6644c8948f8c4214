"""Secrets: where a local run takes them from, and how they are kept out of logs and records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from dotenv import dotenv_values

PREFIX = "DBX_SECRET__"
MARK = "[REDACTED]"
_SHORTEST = 3


def secret_variable(scope: str, key: str) -> str:
    """The variable that holds a secret: `DBX_SECRET__<SCOPE>__<KEY>`, other signs than letters as `_`."""
    return PREFIX + "__".join(re.sub(r"[^A-Za-z0-9]", "_", part).upper() for part in (scope, key))


def read_env_file(path: Path) -> dict[str, str]:
    """Return the variables of a `.env` file; empty if there is no such file or it cannot be opened."""
    try:
        found = dotenv_values(path, interpolate=False)  # a secret may hold `${`
    except OSError:
        return {}
    return {name: value for name, value in found.items() if value is not None}


def secrets_of(environ: Mapping[str, str], project: Path) -> dict[str, str]:
    """Every secret a run of this project can see; the environment wins over `.env`."""
    found = {**read_env_file(project / ".env"), **environ}
    return {name: value for name, value in found.items() if name.startswith(PREFIX) and value}


def _ways_to_write(value: str) -> set[str]:
    """A secret as such, as `repr` and URLs write it, and each of these inside of JSON."""
    plain = {value, repr(value)[1:-1], quote(value, safe=""), quote_plus(value)}
    return plain | {json.dumps(text, ensure_ascii=only)[1:-1] for text in plain for only in (True, False)}


class Redactor:
    """Replaces secret values by `[REDACTED]`.

    Also as `repr`, JSON and URLs write them, and line by line. A value of one or two signs is left alone: it would tear every
    text to pieces.
    """

    def __init__(self, values: Iterable[str]) -> None:
        lines = {line for value in values for line in (value, *value.splitlines()) if len(line) >= _SHORTEST}
        parts = {part for line in lines for part in _ways_to_write(line)}
        ordered = sorted(parts, key=len, reverse=True)
        self._longest = max((len(part.encode()) for part in parts), default=0)
        self._text = re.compile("|".join(map(re.escape, ordered))) if ordered else None
        self._bytes = re.compile(b"|".join(re.escape(p.encode()) for p in ordered)) if ordered else None

    @property
    def overlap(self) -> int:
        """Bytes to hold back at the end of a chunk, so that a secret across two chunks is found."""
        return max(self._longest - 1, 0)

    def text(self, value: str) -> str:
        """`value` without secrets."""
        return self._text.sub(MARK, value) if self._text else value

    def tree(self, value: Any) -> Any:
        """Plain data (mappings, lists, texts, numbers) without secrets; the keys of mappings stay, they are names."""
        return _with_leaves(value, lambda leaf: self.text(leaf) if isinstance(leaf, str) else leaf)

    def values(self, value: Any) -> Any:
        """As `tree`, for what project code handed over: there a number may be a secret too."""
        return _with_leaves(value, self._value)

    def _value(self, leaf: Any) -> Any:
        if isinstance(leaf, (int, float)):
            return MARK if self.text(str(leaf)) == MARK else leaf
        return self.text(leaf) if isinstance(leaf, str) else leaf

    def data(self, value: bytes) -> bytes:
        """`value` without secrets."""
        return self._bytes.sub(MARK.encode(), value) if self._bytes else value


def _with_leaves(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_leaves(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_leaves(item, change) for item in value]
    return change(value)
