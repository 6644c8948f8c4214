"""Mounts `/Volumes` and `/dbfs` in the Python processes that Spark's JVM starts, before they import anything else.

Python imports a module of this name when it starts. The JVM has this folder first on its `PYTHONPATH`, so every Python process
of the JVM comes here: workers of UDFs, of data sources and of streams. The environment's own `sitecustomize` follows; if it
has none, its `ModuleNotFoundError` is the one that Python expects.
"""

import importlib
import sys
from pathlib import Path

from lakewright.storage.fuse.workers import mount_in_worker

mount_in_worker()
_own = str(Path(__file__).parent)
sys.path[:] = [folder for folder in sys.path if folder != _own]
del sys.modules["sitecustomize"]
importlib.import_module("sitecustomize")
