"""The text of what Python code gives as a path."""

from __future__ import annotations

import os
from typing import Any


def text_of(path: Any) -> str | None:
    """Return the text of a path, or None for a descriptor or another value; quick, since every call of `os` comes here."""
    if type(path) is str:
        return path
    if isinstance(path, str):  # such as a string of numpy: its text is that of the string, whatever it prints
        return str.__str__(path)
    if isinstance(path, int) or not (isinstance(path, bytes) or hasattr(path, "__fspath__")):
        return None
    try:
        return os.fsdecode(path)
    except (TypeError, ValueError):
        return None


def same_kind(path: Any, local: str) -> str | bytes:
    """Return a path of this machine as bytes where the code gave bytes, else as text."""
    return os.fsencode(local) if isinstance(path, bytes) else local
