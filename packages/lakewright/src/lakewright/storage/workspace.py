"""The folder of the workspace that the project's files stand for: `workspace.file_path` of the bundle.

A run writes it down, as a deployment uploads the files, so that the engine, the workers of UDFs and sessions of people know it too
(`jvm/files/WorkspaceFolder.scala` reads the same file).
"""

from __future__ import annotations

import json
import posixpath
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_FILE = "workspace.json"
ROOT = "/Workspace"


@dataclass(frozen=True)
class WorkspaceFolder:
    """The bundle's folder in the workspace.

    Attributes:
        path: Its path there: `/Workspace/Users/…/files`.
        folder: The folder on this machine that is uploaded to it.
    """

    path: str
    folder: Path

    def local(self, path: str) -> Path | None:
        """Return the file of the project that a path stands for; None if it is outside.

        Args:
            path: A path of the workspace, with or without `/Workspace`, as notebooks are named.
        """
        clean = PurePosixPath(posixpath.normpath(_with_root(path)))
        return self.folder / clean.relative_to(self.path) if clean.is_relative_to(self.path) else None

    def notebook_path(self, file: Path) -> str | None:
        """Return the path of a notebook as a workspace shows it, without `/Workspace`; None if it is not uploaded."""
        if not file.is_relative_to(self.folder):
            return None
        below = file.relative_to(self.folder).with_suffix("").as_posix()
        return posixpath.join(self.path.removeprefix(ROOT), below)


def read_workspace_folder(state: Path) -> WorkspaceFolder | None:
    """Return the folder that the last run has written down, or None.

    Args:
        state: The project's `.lakewright` folder.
    """
    try:
        found = json.loads((state / _FILE).read_bytes())
        return WorkspaceFolder(str(found["path"]), Path(found["folder"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_workspace_folder(state: Path, path: str, folder: Path) -> None:
    """Write down the folder of a run's bundle.

    Args:
        state: The project's `.lakewright` folder.
        path: `workspace.file_path`; empty if the bundle has none.
        folder: The folder that is uploaded to it, absolute.
    """
    file = state / _FILE
    if not path:
        file.unlink(missing_ok=True)
        return
    state.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp")
    content = {"path": posixpath.normpath(_with_root(path)), "folder": str(folder)}
    temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    temporary.replace(file)


def _with_root(path: str) -> str:
    return path if path == ROOT or path.startswith(f"{ROOT}/") else f"{ROOT}/{path.lstrip('/')}"
