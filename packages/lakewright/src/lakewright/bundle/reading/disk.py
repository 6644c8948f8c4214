"""Questions to the disk that never raise: a name that no file system accepts names nothing."""

from pathlib import Path


def is_file(path: Path) -> bool:
    """Return whether a file lies there."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_dir(path: Path) -> bool:
    """Return whether a folder lies there."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
