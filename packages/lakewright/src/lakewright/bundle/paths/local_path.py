"""Which paths point into the project, and what they are relative to."""

import os
import re
from pathlib import Path

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Source: the Databricks CLI, which tells a package's name from a path by this expression.
_PACKAGE = re.compile(r"[A-Za-z0-9_-]+\s?(\[.*\])?\s?((==|!=|<=|>=|~=|>|<)\s?[0-9A-Za-z.!+*_-]+,?\s?)*\Z")


def is_local(text: str) -> bool:
    """Whether a path is relative, so that it points into the project; others belong to the workspace."""
    return bool(text) and not text.startswith(("/", "${", "{{")) and not _SCHEME.match(text)


def is_local_dependency(text: str) -> bool:
    """Whether an environment's dependency is a file of the project and not a package's name."""
    if text.startswith("."):
        return True
    return is_local(text) and not text.startswith("-") and " @ " not in text and not _PACKAGE.match(text)


def target_of(draft: Draft, node: Node, text: str) -> Path:
    """Return the file or the folder that a path means; see `folder_of` for what it is relative to."""
    return Path(os.path.normpath(folder_of(draft, node) / text))


def folder_of(draft: Draft, node: Node) -> Path:
    """Return the folder that a path is relative to: that of its file, or the root once code could have changed the path."""
    return draft.root if draft.paths_from_root or not node.location else node.location.file.parent


def relative_to_sync_root(draft: Draft, target: Path) -> str:
    """Return a path as it is written relative to the folder that is uploaded."""
    return posix(os.path.relpath(target, draft.sync_root))


def posix(path: str) -> str:
    """Return a path with slashes."""
    return path.replace(os.sep, "/")
