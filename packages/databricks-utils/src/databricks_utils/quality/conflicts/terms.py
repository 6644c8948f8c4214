"""The compared values of conditions: one spelling for each, and which columns they depend on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from databricks_utils.quality.sql_tokens import Token, tokens

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# In backticks these are columns, without them something else.
_MEANINGS = frozenset(
    (
        *("null", "true", "false", "default", "interval", "date", "timestamp", "now", "user", "session_user"),
        *(
            "not",
            "and",
            "or",
            "in",
            "is",
            "between",
            "like",
            "rlike",
            "regexp",
            "exists",
            "any",
            "all",
            "some",
            "select",
        ),
        *("case", "when", "then", "else", "end"),
        *("current_date", "current_timestamp", "current_time", "localtimestamp", "localtime"),
        *("current_user", "current_catalog", "current_database", "current_schema"),
    )
)
# Functions of one value that depend on nothing else and are NULL where the value is.
_FUNCTIONS = frozenset(
    (
        *("char_length", "character_length", "length", "len", "octet_length", "bit_length"),
        *("lower", "upper", "lcase", "ucase", "trim", "ltrim", "rtrim", "abs"),
        *("year", "quarter", "month", "day", "dayofmonth", "dayofweek", "weekday", "dayofyear"),
        *("hour", "minute", "second"),
    )
)
# The same, but not NULL for NULL under each of Spark's settings.
_SIZES = frozenset({"size", "cardinality", "array_size"})
_NOT_REPEATABLE = frozenset(
    (
        *("rand", "randn", "random", "randstr", "uniform", "uuid", "shuffle"),
        *("monotonically_increasing_id", "input_file_name"),
    )
)


def spelled(written: Sequence[Token], *, exact_names: bool = False) -> str:
    """Return some tokens in one spelling: case of words, spaces, needless backticks and brackets around the whole do not count.

    Case counts after a dot, a colon or an opening brace: a key of a map, a path in a VARIANT and a placeholder are case-sensitive.

    Args:
        written: The tokens, without spaces and comments.
        exact_names: Whether the case of names in backticks counts too, as in the path of a table.
    """
    while len(written) > 2 and written[0].text == "(" and _closes_at_the_end(written):
        written = written[1:-1]
    before = ["", *(token.text for token in written)]
    return " ".join(
        _spelled(token, exact=last in (".", ":", "{") or (exact_names and token.kind == "quoted"))
        for token, last in zip(written, before, strict=False)
    )


@lru_cache(maxsize=4096)
def columns_of(term: str) -> tuple[str, bool] | None:
    """Return the column that a term depends on, and whether the term is NULL where the column is; None if it is more than that.

    >>> columns_of("price"), columns_of("char_length ( name )"), columns_of("size ( tags )"), columns_of("a + b")
    (('price', True), ('name', True), ('tags', False), None)
    """
    read = [token for token in tokens(term) or [] if token.kind != "space"]
    texts = [token.text for token in read]
    if _is_path(read):
        return " ".join(texts), True
    called = len(texts) > 3 and (texts[1], texts[-1]) == ("(", ")") and _is_path(read[2:-1])
    if called and texts[0] in _FUNCTIONS | _SIZES:
        return " ".join(texts[2:-1]), texts[0] in _FUNCTIONS
    return None


def is_repeatable(spelling: str) -> bool:
    """Return whether a condition is the same each time: it draws no random numbers."""
    read = tokens(spelling) or []
    return not any(token.kind == "word" and token.text.lower() in _NOT_REPEATABLE for token in read)


def _is_path(read: Sequence[Token]) -> bool:
    names, dots = read[::2], read[1::2]
    return (
        len(read) % 2 == 1
        and all(token.kind == "quoted" or _is_name(token) for token in names)
        and all(token.text == "." for token in dots)
    )


def _is_name(token: Token) -> bool:
    return token.kind == "word" and token.text.lower() not in _MEANINGS and not token.text[0].isdigit()


def _spelled(token: Token, *, exact: bool) -> str:
    if token.kind == "word":
        return token.text if exact else token.text.lower()
    if token.kind == "quoted":
        inner = token.text[1:-1] if exact else token.text[1:-1].lower()
        return inner if _PLAIN.fullmatch(inner) and inner.lower() not in _MEANINGS else f"`{inner}`"
    return {"!=": "<>", "==": "="}.get(token.text, token.text)


def _closes_at_the_end(written: Sequence[Token]) -> bool:
    depth = 0
    for place, token in enumerate(written):
        if token.kind == "sign":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return place == len(written) - 1
    return False
