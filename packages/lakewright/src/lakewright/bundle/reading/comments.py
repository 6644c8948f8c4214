"""The comments of a file that silence findings."""

import io
import tokenize
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from lakewright.bundle.model.comment import MARK, Comment, parse_comment
from lakewright.bundle.model.diagnostic import Location


def comments_in(file: Path, text: str, events: Iterable[Any]) -> tuple[Comment, ...]:
    """Return the comments of a YAML file that silence findings.

    Args:
        file: The file.
        text: Its text.
        events: The parser's events for the text; what looks like a comment inside of a scalar is none.
    """
    if MARK not in text:
        return ()
    scalars = [
        (_position(event.start_mark), _position(event.end_mark))
        for event in events
        if isinstance(event, yaml.ScalarEvent)
    ]
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines):
        parsed = parse_comment(line)
        if parsed is None:
            continue
        column, codes, reason = parsed
        if not any(start <= (number, column - 1) < end for start, end in scalars):
            covered = _covered(lines, number)
            found.append(Comment(Location(file, number + 1, column), codes, reason, covered))
    return tuple(found)


def comments_of(file: Path) -> tuple[Comment, ...]:
    """Return the comments of a YAML file that is not read otherwise; none if it is not YAML."""
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    if MARK not in text:
        return ()
    try:
        return comments_in(file, text, list(yaml.parse(text, Loader=yaml.SafeLoader)))
    except yaml.YAMLError:
        return ()


def comments_of_python(file: Path) -> tuple[Comment, ...]:
    """Return the comments of a Python file that silence findings about the resources that it defines; none if it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        if MARK not in text:
            return ()
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (OSError, UnicodeDecodeError, SyntaxError, tokenize.TokenError):
        return ()
    lines = text.splitlines()
    found = []
    for token in tokens:
        parsed = parse_comment(f" {token.string}") if token.type == tokenize.COMMENT else None
        if parsed is not None:
            number, column = token.start
            _, codes, reason = parsed
            place = Location(file, number, column + 1)
            found.append(Comment(place, codes, reason, _covered(lines, number - 1)))
    return tuple(found)


def _position(mark: Any) -> tuple[int, int]:  # noqa: ANN401 - the parser's marks are untyped
    return mark.line, mark.column


def _covered(lines: list[str], number: int) -> tuple[int, ...]:
    """Return the line of a comment, and the next line that is no comment if the comment stands alone."""
    if not lines[number].lstrip().startswith("#"):
        return (number + 1,)
    following = number + 1
    while following < len(lines) and lines[following].lstrip().startswith("#"):
        following += 1
    return number + 1, following + 1
