"""How far the files of events were sent to a server, kept beside them."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

_NAME = "sent.json"


@dataclass(frozen=True)
class Positions:
    """How far each file was sent to one server.

    Attributes:
        folder: That of the files.
        server: A digest of its address, which may hold a password.
        ends: File name → place of the first event that was not sent, in bytes.
    """

    folder: Path
    server: str
    ends: dict[str, int]

    @classmethod
    def read(cls, folder: Path, url: str) -> Positions:
        """Return what was sent to the server of this address; nothing if that is not known."""
        server = hashlib.sha256(url.encode()).hexdigest()[:16]
        ends = _all(folder).get(server, {})
        return cls(
            folder, server, {name: end for name, end in ends.items() if isinstance(end, int) and end > 0}
        )

    def of(self, path: Path) -> int:
        """Return where to go on; from the start if the file is another one now."""
        end = self.ends.get(path.name, 0)
        return end if end <= path.stat().st_size else 0

    def moved(self, path: Path, end: int) -> Positions:
        """Return the positions after more was sent of a file."""
        return replace(self, ends={**self.ends, path.name: end})

    def write(self) -> None:
        """Replace the file of the positions at once; what is known of files that are gone is left out."""
        ends = {name: end for name, end in self.ends.items() if (self.folder / name).exists()}
        unfinished = self.folder / f"{_NAME}.{os.getpid()}"
        unfinished.write_text(
            json.dumps({**_all(self.folder), self.server: ends}, indent=1), encoding="utf-8"
        )
        unfinished.replace(self.folder / _NAME)


def _all(folder: Path) -> dict[str, dict[str, int]]:
    """Return the positions of all servers; none from a file that is not there or is damaged: then all is sent again."""
    try:
        found = json.loads((folder / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return (
        {key: value for key, value in found.items() if isinstance(value, dict)}
        if isinstance(found, dict)
        else {}
    )
