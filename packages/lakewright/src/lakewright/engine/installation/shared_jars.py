"""Spark's jars under one path for all environments that have the same ones: Java uses a class archive only for the paths it was made with.

The shared folder holds hard links, so it takes no room beside an environment; its name is the hash of what the jars contain.
"""

import base64
import contextlib
import hashlib
import importlib.metadata
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from lakewright.engine.errors import CacheUnwritableError
from lakewright.engine.installation.cache import cache_folder, writable
from lakewright.engine.installation.spark import spark_jars

_UNUSED_SECONDS = 30 * 24 * 3600


def shared_jars(jars: list[Path] | None = None, recorded: Mapping[str, str] | None = None) -> list[Path]:
    """Return Spark's jars in the cache; those of this environment if they cannot be shared.

    They cannot if a jar was added or changed since the installation, or if the cache cannot hold links to them.

    Args:
        jars: The jars of this environment; by default those of the installed pyspark.
        recorded: The sha256 of each jar by file name, as the installer recorded them; by default those of pyspark.
    """
    jars = spark_jars() if jars is None else jars
    recorded = _recorded() if recorded is None else recorded
    if not jars or {path.name for path in jars} != recorded.keys():
        return jars
    listed = "".join(f"{path.name} {path.stat().st_size} {recorded[path.name]}\n" for path in jars)
    folder = cache_folder() / "spark" / hashlib.sha256(listed.encode()).hexdigest()[:24]
    shared = [folder / path.name for path in jars]
    try:
        if not folder.is_dir():
            _remove_unused(writable(folder.parent))
            _link(jars, recorded, folder)
        if any(
            ours.stat().st_size != theirs.stat().st_size for ours, theirs in zip(shared, jars, strict=True)
        ):
            return jars
    except (OSError, CacheUnwritableError):  # another file system; a cache of an administrator
        return jars
    with contextlib.suppress(OSError):
        os.utime(folder)
    return shared


def _recorded() -> dict[str, str]:
    """Return the sha256 of the jars in pyspark's `RECORD`; empty if the installer left none."""
    try:
        files = importlib.metadata.files("pyspark") or []
    except importlib.metadata.PackageNotFoundError:
        return {}
    jars = [file for file in files if file.parts[:-1] == ("pyspark", "jars") and file.suffix == ".jar"]
    return {
        file.name: file.hash.value for file in jars if file.hash is not None and file.hash.mode == "sha256"
    }


def _link(jars: list[Path], recorded: Mapping[str, str], folder: Path) -> None:
    """Create the folder with a link to each jar, in one step; check each jar against the record.

    Raises:
        OSError: A jar is not as it was recorded, or cannot be linked.
    """
    scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".linking-"))
    try:
        for path in jars:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != recorded[path.name]:
                raise OSError(f"{path} is not as it was installed")
            (scratch / path.name).hardlink_to(path)
        scratch.chmod(0o755)
        with contextlib.suppress(OSError):  # another engine was faster
            scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _remove_unused(parent: Path) -> None:
    """Remove folders from which no engine has started for 30 days: without its environment one has 300 MB."""
    oldest = time.time() - _UNUSED_SECONDS
    for folder in parent.iterdir():
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)
