"""The folders behind managed volumes, for a principal that is held to grants: what it reaches there is a file of a volume too.

A path is looked at as it is written, without `.`, `..` and double slashes, and relative to the current folder. Links are followed in the
project's own path only.
"""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from lakewright.storage import Place, Storage

_CURRENT_FOLDER = os.getcwd


class HeldFolders:
    """The folders behind the managed volumes of one project.

    Args:
        storage: Where paths lead.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._states = tuple(root.parents[1] for root in storage.managed_folders)  # `.lakewright`
        self._below = tuple(f"{root}/" for root in storage.managed_folders)

    def find(self, text: str, folder: str | None = None) -> Place | None:
        """Return the place of a path that lies in a volume's folder, or is one; None for any other path.

        Args:
            text: The path.
            folder: What a relative path begins at; by default the current folder.
        """
        clean = _absolute(text, folder)
        if not clean.startswith(self._below):
            return None
        place = Path(clean)
        volume = self._storage.volume_at(place)
        if volume is None:
            return None
        return Place(f"file:{clean}", place, is_root=self._storage.is_above_volumes(place), volume=volume)

    def above(self, text: str, folder: str | None = None, *, in_state: bool = False) -> Path | None:
        """Return a path without `.` and `..` if it is a folder that holds the folders of volumes; None for any other path.

        Args:
            text: The path.
            folder: As in `find`.
            in_state: Whether only folders of the project's state count: its own folder and those above are named for other things.
        """
        place = Path(_absolute(text, folder))
        if in_state and not any(place.is_relative_to(state) for state in self._states):
            return None
        return place if self._storage.is_above_volumes(place) else None


def _absolute(text: str, folder: str | None) -> str:
    if not text.startswith("/"):
        try:
            text = f"{folder or _CURRENT_FOLDER()}/{text}"
        except OSError:  # the current folder was removed
            return text
    if "/." in text or "//" in text or text.endswith("/"):
        return "/" + posixpath.normpath(text).lstrip("/")
    return text
