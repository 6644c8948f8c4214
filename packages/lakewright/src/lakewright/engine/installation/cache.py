"""The user's cache: files that are fetched or built once for all projects (jars, the compiled plugin, JVM archives)."""

import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

from lakewright.engine.errors import CacheUnwritableError

CACHE_VARIABLE = "LAKEWRIGHT_CACHE"


def cache_folder() -> Path:
    """Return the path of the cache folder: `$LAKEWRIGHT_CACHE`, else `lakewright` in the user's cache folder."""
    explicit = os.environ.get(CACHE_VARIABLE)
    if explicit:
        return Path(explicit).expanduser().absolute()
    return user_cache_path("lakewright", appauthor=False)


def writable(folder: Path) -> Path:
    """Create a folder of the cache and check that files can be written into it.

    Called only if a file is missing: a cache that an administrator has filled may be read-only.

    Raises:
        CacheUnwritableError: It cannot be created or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise CacheUnwritableError(
            "the cache of jars and compiled classes is not writable",
            detail=str(error),
            location=str(folder),
            fix=f"name a folder that you own and that has free space: export {CACHE_VARIABLE}=/path/to/lakewright-cache",
        ) from error
