"""The commands of a script, in order, as far as they can be read without running it."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_SEPARATORS = {";", "&", "&&", "||", "(", ")", ";;", "|", "|&"}
_PIPES = {"|", "|&"}
# Words of the shell before a program, and programs that start another one.
_BEFORE = {"then", "do", "else", "if", "elif", "while", "until", "!", "time", "{"}
_STARTERS = {"sudo", "env", "exec", "command", "nohup"}
_OPTIONS_WITH_VALUE = {"-u", "-g", "-h"}
_ASSIGNMENT = re.compile(r"\w+=.*", re.DOTALL)
_POWERSHELL = re.compile(r"(?i)\$env:|\b(?:Invoke-WebRequest|Expand-Archive|iwr|Join-Path|New-Item)\b")


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes:
        words: The program and its arguments, without quotes and without what stands before the program, such as `sudo` or `A=b`.
        piped: Whether it reads what the command before it writes.
        written: The files that its output goes to.
    """

    words: tuple[str, ...]
    piped: bool = False
    written: tuple[str, ...] = ()

    @property
    def program(self) -> str:
        """The program as it is written, with its folder."""
        return self.words[0] if self.words else ""

    @property
    def name(self) -> str:
        """The program's name without folder, in lower case."""
        return self.program.rpartition("/")[2].lower()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that are no options."""
        return tuple(word for word in self.words[1:] if not word.startswith("-"))

    def option(self, *names: str) -> str | None:
        """Return the value of an option, given as `-C x` or `--directory=x`; names of PowerShell in lower case fit any case."""
        for index, word in enumerate(self.words[1:], start=1):
            key, separator, value = word.partition("=")
            if key in names or (len(key) > 3 and key.lower() in names):
                return value if separator else next(iter(self.words[index + 1 : index + 2]), None)
        return None


def commands(script: str) -> Iterator[Command]:
    """Yield the commands of a script that has no comments and no continued lines (`joined`)."""
    for line in _with_plain_variables(script).splitlines():
        yield from _of_line(_tokens(line))


def _with_plain_variables(script: str) -> str:
    """Return a script whose variables, of whichever system, are words: `${A}`, `$(Agent.ToolsDirectory)`, `${{ runner.temp }}`."""
    if _POWERSHELL.search(script):
        script = script.replace("\\", "/")
    script = re.sub(r"\$\{\{\s*([\w.]+)\s*\}\}", r"$\1", script)
    script = re.sub(r"\$\{\{.*?\}\}", "$expression", script)
    script = re.sub(r"\$\{(\w+)[^}]*\}", r"$\1", script)
    return re.sub(r"\$\(([\w.]+)\)", r"$\1", script)


def _tokens(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:  # a quote that ends in another line
        return re.findall(r"[();<>|&]+|[^\s'\"();<>|&]+", line)


def _of_line(tokens: list[str]) -> Iterator[Command]:
    words: list[str] = []
    written: list[str] = []
    piped = False
    rest = iter(tokens)
    for token in rest:
        if token in _SEPARATORS:
            if words:
                yield Command(tuple(_from_program(words)), piped, tuple(written))
            piped = token in _PIPES
            words, written = [], []
        elif token.startswith(">"):
            written.append(next(rest, ""))
        elif not token.startswith("<"):
            words.append(token)
    if words:
        yield Command(tuple(_from_program(words)), piped, tuple(written))


def _from_program(words: list[str]) -> list[str]:
    left = list(words)
    started = False
    while len(left) > 1:
        first = left[0]
        if not (
            first in _BEFORE | _STARTERS
            or _ASSIGNMENT.fullmatch(first)
            or (started and first.startswith("-"))
        ):
            break
        started = started or first in _STARTERS
        del left[: 2 if started and first in _OPTIONS_WITH_VALUE else 1]
    return left
