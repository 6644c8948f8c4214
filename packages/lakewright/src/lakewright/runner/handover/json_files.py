"""JSON files that several processes share: writes are all or nothing, reads skip incomplete lines."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON to a temporary file beside `path`, sync it, and rename it to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    # A lone surrogate, for example from an undecodable file name, is written as its JSON escape.
    with temporary.open("w", encoding="utf-8", errors="backslashreplace") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=2)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The complete JSON objects of a file of JSON lines; a line cut off by a kill is skipped."""
    try:
        raw = path.read_bytes()
    except OSError:
        return []
    found: list[dict[str, Any]] = []
    for line in raw.decode("utf-8", "replace").splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found
