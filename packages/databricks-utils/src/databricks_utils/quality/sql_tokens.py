"""The tokens of a SQL expression: enough to see where its texts, names and brackets are; Spark alone knows whether it is valid."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>--(?:\\\n|[^\r\n])*)
  | (?P<text>(?:[rR]'[^']*'|[rR]"[^"]*"|[xX]?'(?:[^'\\]|\\.)*'|[xX]?"(?:[^"\\]|\\.)*")+)
  | (?P<quoted>`(?:[^`]|``)*`)
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:[lLsSyYfFdD]|[bB][dD])?(?!\w))
  | (?P<word>\w+)
  | (?P<sign><=>|<>|!=|==|<=|>=|\|\||->|=>|::|[-+*/%&|^~=<>!?:.,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_BRACKET = re.compile(r"/\*(?!\+)|\*/")
_CLOSING = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Token:
    """One token.

    Attributes:
        kind: `text` (a string), `quoted` (a name in backticks), `number`, `word`, `sign`, `space` or `comment`.
        text: The characters as they are written.
        start: The place of its first character.
    """

    kind: str
    text: str
    start: int = 0


def tokens(sql: str) -> list[Token] | None:
    """Return all tokens of a SQL text, with spaces and comments; None if some characters are none.

    >>> [(token.kind, token.text) for token in tokens("a >= 'x'") or []]
    [('word', 'a'), ('space', ' '), ('sign', '>='), ('space', ' '), ('text', "'x'")]
    >>> tokens("a = 'x") is None
    True
    """
    found, at = [], 0
    while at < len(sql):
        if sql.startswith("/*", at):
            end = _end_of_comment(sql, at + 2)
            if end is None:
                return None
            found.append(Token("comment", sql[at:end], at))
            at = end
            continue
        match = _TOKEN.match(sql, at)
        if match is None:
            return None
        found.append(Token(str(match.lastgroup), match[0], at))
        at = match.end()
    return found


def _end_of_comment(sql: str, start: int) -> int | None:
    """Return the end of a comment in which others may stand, as in Spark's SqlBaseLexer; None if it is not closed."""
    depth = 1
    for mark in _BRACKET.finditer(sql, start):
        depth += -1 if mark[0] == "*/" else 1
        if depth == 0:
            return mark.end()
    return None


def without_comments(sql: str) -> str | None:
    """Return a text with a blank in the place of each comment, and none around it; None if its tokens cannot be read.

    >>> without_comments("a > 0 -- positive"), without_comments("a /* one */ > '--'"), without_comments("a > 0;")
    ('a > 0', "a   > '--'", None)
    """
    found = tokens(sql)
    if found is None:
        return None
    return "".join(" " if token.kind == "comment" else token.text for token in found).strip()


def is_closed(sql: str) -> bool:
    """Return whether a text keeps its meaning inside of brackets: its own ones are balanced, and it has no comments.

    >>> is_closed("a > (1 + b)"), is_closed("a > 1) OR (b > 1"), is_closed("a > 1 -- one")
    (True, False, False)
    """
    found = tokens(sql)
    # Spark puts a variable in the place of `${name}` before it reads the text: nobody knows what is in it.
    if found is None or "${" in sql:
        return False
    opened: list[str] = []
    for token in found:
        if token.kind == "comment":
            return False
        if token.kind == "sign" and token.text in _CLOSING.values():
            opened.append(token.text)
        opening = _CLOSING.get(token.text) if token.kind == "sign" else None
        if opening and (not opened or opened.pop() != opening):
            return False
    return not opened and any(token.kind != "space" for token in found)


def has_outer_comma(sql: str) -> bool:
    """Return whether a text whose brackets are balanced has a comma outside of them.

    >>> has_outer_comma("greatest(a, b) > 0"), has_outer_comma("a > 0, b > 0")
    (False, True)
    """
    depth = 0
    for token in tokens(sql) or ():
        if token.kind == "sign":
            depth += (token.text in _CLOSING.values()) - (token.text in _CLOSING)
            if depth == 0 and token.text == ",":
                return True
    return False
