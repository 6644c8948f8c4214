"""The JVM's class archive: what a first engine loaded is mapped into memory by the next ones, ~1.5 s sooner."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from lakewright.engine.cache import cache_folder, writable
from lakewright.engine.errors import CacheUnwritableError
from lakewright.engine.java import Java

_AUTOMATIC_SINCE = 19


def archive_options(java: Java, classpath: Sequence[Path]) -> list[str]:
    """Build the options that use the archive for this Java and these jars, or make it when the engine ends.

    Java 19 keeps the archive fresh by itself; for 17 and 18 the first engine that ends cleanly writes it.
    """
    archive = cache_folder() / "archives" / f"{_key(java, classpath)}.jsa"
    quiet = ["-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"]
    try:
        writable(archive.parent)
    except CacheUnwritableError:  # filled by somebody else; without an archive the engine only starts later
        return [*quiet, f"-XX:SharedArchiveFile={archive}"] if archive.is_file() else quiet
    if java.version >= _AUTOMATIC_SINCE:
        return [*quiet, "-XX:+AutoCreateSharedArchive", f"-XX:SharedArchiveFile={archive}"]
    if archive.is_file():
        return [*quiet, f"-XX:SharedArchiveFile={archive}"]
    return [*quiet, f"-XX:ArchiveClassesAtExit={archive}"]


def _key(java: Java, classpath: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{java.executable.resolve()}:{java.version}".encode())
    for path in classpath:
        status = path.stat()
        digest.update(f"{path}:{status.st_size}:{status.st_mtime_ns}{os.linesep}".encode())
    return digest.hexdigest()[:24]
