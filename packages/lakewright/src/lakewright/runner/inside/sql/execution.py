"""Executes one SQL statement on a session, in the forms that a SQL warehouse accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from databricks_utils.quoting import quote_part

# A warehouse accepts a string or IDENTIFIER(…) where Spark's own grammar, and the local one, need a bare name.
_USE_CATALOG = re.compile(
    r"USE\s+CATALOG\s+(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|IDENTIFIER\s*\((?P<inner>.*)\))\s*",
    re.IGNORECASE | re.DOTALL,
)


def execute(session: Any, statement: str, arguments: Mapping[str, str]) -> Any:
    """Execute a statement with its named parameters and return its DataFrame."""
    match = _USE_CATALOG.fullmatch(statement)
    if match is not None:
        name = _sql(session, f"SELECT {match['text'] or match['inner']}", arguments).first()[0]
        return session.sql(f"USE CATALOG {quote_part(str(name))}")
    return _sql(session, statement, arguments)


def _sql(session: Any, statement: str, arguments: Mapping[str, str]) -> Any:
    return session.sql(statement, args=dict(arguments)) if arguments else session.sql(statement)
