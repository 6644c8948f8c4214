"""Libraries that open files in C: their entry points take the paths of the mounts, also when they are imported later."""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from lakewright.storage.fuse.mounted_path import Mounts

Put = Callable[[Any, str, Any], None]

# Module → functions whose first argument is a path.
_BY_PATH = {
    "numpy.lib._datasource": ("open",),  # numpy keeps the `open` of the time when it was imported
    "sqlite3": ("connect",),
    "sqlite3.dbapi2": ("connect",),
    "pyarrow.fs": ("_resolve_filesystem_and_path",),
    "pyarrow.parquet.core": ("_resolve_filesystem_and_path",),
}


def put_in_place(mounts: Mounts, put: Put) -> Callable[[], None]:
    """Replace the functions in the modules that are loaded, and in those that are loaded later.

    Returns:
        A function that stops watching imports.
    """
    for name in _BY_PATH:
        if name in sys.modules:
            _replace(sys.modules[name], mounts, put)
    watch = _Watch(lambda module: _replace(module, mounts, put))
    sys.meta_path.insert(0, watch)
    return lambda: sys.meta_path.remove(watch)


def _replace(module: ModuleType, mounts: Mounts, put: Put) -> None:
    for name in _BY_PATH[module.__name__]:
        if hasattr(module, name):
            put(module, name, _by_path(getattr(module, name), mounts))


def _by_path(original: Callable[..., Any], mounts: Mounts) -> Callable[..., Any]:
    @functools.wraps(original)
    def call(path: Any, *args: Any, **options: Any) -> Any:
        found = mounts.find(path)
        return original(path if found is None else found.for_reading, *args, **options)

    return call


class _Watch(importlib.abc.MetaPathFinder):
    """Finds the modules of the list as Python does, and replaces their functions once they are loaded."""

    def __init__(self, loaded: Callable[[ModuleType], None]) -> None:
        self._loaded = loaded

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in _BY_PATH:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            self._loaded(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # this loader belongs to this import alone
        return spec
