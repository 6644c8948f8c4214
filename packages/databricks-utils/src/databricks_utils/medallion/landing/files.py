"""List the files of a source in its landing folder, without reading them."""

import re
from dataclasses import dataclass
from pathlib import Path

from databricks_utils.fingerprint import hash_of
from databricks_utils.medallion.errors import LandingFileError, LandingFolderError

# Spark reads brackets, braces and stars in a path as patterns, so such names are refused.
_NAME = re.compile(r"[\w.\-]+\.csv(\.gz)?", re.ASCII)
_MICROS = 1000  # nanoseconds
# A file that is written again within the resolution of its file system's clock keeps its time; so a recent time proves nothing.
_SETTLED_MICROS = 2_000_000


@dataclass(frozen=True)
class LandingFile:
    """One file in a landing folder; moments are in microseconds since 1970.

    Attributes:
        path: The file.
        size: Its bytes.
        modified: When its content was last written.
        arrived: When it came into the folder, as far as the file system tells: a copy may keep the time of its original.
    """

    path: Path
    size: int
    modified: int
    arrived: int

    @classmethod
    def of(cls, path: Path) -> "LandingFile":
        """Return a file as it is now."""
        found = path.stat()
        modified, changed = found.st_mtime_ns // _MICROS, found.st_ctime_ns // _MICROS
        return cls(path, found.st_size, modified, max(modified, changed))

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name


def is_settled(modified: int, *, listed: int) -> bool:
    """Return whether a file's time proves that it still has the content that it had when its folder was listed.

    Args:
        modified: When the file was last written, in microseconds since 1970.
        listed: When its folder was listed, in microseconds since 1970.
    """
    return modified < listed - _SETTLED_MICROS


def folder_state(folder: Path, *, listed: int) -> str:
    """Return the state of a source's folder as text: equal texts mean the same files with the same contents.

    Args:
        folder: The folder; it need not exist.
        listed: The current time, in microseconds since 1970. If a file was written just before, the text differs at each moment.
    """
    files = [LandingFile.of(path) for path in _visible(folder)]
    if not all(is_settled(file.modified, listed=listed) for file in files):
        return f"files were being written at {listed}"
    listing = "\n".join(f"{file.name} {file.size} {file.modified}" for file in files)
    return f"{len(files)} files {hash_of(listing)}"


def list_files(volume: Path, folder: Path) -> list[LandingFile]:
    """List the files of one source by name; none if its folder does not exist, because nothing has been delivered.

    Hidden files and files that begin with `_` are skipped: they are unfinished uploads or markers.

    Args:
        volume: The landing volume.
        folder: The source's folder in it.

    Raises:
        LandingFolderError: The landing volume does not exist, or the folder is a file.
        LandingFileError: A file is neither `*.csv` nor `*.csv.gz`, or Spark would read its name as a pattern.
    """
    if folder.exists() and not folder.is_dir():
        raise LandingFolderError(
            f"ingestion: the landing folder of {folder.name} is a file",
            location=str(folder),
            fix=f"move it away, and deliver files to a folder {folder.name}",
        )
    if not volume.is_dir():
        raise LandingFolderError(
            "ingestion: there is no landing volume",
            location=str(volume),
            fix="databricks bundle deploy   (the bundle creates the volume), or give this principal READ VOLUME on it",
        )
    files = []
    for path in _visible(folder):
        if not _is_loadable(path):
            raise LandingFileError(
                f"ingestion: {path.name} is not a file that {folder.name} can be loaded from",
                location=str(path),
                fix="deliver `<letters, digits, . _ ->.csv` or `.csv.gz`; move other files away",
            )
        files.append(LandingFile.of(path))
    return files


def loadable_files(folder: Path) -> list[LandingFile]:
    """List the files of one source that can be loaded by their names; none if the folder does not exist."""
    return [LandingFile.of(path) for path in _visible(folder) if _is_loadable(path)]


def _visible(folder: Path) -> list[Path]:
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in paths if not path.name.startswith((".", "_"))]


def _is_loadable(path: Path) -> bool:
    return bool(_NAME.fullmatch(path.name)) and path.is_file()
