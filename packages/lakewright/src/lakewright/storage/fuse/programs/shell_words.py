"""Which parts of a shell's script are files that it changes, as far as its words say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lakewright.storage.fuse.programs.program_uses import changed, changes_trees, is_changing

_TOKEN = re.compile(
    r"""(?P<blank>[ \t]+|\\\n)
    |(?P<output>\d*(?:>>|>\||>&|<>|>)|&>>|&>)
    |(?P<input>\d*(?:<<<|<<-?|<&|<))
    |(?P<end>[;\n|&()`]+)
    |(?P<word>(?:[^\s;|&()<>`'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTES = re.compile(r"""\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_NAME = re.compile(r"[\w.-]+")
# What they are given is used by other commands of the script: by a variable, a relative path, a list of names.
_PASSED_ON = frozenset(
    {"cd", "pushd", "for", "select", "export", "declare", "local", "readonly", "set", "read"}
)
_PASSES_ALL_ON = re.compile(r"\b(?:xargs|parallel|read|eval)\b")
_HARMLESS = re.compile(r"\d*(?:>>?|&>>?)\s*/dev/(?:null|stderr|stdout)\b|\d*>&\s*[\d-]+")


@dataclass(frozen=True)
class Word:
    """A word of a script.

    Attributes:
        value: What it means, without quotes.
        start: Where it begins.
        end: Where it ends.
        changes: Whether it is a file that is changed, or may be.
        in_tree: Whether the command changes folders with all that is in them.
    """

    value: str
    start: int
    end: int
    changes: bool
    in_tree: bool = False


def words_of(script: str) -> list[Word]:
    """Return the words of a script, and which of them are changed.

    Args:
        script: The script.
    """
    is_passed_on = bool(_PASSES_ALL_ON.search(script)) and _may_change(script)
    found = []
    for command in _commands(script):
        values = [_value(match[0]) for match in command]
        passes = bool(values) and (values[0] in _PASSED_ON or all("=" in value for value in values))
        is_loose = is_passed_on or (passes and _may_change(script))
        in_tree = changes_trees(values)
        for match, value, changes in zip(command, values, changed(values), strict=True):
            is_script = value != match[0] and re.search(r"[\s$`;]", value) and _may_change(value)
            found.append(Word(value, *match.span(), changes or is_loose or bool(is_script), in_tree))
    return [*found, *_redirected(script)]


def _may_change(text: str) -> bool:
    """Return whether a text names a program that changes files, or has a `>` to a file."""
    return ">" in _HARMLESS.sub("", text) or any(map(is_changing, _NAME.findall(text)))


def _commands(script: str) -> Iterator[list[re.Match[str]]]:
    """Yield the words of each command, without those of its redirections."""
    words: list[re.Match[str]] = []
    is_file = False
    for match in _TOKEN.finditer(script):
        if match.lastgroup == "end":
            yield words
            words, is_file = [], False
        elif match.lastgroup in {"output", "input"}:
            is_file = True
        elif match.lastgroup == "word" and not is_file:
            words.append(match)
        elif match.lastgroup == "word":
            is_file = False
    yield words


def _redirected(script: str) -> Iterator[Word]:
    """Yield the files of redirections: those after `>` are changed, those after `<` are read."""
    direction = None
    for match in _TOKEN.finditer(script):
        if match.lastgroup in {"output", "input", "end"}:
            direction = match.lastgroup
        elif match.lastgroup == "word" and direction in {"output", "input"}:
            yield Word(_value(match[0]), *match.span(), direction == "output")
            direction = None


def _value(word: str) -> str:
    return _QUOTES.sub(lambda match: next(part for part in match.groups() if part is not None), word)
