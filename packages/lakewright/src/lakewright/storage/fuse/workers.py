"""Mounts for the Python processes that Spark's JVM starts: workers of UDFs, of data sources and of streams.

They get them as the project's `src/`: by the `PYTHONPATH` of the JVM.
"""

from __future__ import annotations

import os
from pathlib import Path

from lakewright.storage.fuse.mounting import mount
from lakewright.storage.places import Storage

# The project's root, and the further folders of the machine that paths may reach.
_VARIABLE = "LAKEWRIGHT_MOUNTS"
# Its `sitecustomize.py` calls `mount_in_worker`.
STARTUP_FOLDER = Path(__file__).parent / "startup"


def worker_variables(storage: Storage) -> dict[str, str]:
    """Return the variables of a JVM by which its Python processes know what to mount."""
    return {_VARIABLE: os.pathsep.join(map(str, (storage.project, *storage.local_folders)))}


def mount_in_worker() -> None:
    """Mount what the variables of `worker_variables` name; nothing without them."""
    project, *folders = map(Path, filter(None, os.environ.get(_VARIABLE, "").split(os.pathsep)))
    mount(Storage(project, tuple(folders)))
