"""Libraries that open files in C: their entry points take the paths of the mounts, also when they are imported later."""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from lakewright.storage.fuse.databases import connecting
from lakewright.storage.fuse.mounted_path import Mounts
from lakewright.storage.fuse.path_text import text_of

Put = Callable[[Any, str, Any], None]
# By the name of the calling function and the arguments after the path: whether the file is read, and whether it is written.
Uses = Callable[[str, tuple[Any, ...], dict[str, Any]], tuple[bool, bool]]

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
            original, uses = _plain(getattr(module, name)), _USES.get(module.__name__)
            call = _by_path(original, mounts, uses) if uses else connecting(original, mounts)
            call.is_of_mounts = True  # type: ignore[attr-defined]  # a module may have imported it from another one
            put(module, name, call)


def _by_path(original: Callable[..., Any], mounts: Mounts, uses: Uses) -> Callable[..., Any]:
    @functools.wraps(original)
    def call(path: Any, *args: Any, **options: Any) -> Any:
        found = mounts.find(_without_scheme(path))
        if found is None:
            return original(path, *args, **options)
        code = sys._getframe(1).f_code
        caller = getattr(code, "co_qualname", code.co_name)  # Python 3.10 knows the last name only
        reads, writes = uses(caller, args, options)
        return original(found.for_opening(reads=reads, writes=writes), *args, **options)

    return call


def _without_scheme(path: Any) -> Any:
    """Return the path of a `file:` address, which Arrow takes too; any other value as it is."""
    text = text_of(path)
    return unquote(urlsplit(text).path) if text and text.startswith("file:") else path


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the library's own function, which a module may have taken from another one when that was replaced already."""
    while getattr(function, "is_of_mounts", False):
        function = vars(function)["__wrapped__"]
    return function


def _by_mode(_caller: str, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[bool, bool]:
    mode = str(options.get("mode", args[0] if args else "r"))
    return "r" in mode or "+" in mode, any(sign in mode for sign in "wax+")


def _by_caller(caller: str, _args: tuple[Any, ...], _options: dict[str, Any]) -> tuple[bool, bool]:
    """Arrow looks a path up by one function, to read and to write."""
    if "copy" in caller:
        return True, True
    writes = "write" in caller.lower()
    return not writes, writes


_USES: dict[str, Uses] = {
    "numpy.lib._datasource": _by_mode,
    "pyarrow.fs": _by_caller,
    "pyarrow.parquet.core": _by_caller,
}


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
