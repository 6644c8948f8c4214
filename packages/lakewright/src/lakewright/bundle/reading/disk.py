"""Whether a file or a folder exists; a name that the file system does not accept counts as missing."""

from pathlib import Path


def is_file(path: Path) -> bool:
    """Return whether the path is a file."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_dir(path: Path) -> bool:
    """Return whether the path is a folder."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
