"""The last lines of a log, whatever its size and encoding."""

import os
from pathlib import Path

_BYTES = 64 * 1024


def log_tail(path: Path, *, lines: int) -> str:
    """Return the last lines of a log; an empty text if it cannot be read."""
    try:
        with path.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(stream.tell() - _BYTES, 0))
            raw = stream.read()
    except OSError:
        return ""
    return "\n".join(raw.decode("utf-8", "backslashreplace").splitlines()[-lines:])
