"""How far the files of events were sent to a server, kept beside them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

_NAME = "sent.json"
_LONGEST_BEGINNING = 64 * 1024  # bytes: an event has the id of its run before this


@dataclass(frozen=True)
class Position:
    """How far one file was sent.

    Attributes:
        begins: A digest of its first line: another file may have its name later.
        end: Place of the first event that was not sent, in bytes.
    """

    begins: str
    end: int = 0


@dataclass(frozen=True)
class Positions:
    """How far each file was sent to one server.

    Attributes:
        folder: That of the files.
        server: A digest of its address, which may hold a password.
        files: File name → position.
        others: What is known of the other servers.
    """

    folder: Path
    server: str
    files: Mapping[str, Position]
    others: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path, url: str) -> Positions:
        """Return what was sent to the server of this address; nothing if that is not known. Files that are gone are left out."""
        server = hashlib.sha256(url.encode()).hexdigest()[:16]
        others = _all(folder)
        known = others.pop(server, None)
        found = known.items() if isinstance(known, dict) else ()
        files = {
            name: Position(value["begins"], value["end"])
            for name, value in found
            if _is_position(value) and (folder / name).exists()
        }
        return cls(folder, server, files, others)

    def of(self, path: Path) -> Position:
        """Return where to go on in a file; its start if another file had its name when something was sent.

        Raises:
            FileNotFoundError: It is gone.
        """
        with path.open("rb") as file:
            begins = hashlib.sha256(file.readline(_LONGEST_BEGINNING)).hexdigest()[:16]
            size = os.fstat(file.fileno()).st_size
        known = self.files.get(path.name)
        is_same = known is not None and known.begins == begins and known.end <= size
        return known if known is not None and is_same else Position(begins)

    def moved(self, path: Path, position: Position) -> Positions:
        """Return the positions after more was sent of a file."""
        return replace(self, files={**self.files, path.name: position})

    def write(self) -> None:
        """Replace the file of the positions at once. Only the process that holds the lock of the sending may do it."""
        files = {name: {"begins": at.begins, "end": at.end} for name, at in self.files.items()}
        unfinished = self.folder / f"{_NAME}.new"
        unfinished.write_text(json.dumps({**self.others, self.server: files}, indent=1), encoding="utf-8")
        unfinished.replace(self.folder / _NAME)


def _is_position(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("begins"), str)
        and isinstance(value.get("end"), int)
        and value["end"] >= 0
    )


def _all(folder: Path) -> dict[str, Any]:
    """Return the positions of all servers; none from a file that is not there or is damaged: then all is sent again."""
    try:
        found = json.loads((folder / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
