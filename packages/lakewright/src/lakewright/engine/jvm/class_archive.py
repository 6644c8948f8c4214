"""The JVM's class archive: later engines map the classes of the first one into memory and start ~1.5 s sooner."""

import contextlib
import hashlib
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from lakewright.engine.errors import CacheUnwritableError
from lakewright.engine.installation.cache import cache_folder, writable
from lakewright.engine.installation.java import Java
from lakewright.engine.jvm.environment import without_option_variables

_AUTOMATIC_SINCE = 19
_CHECK_SECONDS = 60
# An archive has 100 to 240 MB; environments with the same Spark share one.
_SUFFIXES = {".jsa", ".written"}
_KEPT = 6
_UNUSED_SECONDS = 30 * 24 * 3600
_QUIET = ("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr")


def archive_options(java: Java, classpath: Sequence[Path]) -> list[str]:
    """Return the options that use the archive for this Java and these jars, or create it when the engine ends.

    Archives that have not been used for long are removed.

    From version 19 on, Java renews the archive itself. With 17 and 18, the first engine that ends normally writes it under
    a temporary name. An engine that is killed during this leaves an incomplete file, which the next engine removes.
    """
    archive = _archive(java, classpath)
    try:
        writable(archive.parent)
    except (
        CacheUnwritableError
    ):  # somebody else filled the cache; without an archive the engine only starts more slowly
        return _reading(archive) or [*_QUIET]
    _note_use(archive)
    remove_unused(archive.parent)
    if java.version >= _AUTOMATIC_SINCE:
        return [*_QUIET, "-XX:+AutoCreateSharedArchive", f"-XX:SharedArchiveFile={archive}"]
    written = archive.with_suffix(".written")
    if not archive.is_file() and written.is_file():
        _adopt(written, archive, java, classpath)
    return _reading(archive) or [*_QUIET, f"-XX:ArchiveClassesAtExit={written}"]


def reading_options(java: Java, classpath: Sequence[Path]) -> list[str]:
    """Return the options that use the archive of an engine and never write one; none if no engine has written it.

    Args:
        java: The Java of both.
        classpath: The engine's class path, with which that of this JVM begins.
    """
    return _reading(_archive(java, classpath))


def _reading(archive: Path) -> list[str]:
    return [*_QUIET, f"-XX:SharedArchiveFile={archive}"] if archive.is_file() else []


def _archive(java: Java, classpath: Sequence[Path]) -> Path:
    return cache_folder() / "archives" / f"{_key(java, classpath)}.jsa"


def _note_use(archive: Path) -> None:
    """Let the time of an archive's last change be that of its last use; Java does not look at it."""
    with contextlib.suppress(OSError):  # there is none yet, or it belongs to another user
        os.utime(archive)


def remove_unused(folder: Path) -> list[Path]:
    """Remove archives, whole or being written, that were not used for 30 days or are not among the last used; return them.

    A JVM that has mapped one keeps its memory; one that finds none starts without.

    Args:
        folder: The folder of all archives.
    """
    files: dict[Path, float] = {}
    for path in folder.iterdir():
        with contextlib.suppress(OSError):  # another engine was faster
            if path.suffix in _SUFFIXES:
                files[path] = path.stat().st_mtime
    latest = sorted(files, key=lambda path: files[path], reverse=True)
    oldest = time.time() - _UNUSED_SECONDS
    unused = [path for number, path in enumerate(latest) if number >= _KEPT or files[path] < oldest]
    for path in unused:
        with contextlib.suppress(OSError):
            path.unlink()
    return unused


def _adopt(written: Path, archive: Path, java: Java, classpath: Sequence[Path]) -> None:
    """Move an archive to its place if Java finds all its checksums correct; a broken archive can crash a JVM that maps it."""
    command = [
        *(str(java.executable), "-Xshare:on", "-XX:+VerifySharedSpaces", "-XX:-CreateCoredumpOnCrash"),
        *(f"-XX:SharedArchiveFile={written}", f"-XX:ErrorFile={os.devnull}"),
        *("-cp", os.pathsep.join(map(str, classpath)), "-version"),
    ]
    environment = without_option_variables(os.environ)
    try:
        checked = subprocess.run(
            command, capture_output=True, timeout=_CHECK_SECONDS, check=False, env=environment
        )
        whole = checked.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        whole = False
    with contextlib.suppress(OSError):  # another project's engine was faster
        if whole:
            written.replace(archive)
        else:
            written.unlink()


def _key(java: Java, classpath: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{java.executable.resolve()}:{java.version}".encode())
    for path in classpath:
        status = path.stat()
        digest.update(f"{path}:{status.st_size}:{status.st_mtime_ns}{os.linesep}".encode())
    return digest.hexdigest()[:24]
