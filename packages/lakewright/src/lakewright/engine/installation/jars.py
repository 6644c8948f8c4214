"""The locked jars: fetched once into the user's cache, checked by sha256, then used without a network."""

import hashlib
import os
import shutil
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from lakewright.engine.errors import JarCorruptError, JarUnavailableError
from lakewright.engine.installation.cache import cache_folder, writable
from lakewright.engine.installation.maven import (
    URL_VARIABLE,
    MavenRepository,
    find_repository,
    local_repository,
)

_TIMEOUT_SECONDS = 60.0
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Jar:
    """One line of `jars.lock`."""

    group: str
    artifact: str
    version: str
    sha256: str
    size: int

    @property
    def file_name(self) -> str:
        """The jar's file name in the cache."""
        return f"{self.artifact}-{self.version}.jar"

    @property
    def path(self) -> str:
        """The jar's path inside a Maven repository."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.file_name}"


def locked_jars() -> tuple[Jar, ...]:
    """Return the jars in the lock that ships with the package."""
    text = resources.files("lakewright.engine.installation").joinpath("jars.lock").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(
        Jar(group, artifact, version, sha, int(size)) for group, artifact, version, sha, size in rows
    )


def ensure_jars(jars: tuple[Jar, ...] | None = None, *, folder: Path | None = None) -> list[Path]:
    """Return the jars' paths; fetch jars that are not in the cache.

    Args:
        jars: The jars; by default those in the package's lock.
        folder: The folder that holds them; by default `<cache>/jars`.

    Raises:
        JarUnavailableError: A jar is missing and could not be fetched.
        JarCorruptError: A fetched jar does not have the locked sha256; it is not kept.
        CacheUnwritableError: A jar is missing and the folder is not writable.
    """
    folder = folder or cache_folder() / "jars"
    return [_ensure_jar(jar, folder) for jar in (locked_jars() if jars is None else jars)]


def damaged_jars(*, folder: Path | None = None) -> list[Path]:
    """Return cached jars whose sha256 differs from the lock (for `lakewright doctor`: reads every byte)."""
    folder = folder or cache_folder() / "jars"
    cached = [(folder / jar.file_name, jar) for jar in locked_jars()]
    return [path for path, jar in cached if path.exists() and _sha256(path) != jar.sha256]


def _ensure_jar(jar: Jar, folder: Path) -> Path:
    target = folder / jar.file_name
    # The hash is checked when a jar arrives; later only its size, which finds a cut-off or replaced file at no cost.
    if target.is_file() and target.stat().st_size == jar.size:
        return target
    handle, name = tempfile.mkstemp(dir=writable(folder), prefix=f".{jar.artifact}-")
    os.close(handle)
    partial = Path(name)
    try:
        source = _copy_from_local_repository(jar, partial) or _download(jar, partial)
        _check(jar, partial, source)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _copy_from_local_repository(jar: Jar, partial: Path) -> str | None:
    candidate = local_repository() / jar.path
    if not candidate.is_file() or _sha256(candidate) != jar.sha256:
        return None
    shutil.copyfile(candidate, partial)
    return str(candidate)


def _download(jar: Jar, partial: Path) -> str:
    repository = find_repository()
    request = repository.request(jar.path)
    address = request.full_url
    try:
        with (
            repository.opener().open(request, timeout=_TIMEOUT_SECONDS) as response,
            partial.open("wb") as out,
        ):
            shutil.copyfileobj(response, out, _CHUNK)
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise _unavailable(jar, repository, address, error) from error
    return address


def _unavailable(
    jar: Jar, repository: MavenRepository, address: str, error: Exception
) -> JarUnavailableError:
    return JarUnavailableError(
        f"jar {jar.file_name} is not in the cache and could not be fetched: {error}",
        location=address,
        detail=f"repository: {repository.url} ({repository.source})\n"
        f"also looked in the local Maven repository: {local_repository() / jar.path}",
        fix=f"name a reachable Maven repository, e.g. your company's mirror:\n"
        f"export {URL_VARIABLE}=https://maven.example.com/repository/central\n"
        "behind a proxy, or with your company's certificates, set HTTPS_PROXY and SSL_CERT_FILE",
    )


def _check(jar: Jar, partial: Path, source: str) -> None:
    found = _sha256(partial)
    if found != jar.sha256:
        raise JarCorruptError(
            f"jar {jar.file_name} does not have the locked sha256 and was not kept",
            location=source,
            detail=f"expected: {jar.sha256} ({jar.size} bytes)\nreceived: {found} ({partial.stat().st_size} bytes)",
            fix=f"check what that address returns (a proxy's login page? a wrong mirror?), or set {URL_VARIABLE}",
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
