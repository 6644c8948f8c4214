"""The blocks of a page that a test executes: files, changes of files, and commands with what they print.

- a `console` block: commands behind `$ `, continued behind `> `, each with its output below it; `console exit=2` if they fail,
  `console slow` if only `make soak` has the time for them
- a `{code-block}` with a `:caption:`: the caption is the path of a new file, or of a changed one if the language is `diff`

Blocks of other kinds are not executed, nor is `console elsewhere`: a command for another machine.
"""

import re
from dataclasses import dataclass

_FENCE = re.compile(r"^(```+)([^\n`]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_CODE_BLOCK = re.compile(r"\{code-block\} (\w+)")
_OPTION = re.compile(r":(\w+): (.*)\n")
_EXIT = re.compile(r"\bexit=(\d+)")
_VARYING = (
    (re.compile(r"\b\d{8}T\d{6}(?:-\w+)?\b"), "RUN"),
    (re.compile(r"\b\d+\.\d(?= s\b| ?$|  )|\b\d+\.\d\d(?=s\b)", re.MULTILINE), "SECONDS"),
    (re.compile(r"[ \t]+"), " "),
)


class StalePageError(AssertionError):
    """Raised for a page that does not fit the project; the message names the line of the page."""


@dataclass(frozen=True)
class File:
    """A new file.

    Attributes:
        line: The line of the page that the block begins on.
        path: The path in the project.
        text: The content.
    """

    line: int
    path: str
    text: str


@dataclass(frozen=True)
class Change:
    """A change of a file: lines with a blank, `-` or `+` in front; `@@` stands between two places of the file."""

    line: int
    path: str
    diff: str


@dataclass(frozen=True)
class Command:
    """A command.

    Attributes:
        line: The line of the page that it is on.
        text: The command, for a shell.
        output: What it prints.
        code: Its exit code.
        slow: Whether it takes too long for each change of the code.
    """

    line: int
    text: str
    output: str
    code: int = 0
    slow: bool = False


Step = File | Change | Command


def read_steps(page: str) -> list[Step]:
    """Return what a page tells its reader to do, in its order.

    Raises:
        StalePageError: A block has a form that is none of those above.
    """
    found: list[Step] = []
    for match in _FENCE.finditer(page):
        line, info, body = page.count("\n", 0, match.start()) + 1, match[2].strip(), match[3]
        if info.startswith("console") and "elsewhere" not in info:
            found += _commands(line, info, body)
        elif block := _CODE_BLOCK.fullmatch(info):
            options = dict(_OPTION.findall(body))
            text = _OPTION.sub("", body)
            if "caption" in options:
                kind = Change if block[1] == "diff" else File
                found.append(kind(line, options["caption"], text))
    return found


def _commands(line: int, info: str, body: str) -> list[Command]:
    code = int(exit_code[1]) if (exit_code := _EXIT.search(info)) else 0
    commands: list[tuple[int, list[str], list[str]]] = []
    for offset, text in enumerate(body.splitlines(), start=1):
        if text.startswith("$ "):
            commands.append((line + offset, [text[2:]], []))
        elif not commands:
            raise StalePageError(f"line {line + offset}: a console block begins with `$ `")
        elif text.startswith("> ") and not commands[-1][2]:
            commands[-1][1].append(text[2:])
        else:
            commands[-1][2].append(text)
    return [
        Command(at, "\n".join(command), "\n".join(output).strip("\n"), code, slow="slow" in info.split())
        for at, command, output in commands
    ]


def apply_change(text: str, change: Change) -> str:
    """Return a file's text with a change.

    Raises:
        StalePageError: The lines of a place are not in the file, or in more than one place of it.
    """
    for place in re.split(r"^@@.*\n", change.diff, flags=re.MULTILINE):
        lines = [line or " " for line in place.splitlines()]
        before = "".join(f"{line[1:]}\n" for line in lines if line[0] != "+")
        after = "".join(f"{line[1:]}\n" for line in lines if line[0] != "-")
        if (count := text.count(before)) != 1 or not before.strip():
            raise StalePageError(
                f"line {change.line}: {count} places of {change.path} have these lines:\n{before}"
            )
        text = text.replace(before, after)
    return text


def difference(expected: str, printed: str) -> str | None:
    """Return how printed text differs from a page's; None if it does not.

    A line `...` stands for any lines, and `...` in a line for any text. Seconds, run ids and the width of columns do not count.
    """
    lines = [_without_varying(line) for line in expected.splitlines() if line.strip()]
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else _line_pattern(line) for line in lines)
    found = "".join(f"{_without_varying(line)}\n" for line in printed.splitlines() if line.strip())
    if re.fullmatch(pattern, found):
        return None
    return f"expected:\n{expected}\nprinted:\n{printed}"


def _line_pattern(line: str) -> str:
    return ".*".join(map(re.escape, line.split("..."))) + r"\n"


def _without_varying(line: str) -> str:
    for pattern, word in _VARYING:
        line = pattern.sub(word, line)
    return line.strip()
