"""Texts: with quotes, over several lines, and as blocks after `|` and `>`."""

import re

DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"')
SINGLE = re.compile(r"'((?:[^']|'')*)'")
# The rest of a line after a value: nothing, or a comment with a blank before it.
REST = re.compile(r"(?: +#.*| *)$")
_BLOCK = re.compile(r"([|>])([+-]?)(?: +#.*| *)$")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {
    '"': '"', "\\": "\\", "/": "/", " ": " ", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f",
    "n": "\n", "r": "\r", "t": "\t", "v": "\v", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_OPEN = {'"': re.compile(r'(?:[^"\\]|\\.)*'), "'": re.compile(r"(?:[^']|'')*")}


class UnsureError(Exception):
    """Raised where PyYAML has to decide."""


def without_quotes(match: re.Match[str]) -> str:
    """Return the text of a match of `DOUBLE` or `SINGLE`.

    Raises:
        UnsureError: It has an escape with a number.
    """
    text = match[1]
    if match[0][0] == "'":
        return text.replace("''", "'")
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    if (found := _ESCAPED.get(match[1])) is None:
        raise UnsureError
    return found


def quoted(lines: list[str], at: int, rest: str) -> tuple[str, int]:
    """Return a text with quotes, and the number of the line below it.

    Args:
        lines: All lines.
        at: The number of the line below the one where it begins.
        rest: The line from its quote on.

    Raises:
        UnsureError: PyYAML has to decide.
    """
    mark = rest[0]
    match = (DOUBLE if mark == '"' else SINGLE).match(rest)
    if match is not None:
        if not REST.match(rest, match.end()):
            raise UnsureError
        return without_quotes(match), at
    parts, inside = [rest[1:]], _OPEN[mark]
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith(("---", "...")):
            break
        found = inside.match(line)
        assert found is not None  # it matches nothing too
        end = found.end()
        if line.startswith(mark, end):
            if not REST.match(line, end + 1):
                break
            text = _folded([*parts, line[:end]], escapes=mark == '"')
            whole = (DOUBLE if mark == '"' else SINGLE).fullmatch(f"{mark}{text}{mark}")
            assert whole is not None
            return without_quotes(whole), at
        parts.append(line)
    raise UnsureError


def _folded(parts: list[str], *, escapes: bool) -> str:
    """Return lines as one: a line break is a blank, of several breaks all but one stay; a break after a backslash is nothing.

    Args:
        parts: What the lines have between the quotes.
        escapes: Whether a backslash escapes.
    """
    text, between = "", ""
    for number, part in enumerate(parts):
        inner = part.lstrip(" ") if number else part
        is_escaped = escapes and _ends_with_escape(inner)
        if number < len(parts) - 1 and not is_escaped:
            stripped = inner.rstrip(" ")
            if escapes and _ends_with_escape(stripped):  # the blank is escaped
                raise UnsureError
            if number and not stripped:
                between = "\n" if between == " " else f"{between}\n"
                continue
            inner = stripped
        text += between + (inner[:-1] if is_escaped else inner)
        between = "" if is_escaped else " "
    return text


def _ends_with_escape(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def block(lines: list[str], at: int, rest: str, column: int) -> tuple[str, int]:
    """Return a text after `|` or `>`, and the number of the line below it.

    Args:
        lines: All lines; the last is what follows the last line break.
        at: The number of its first line.
        rest: The line with its sign, from there on.
        column: The column of its key or dash.

    Raises:
        UnsureError: PyYAML has to decide.
    """
    header, count = _BLOCK.match(rest), len(lines) - (not lines[-1])
    if header is None:
        raise UnsureError
    breaks = widest = 0
    while at < count and not lines[at].strip(" "):
        widest = max(widest, len(lines[at]))
        breaks, at = breaks + 1, at + 1
    indent = len(lines[at]) - len(lines[at].lstrip(" ")) if at < count else -1
    if indent <= column or indent < widest:
        raise UnsureError
    parts: list[str] = []
    blanks = " " * indent
    while True:
        text = lines[at][indent:]
        parts.append("\n" * breaks + text)
        at, breaks = at + 1, 0
        while at < count and len(lines[at]) <= indent and not lines[at].strip(" "):
            breaks, at = breaks + 1, at + 1
        if at >= count or len(lines[at]) <= indent or not lines[at].startswith(blanks):
            break
        if header[1] == "|" or text[0] == " " or lines[at][indent] == " ":
            parts.append("\n")
        elif not breaks:
            parts.append(" ")
    if at == len(lines):  # the last line has no break
        if breaks:
            raise UnsureError
        return "".join(parts), at
    end = {"": "\n", "-": "", "+": "\n" * (1 + breaks)}[header[2]]
    return "".join(parts) + end, at
