"""The user's cache: what is fetched or built once for all projects (jars, the compiled plugin, JVM archives)."""

import os
import sys
from pathlib import Path

CACHE_VARIABLE = "LAKEWRIGHT_CACHE"


def cache_folder() -> Path:
    """Get the cache folder: `$LAKEWRIGHT_CACHE`, else the platform's place for caches; not made yet."""
    explicit = os.environ.get(CACHE_VARIABLE)
    if explicit:
        return Path(explicit).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "lakewright"
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "lakewright"
