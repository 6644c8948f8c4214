"""Tracebacks of a bundle's code: what was raised, and where in the project's own files."""

import re
from dataclasses import dataclass
from pathlib import Path

from lakewright.bundle.model.diagnostic import Location

_FRAME = re.compile(r'^  File "(?P<file>.+?)", line (?P<line>\d+)(?:, in (?P<function>.+))?$', re.MULTILINE)
_IN_STACK = re.compile(r'^  File "(?P<file>.+?)", line (?P<line>\d+) in (?P<function>.+)$', re.MULTILINE)
_NEXT = re.compile(
    r"^(?:During handling of the above exception|The above exception was the direct cause)", re.MULTILINE
)
_EXPLANATION = "\n\n\x1b[0;36mExplanation:\x1b[0m "
_MOST_FRAMES = 8
_FOREIGN = {"site-packages", "dist-packages", "lib-dynload"}


@dataclass(frozen=True)
class Raised:
    """An exception as its traceback shows it.

    Attributes:
        kind: The exception's type; empty if the text is no traceback.
        message: The exception's text, of one or more lines.
        place: The last frame in the project's files.
        frames: The frames in the project's files, as `file:line in function`.
        explanation: What the library adds for well-known mistakes.
    """

    kind: str = ""
    message: str = ""
    place: Location | None = None
    frames: tuple[str, ...] = ()
    explanation: str = ""

    @property
    def headline(self) -> str:
        """Type and first line of the text, as Python prints them."""
        first = self.message.split("\n")[0]
        return f"{self.kind}: {first}" if first else self.kind


def read_traceback(text: str, root: Path, venv: Path | None = None) -> Raised:
    """Return the exception that a traceback ends with.

    Args:
        text: The traceback, or text that holds one.
        root: The folder of the project's files.
        venv: A virtual environment in that folder, whose files are not the project's own.
    """
    text, _, explanation = text.partition(_EXPLANATION)
    last = _NEXT.split(text)[-1]
    all_frames = list(_FRAME.finditer(last))
    if not all_frames:
        return Raised(explanation=explanation.strip())
    kind, message = _exception(last[all_frames[-1].end() :])
    own = [frame for frame in all_frames if _is_own(Path(frame["file"]), root, venv)]
    shown = [
        f"{_shown(Path(frame['file']), root)}:{frame['line']}"
        + (f" in {frame['function']}" if frame["function"] else "")
        for frame in own[-_MOST_FRAMES:]
    ]
    place = Location(Path(own[-1]["file"]), int(own[-1]["line"]), 1) if own else None
    return Raised(kind, message, place, tuple(shown), explanation.strip())


@dataclass(frozen=True)
class Stopped:
    """Where code was when it ended without a result.

    Attributes:
        function: The innermost function of the project; empty if that is unknown.
        place: Its line.
        frames: The frames in the project's files, as `file:line in function`, the innermost last.
    """

    function: str = ""
    place: Location | None = None
    frames: tuple[str, ...] = ()

    def with_frames(self, printed: str) -> str:
        """Return what the code has printed, then the frames."""
        return "\n".join(filter(None, (printed, *self.frames)))


def read_stack(file: Path, root: Path, venv: Path | None = None) -> Stopped:
    """Return where code was by the stack that Python's `faulthandler` has written; the main thread stands last there.

    Args:
        file: The stack; it may be absent.
        root: The folder of the project's files.
        venv: A virtual environment in that folder, whose files are not the project's own.
    """
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    for thread in reversed(re.split(r"^(?:Current thread|Thread) ", text, flags=re.MULTILINE)):
        own = [each for each in _IN_STACK.finditer(thread) if _is_own(Path(each["file"]), root, venv)]
        if own:
            frames = [
                f"{_shown(Path(each['file']), root)}:{each['line']} in {each['function']}"
                for each in reversed(own[:_MOST_FRAMES])
            ]
            inner = next((each["function"] for each in own if each["function"] != "<module>"), "")
            return Stopped(inner, Location(Path(own[0]["file"]), int(own[0]["line"]), 1), tuple(frames))
    return Stopped()


def _exception(rest: str) -> tuple[str, str]:
    """Return type and text of the exception, which stand behind the indented lines of the last frame."""
    lines = rest.strip("\n").split("\n")
    while lines and (not lines[0] or lines[0].startswith(" ")):
        lines.pop(0)
    kind, _, message = "\n".join(lines).strip().partition(": ")
    return kind.rpartition(".")[2] if " " not in kind else kind, message


def _is_own(file: Path, root: Path, venv: Path | None) -> bool:
    if not file.is_absolute() or not file.is_relative_to(root) or _FOREIGN & set(file.parts):
        return False
    return venv is None or not file.is_relative_to(venv)


def _shown(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()
