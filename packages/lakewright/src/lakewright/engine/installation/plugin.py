"""The catalog plugin's jar: compiled from the Scala sources of this package when it is first needed.

The compiler is in pyspark's jars, so nothing is downloaded for it. See the decision record
`docs/decisions/0003-catalog-plugin.md`.
"""

import hashlib
import importlib.resources
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from lakewright.engine.errors import PluginCompileError
from lakewright.engine.installation.cache import cache_folder, writable
from lakewright.engine.installation.spark import spark_jars

COMPILE_TIMEOUT_SECONDS = 300.0
_SOURCES = Path(__file__).parents[2] / "jvm"
_COMPILER = "scala.tools.nsc.Main"
_JVM_OPTIONS = ("-Xmx1g", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
# Class files of this release run on every Java that the engine accepts, whichever Java compiled them.
_SCALA_OPTIONS = ("-target:17", "-nowarn")
_PRIVILEGES = importlib.resources.files("databricks_utils.catalog.grants").joinpath("privileges.json")
_EARLIEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_LINES_SHOWN = 40


def plugin_jar(java: Path, classpath: Sequence[Path]) -> Path:
    """Return the plugin's jar for this pyspark and these Delta jars; compile it if it is not in the cache.

    Two processes may call it at once: each compiles in its own folder and then renames the finished jar into place.

    Args:
        java: The `java` program that runs the compiler, Java 17 or newer.
        classpath: The Delta jars that the plugin is compiled against; their file names carry their versions.

    Raises:
        PluginCompileError: The compiler failed or did not end; the error shows its output.
        CacheUnwritableError: It must be compiled and the cache is not writable.
    """
    sources = plugin_sources()
    target = cache_folder() / "plugin" / f"lakewright-{_digest(sources, classpath)}.jar"
    if not target.is_file():
        with tempfile.TemporaryDirectory(dir=writable(target.parent), prefix=".compiling-") as scratch:
            folder = Path(scratch)
            _compile(java, [*spark_jars(), *classpath], sources, folder / "classes")
            _pack(folder / "classes", folder / "plugin.jar").replace(target)
    return target


def plugin_sources() -> tuple[Path, ...]:
    """Return the plugin's Scala files, in a fixed order."""
    return tuple(sorted(_SOURCES.rglob("*.scala")))


def _digest(sources: Sequence[Path], classpath: Sequence[Path]) -> str:
    """Return a hash of everything that the jar depends on: the sources, pyspark (with the compiler), Delta, the options."""
    digest = hashlib.sha256()
    digest.update("\0".join([version("pyspark"), *_SCALA_OPTIONS]).encode())
    for jar in sorted(path.name for path in classpath):
        digest.update(f"\0{jar}".encode())
    digest.update(_PRIVILEGES.read_bytes())
    for source in sources:
        digest.update(f"\0{source.relative_to(_SOURCES).as_posix()}\0".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:20]


def _compile(java: Path, classpath: Sequence[Path], sources: Sequence[Path], output: Path) -> None:
    output.mkdir()
    joined = os.pathsep.join(str(path) for path in classpath)
    command = [str(java), *_JVM_OPTIONS, "-cp", joined, _COMPILER, *_SCALA_OPTIONS]
    command += ["-classpath", joined, "-d", str(output), *(str(source) for source in sources)]
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            timeout=COMPILE_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise _error(f"did not end within {COMPILE_TIMEOUT_SECONDS:.0f} seconds", "") from problem
    except OSError as problem:
        raise _error(f"could not be started: {problem}", "") from problem
    if done.returncode != 0:
        raise _error(f"ended with exit code {done.returncode}", done.stdout)


def _pack(classes: Path, jar: Path) -> Path:
    """Write class files and the table of privileges into a jar, the same bytes for the same content."""
    content = {
        path.relative_to(classes).as_posix(): path.read_bytes() for path in sorted(classes.rglob("*.class"))
    }
    content["lakewright/privileges.json"] = _PRIVILEGES.read_bytes()
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST_ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return jar


def _error(what: str, output: str) -> PluginCompileError:
    shown = output.splitlines()[-_LINES_SHOWN:]
    return PluginCompileError(
        f"the catalog plugin could not be compiled: the compiler {what}",
        location=str(_SOURCES),
        detail="\n".join(["its output:", *shown]) if shown else None,
        fix="run `lakewright doctor`; pyspark and the Delta jars must have the versions that this package pins",
    )
