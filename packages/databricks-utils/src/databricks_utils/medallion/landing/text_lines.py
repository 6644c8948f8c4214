"""The lines of a text file, plain or gzip, read to its end; what makes it unreadable is found where Spark would not report it."""

import contextlib
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

BLANK = "".join(map(chr, range(33)))
"""The characters that a blank line consists of."""


class UnreadableTextError(ValueError):
    """Raised when the text of a file ends early or is not UTF-8; who reads it says what to do.

    Attributes:
        reason: The decoder's words.
        line: The number of the line that is not UTF-8; None if the file is cut off or damaged.
    """

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


@contextmanager
def text_lines(path: Path) -> Iterator[Iterator[str]]:
    """Give the lines of a file; a byte order mark is not part of them.

    Raises:
        UnreadableTextError: The file is cut off, damaged, or not UTF-8; also while its lines are read.
    """
    try:
        with _open(path) as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", errors="strict") as text:
            yield iter(text)
    except UnicodeDecodeError as error:
        reason = f"byte 0x{error.object[error.start]:02x}: {error.reason}"
        raise UnreadableTextError(reason, line=_first_undecodable_line(path)) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableTextError(f"gzip: {error}") from error


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _first_undecodable_line(path: Path) -> int:
    """Return the number of the line; the decoder reads in blocks and reports only the position in a block."""
    number = 0
    with (
        _open(path) as stream,
        contextlib.suppress(UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error),
    ):
        for line in stream:
            number += 1
            line.decode("utf-8")
    return number
