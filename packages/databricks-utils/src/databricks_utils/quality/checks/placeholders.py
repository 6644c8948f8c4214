"""Placeholders in SQL: `{name}` becomes a table's quoted name or a moment, and never anything else."""

from __future__ import annotations

from collections.abc import Mapping

from databricks_utils.nearest import choose_from
from databricks_utils.quality.errors import MissingTableError, RuleDeclarationError
from databricks_utils.quality.sql_tokens import Token, tokens


def placeholders(sql: str, *, rule: str) -> list[str]:
    """Return the names in braces, each once, in their order.

    >>> placeholders("SELECT '{x}' FROM {table} WHERE code RLIKE '^[A-Z]{2}$'", rule="r")
    ['table']
    """
    return list(dict.fromkeys(name for _, name in _found(sql, rule)))


def fill(sql: str, values: Mapping[str, str], *, rule: str) -> str:
    """Return SQL with a value in the place of each name in braces. Texts, quoted names and comments stay as they are.

    Args:
        sql: The text.
        values: Name → SQL.
        rule: The rule's name, for the error.

    Raises:
        MissingTableError: A name has no value.
        RuleDeclarationError: The text has an unfinished string or a character that SQL does not know.

    Example:
        >>> fill("SELECT count(*) FROM {table}", {"table": "`a`.`b`"}, rule="r")
        'SELECT count(*) FROM `a`.`b`'
    """
    parts, at = [], 0
    for start, name in _found(sql, rule):
        if name not in values:
            raise MissingTableError(
                f"quality: `{rule}` names `{{{name}}}`, which was not given",
                detail="given: " + ", ".join(f"`{each}`" for each in sorted(values)),
                fix=choose_from(name, values),
            )
        parts += [sql[at:start], values[name]]
        at = start + len(name) + 2
    return "".join([*parts, sql[at:]])


def _found(sql: str, rule: str) -> list[tuple[int, str]]:
    """Return the place and the name of each `{name}`."""
    if "${" in sql:
        raise RuleDeclarationError(
            f"quality: the SQL of `{rule}` has `${{`, where Spark puts a variable of the environment or of the session",
            fix="write the value itself; a table is `{table}`, without a dollar",
        )
    read = tokens(sql)
    if read is None:
        raise RuleDeclarationError(
            f"quality: the SQL of `{rule}` cannot be read: {sql!r}",
            fix="close every string, name and comment; `;` is not possible",
        )
    return [
        (opened.start, name.text)
        for opened, name, closed in zip(read, read[1:], read[2:], strict=False)
        if opened.text == "{" and name.kind == "word" and closed.text == "}" and _is_sign(opened, closed)
    ]


def _is_sign(*found: Token) -> bool:
    return all(token.kind == "sign" for token in found)
