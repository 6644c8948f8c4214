"""SQL that can do more than read tables and compute: run a program, call Java, read files by path or secrets, send values away.

Spark has no switch for this, so the text is looked at before Spark gets it. It protects from a text that nobody looked at closely, such
as one in a contract; it is no sandbox: functions that somebody registered run, and each table that the session may read can be named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from databricks_utils.quality.errors import RuleDeclarationError
from databricks_utils.quality.sql_tokens import Token, tokens

# Source: https://spark.apache.org/docs/latest/api/sql/ and https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-functions-builtin.
_JAVA = frozenset({"reflect", "java_method", "try_reflect"})
_FILES = frozenset(
    {
        *("read_files", "cloud_files", "read_kafka", "read_kinesis", "read_pubsub", "read_pulsar"),
        *("read_statestore", "read_state_metadata"),
    }
)
_SECRETS = frozenset({"secret", "try_secret", "list_secrets"})
_OUTSIDE = frozenset({"http_request", "remote_query", "ai_query"})
_NAMED_BY_TEXT = frozenset({"identifier"})
_REFUSED = {
    **dict.fromkeys(_JAVA, "calls a method of Java"),
    **dict.fromkeys(_FILES, "reads something else than a table"),
    **dict.fromkeys(_SECRETS, "reads secrets"),
    **dict.fromkeys(_OUTSIDE, "sends values to another system"),
    **dict.fromkeys(_NAMED_BY_TEXT, "makes a name of a text, which could be that of any function or file"),
}
_FORMATS = frozenset(
    {
        *("avro", "binaryfile", "cloudfiles", "csv", "delta", "deltasharing", "excel", "hudi", "iceberg"),
        *("image", "json", "libsvm", "orc", "parquet", "sequencefile", "text", "xml"),
    }
)
_FROM = frozenset({"FROM", "JOIN", "TABLE"})
_UNREAD = re.compile(rf"(?:{'|'.join(sorted(_REFUSED))})[`\"]?\s*\(", re.IGNORECASE)


def check_reads_only(sql: object, *, rule: str) -> None:
    """Check that SQL of a rule or check can only read tables and compute.

    Args:
        sql: The text; a Column is not looked at.
        rule: The rule's name, for the error.

    Raises:
        RuleDeclarationError: It runs a program (`TRANSFORM … USING`), calls Java, reads files or secrets, or sends values away; or its
            last comment would go on in what is put behind it.

    Example:
        >>> check_reads_only("exists(transform(a, x -> x + 1), x -> x > 1)", rule="r")
        >>> check_reads_only("reflect('java.lang.Math', 'random') > 0", rule="r")
        Traceback (most recent call last):
        ...
        databricks_utils.quality.errors.RuleDeclarationError: quality: the SQL of `r` calls a method of Java: `reflect`
          fix: write it without; a rule reads tables and computes, and other tables are given with `tables`
    """
    if not isinstance(sql, str):
        return
    found = tokens(sql)
    what = _unread(sql) if found is None else _beyond_reading(found)
    if what is not None:
        raise RuleDeclarationError(
            f"quality: the SQL of `{rule}` {what}",
            fix="write it without; a rule reads tables and computes, and other tables are given with `tables`",
        )


def _unread(sql: str) -> str | None:
    """Spark refuses nearly all text that has other signs; the names are looked for in any case."""
    name = _UNREAD.search(sql)
    return None if name is None else f"may call a function that does more than read: `{name[0]}`"


def _beyond_reading(found: Sequence[Token]) -> str | None:
    for token in found:
        if token.kind == "comment" and token.text.endswith("\\"):
            return f"has a comment that goes on in the next line: {token.text!r}"
        if token.kind == "text" and token.text[:1] in "xX" and "\\" in token.text:
            return f"has bytes that are none: {token.text!r}"
    words = [token for token in found if token.kind not in ("space", "comment")]
    for at, token in enumerate(words):
        beyond = _of_name(words, at, token)
        if beyond is not None:
            return beyond
    return None


def _of_name(words: Sequence[Token], at: int, token: Token) -> str | None:
    """Return what a name, with the token behind it, does."""
    name, following = _name(token), words[at + 1] if at + 1 < len(words) else None
    if name is None or following is None:
        return None
    # The grammar has a text behind USING in one place only: the program of SELECT TRANSFORM, MAP and REDUCE.
    if token.kind == "word" and token.text.upper() == "USING" and following.kind == "text":
        return "runs a program: `USING`"
    if following.text == "(" and name in _REFUSED:
        return f"{_REFUSED[name]}: `{name}`"
    if following.text == "." and _is_file(words[max(at - 1, 0) : at + 3], name):
        return f"reads a file by its path: `{token.text}.…`"
    return None


def _is_file(words: Sequence[Token], prefix: str) -> bool:
    """Return whether words such as FROM, csv, `.` and a path name a file; a column of a table with such a name is none."""
    *_, _, last = words
    if last.text == ".":
        return False
    if last.kind in ("quoted", "text"):
        return prefix in _FORMATS or "." in prefix
    return prefix in _FORMATS and words[0].text.upper() in _FROM


def _name(token: Token) -> str | None:
    """Return the name that a token may be, as Spark compares it. Text in double quotes is a name if the session says so."""
    if token.kind == "word":
        return token.text.casefold()
    if token.kind == "quoted":
        return token.text[1:-1].replace("``", "`").casefold()
    return token.text[1:-1].casefold() if token.kind == "text" and token.text.startswith('"') else None
