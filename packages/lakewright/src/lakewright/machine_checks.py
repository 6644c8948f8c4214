"""Checks of what a local run needs; every finding that reports a problem has a fix."""

import importlib.metadata
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lakewright.engine import locks
from lakewright.engine.errors import JavaNotFoundError
from lakewright.engine.handle import read_handle
from lakewright.engine.installation.cache import CACHE_VARIABLE, cache_folder
from lakewright.engine.installation.jars import damaged_jars, locked_jars
from lakewright.engine.installation.java import find_java
from lakewright.engine.installation.maven import find_repository
from lakewright.engine.layout import EngineFolder
from lakewright.wheels.errors import WheelError
from lakewright.wheels.installed import installed_version
from lakewright.wheels.lock import read_lock
from lakewright.wheels.names import REINSTALL
from lakewright.wheels.problems import wheel_problems

Level = Literal["ok", "warning", "error"]
_SPARK = "4.2.0"
_LITTLE_DISK = 2 * 1024**3
_LITTLE_MEMORY = 3 * 1024**3


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    name: str
    level: Level
    seen: str
    fix: str | None = None


def examine(project: Path | None) -> list[Finding]:
    """Run all checks; they start nothing and change nothing.

    Args:
        project: The project's root; None outside a project: the project's checks are then skipped.
    """
    findings = [check() for check in _MACHINE_CHECKS]
    if project:
        findings += [_project_disk(project), *examine_wheels(project), _engine(project)]
    return findings


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Python", "ok", f"{version} ({sys.executable})")


def _java() -> Finding:
    try:
        java = find_java()
    except JavaNotFoundError as error:
        return Finding("Java", "error", error.summary, error.fix)
    return Finding("Java", "ok", f"{java.version} ({java.source}: {java.executable})")


def _spark() -> Finding:
    try:
        found = importlib.metadata.version("pyspark")
    except importlib.metadata.PackageNotFoundError:
        return Finding(
            "Spark", "error", "pyspark is not installed", f"pip install 'pyspark[connect]=={_SPARK}'"
        )
    if found != _SPARK:
        fix = f"pip install 'pyspark[connect]=={_SPARK}'"
        return Finding("Spark", "error", f"pyspark {found}; the jars are locked for {_SPARK}", fix)
    return Finding("Spark", "ok", f"pyspark {found}")


def _conflicts() -> Finding:
    # Looked up by name: reading the metadata of every package takes longer than all other checks.
    if _is_installed("pyspark") and _is_installed("databricks-connect"):
        fix = f"pip uninstall -y databricks-connect pyspark && pip install 'pyspark[connect]=={_SPARK}'   (one environment each)"
        return Finding(
            "packages", "error", "pyspark and databricks-connect both install a pyspark folder", fix
        )
    return Finding("packages", "ok", "pyspark and databricks-connect are not installed together")


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _jars() -> Finding:
    folder = cache_folder() / "jars"
    missing = [jar.file_name for jar in locked_jars() if not (folder / jar.file_name).is_file()]
    damaged = damaged_jars()
    if damaged:
        names = " ".join(str(path) for path in damaged)
        return Finding("jars", "error", f"{len(damaged)} have another sha256 than in the lock", f"rm {names}")
    if missing:
        source = find_repository()
        seen = f"{len(missing)} of {len(locked_jars())} not fetched yet; the first run fetches them from {source.url}"
        return Finding("jars", "warning", seen, "lakewright sql 'SELECT 1'   (fetches them once)")
    return Finding("jars", "ok", f"{len(locked_jars())} in {folder}, sha256 checked")


def _cache() -> Finding:
    folder = cache_folder()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(nearest, os.W_OK):
        return Finding(
            "cache", "error", f"{folder} is not writable", f"export {CACHE_VARIABLE}=/a/folder/you/own"
        )
    return Finding("cache", "ok", str(folder))


def _ports() -> Finding:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            return Finding("ports", "ok", f"127.0.0.1 has free ports (for example {server.getsockname()[1]})")
    except OSError as error:
        fix = "allow connections on 127.0.0.1 (a firewall, a container's network settings)"
        return Finding("ports", "error", f"no port on 127.0.0.1: {error}", fix)


def _memory() -> Finding:
    if not hasattr(os, "sysconf") or "SC_AVPHYS_PAGES" not in os.sysconf_names:
        return Finding("memory", "ok", "unknown on this system")
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "linux":
        free = _available_memory() or free
    seen = f"{free / 1024**3:.1f} GiB available"
    if free < _LITTLE_MEMORY:
        return Finding(
            "memory",
            "warning",
            seen,
            "close other programs, or set spark.engine.memory: 1g in config/local.yaml",
        )
    return Finding("memory", "ok", seen)


def _available_memory() -> int | None:
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _temporary_disk() -> Finding:
    return _disk("disk (temporary)", Path(tempfile.gettempdir()))


def _project_disk(project: Path) -> Finding:
    return _disk("disk (project)", project)


def _disk(name: str, folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    seen = f"{free / 1024**3:.1f} GiB free at {folder}"
    if free < _LITTLE_DISK:
        return Finding(
            name, "warning", seen, "free some space; `lakewright clean --runs` removes old run records"
        )
    return Finding(name, "ok", seen)


def examine_wheels(project: Path) -> list[Finding]:
    """Compare the wheels of our packages with their lock, and their versions with what is installed here."""
    try:
        lock = read_lock(project)
    except WheelError as error:
        return [Finding("wheels", "error", error.summary, error.fix)]
    if lock is None:
        return []
    problems = [
        Finding("wheels", "error", found.summary, found.fix) for found in wheel_problems(project, lock)
    ]
    others = [
        Finding(
            "wheels", "warning", f"wheels/ has {wheel.name} {wheel.version}; installed: {here}", REINSTALL
        )
        for wheel in lock.wheels
        if (here := installed_version(wheel.name)) != wheel.version
    ]
    names = ", ".join(f"{wheel.name} {wheel.version}" for wheel in lock.wheels)
    return [*problems, *others] or [Finding("wheels", "ok", f"{names}: as locked and as installed")]


def _engine(project: Path) -> Finding:
    folder = EngineFolder(project)
    pid, handle = locks.holder(folder.lock), read_handle(folder)
    if pid is None:
        return Finding("engine", "ok", "none is running; the next command that needs one starts it")
    if handle and handle.is_alive():
        return Finding("engine", "ok", f"process {handle.pid} on {handle.remote}, Spark {handle.spark}")
    fix = f"read {folder.log}; stop it: lakewright engine stop"
    return Finding(
        "engine", "error", f"process {pid or '(unknown)'} has locked the lakehouse but does not answer", fix
    )


_MACHINE_CHECKS: tuple[Callable[[], Finding], ...] = (
    _python,
    _java,
    _spark,
    _conflicts,
    _cache,
    _jars,
    _ports,
    _memory,
    _temporary_disk,
)
