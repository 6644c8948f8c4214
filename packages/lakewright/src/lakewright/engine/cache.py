"""The user's cache: what is fetched or built once for all projects (jars, the compiled plugin, JVM archives)."""

import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

from lakewright.engine.errors import CacheUnwritableError

CACHE_VARIABLE = "LAKEWRIGHT_CACHE"


def cache_folder() -> Path:
    """Return the cache folder, without making it: `$LAKEWRIGHT_CACHE`, else `lakewright` in the user's cache folder."""
    explicit = os.environ.get(CACHE_VARIABLE)
    if explicit:
        return Path(explicit).expanduser().absolute()
    return user_cache_path("lakewright", appauthor=False)


def writable(folder: Path) -> Path:
    """Make a folder of the cache, and see that something can be put into it.

    Asked only where something is missing: a cache that an administrator has filled may be read-only.

    Raises:
        CacheUnwritableError: It cannot be made, or not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise CacheUnwritableError(
            "the cache of jars and compiled classes cannot be written",
            detail=str(error),
            location=str(folder),
            fix=f"name a folder that you own and that has room: export {CACHE_VARIABLE}=/path/to/lakewright-cache",
        ) from error
