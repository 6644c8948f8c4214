"""The lines of a file that another process may be writing: one in memory at a time, and each with the place where it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAXIMUM = 64 * 1024 * 1024  # bytes: the largest event that the engine writes has about ten million


@dataclass(frozen=True)
class Line:
    """One line of a file.

    Attributes:
        text: Without its end; empty if it is not kept.
        start: Its place in the file, in bytes.
        end: Place of the next line, in bytes.
        is_ended: False for the last one if its writer has not finished it.
        is_kept: False for one that is too long for an event.
    """

    text: bytes
    start: int
    end: int
    is_ended: bool = True
    is_kept: bool = True


def read_lines(path: Path, *, start: int = 0, maximum: int = _MAXIMUM) -> Iterator[Line]:
    """Yield the lines of a file.

    Args:
        path: May be written to at the same time.
        start: Where to begin, in bytes.
        maximum: Length of the longest line that is kept, in bytes: a damaged file may have no ends of lines.
    """
    with path.open("rb") as file:
        file.seek(start)
        begin, is_ended = start, True
        # The loop ends with a line that has no end: its writer may finish it now, and what follows would be the rest of it.
        while is_ended and (piece := file.readline(maximum)):
            text, is_kept = piece.rstrip(b"\r\n"), True
            while len(piece) == maximum and not piece.endswith(b"\n"):
                piece = file.readline(maximum)
                text, is_kept = b"", False
            end, is_ended = file.tell(), piece.endswith(b"\n")
            yield Line(text, begin, end, is_ended=is_ended, is_kept=is_kept)
            begin = end
