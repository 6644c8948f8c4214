"""Puts the functions of the mounts in place, for the whole process, and takes them away again.

A cluster mounts `/Volumes`, `/dbfs` and `/Workspace` in its kernel. A laptop would need root for that, so the functions by which Python
reaches files are replaced. Code in C that opens files by itself does not see the mounts; it finds no file, and cannot
write one beside, since no folder `/Volumes` exists.
"""

from __future__ import annotations

import builtins
import glob
import io
import os
import shutil
import sys
from collections.abc import Callable
from typing import Any

from lakewright.storage import Storage
from lakewright.storage.fuse import imports, libraries, programs
from lakewright.storage.fuse.functions import opening, removing_tree, wrapped
from lakewright.storage.fuse.mounted_path import Mounts, VolumeRights
from lakewright.storage.fuse.raw_files import raw_file

# Modules that keep `open` under a name of their own; a notebook's `open` is IPython's.
_KEPT_OPENS = (
    ("bz2", "_builtin_open"),
    ("tarfile", "bltn_open"),
    ("tokenize", "_builtin_open"),
    ("IPython.core.interactiveshell", "io_open"),
    ("numpy.lib._datasource", "_open"),
)
# `shutil` and others ask these sets whether a function takes a descriptor or follows links.
_ABILITIES = ("supports_dir_fd", "supports_fd", "supports_follow_symlinks", "supports_effective_ids")

_unmount: list[Callable[[], None]] = []  # of what is mounted now


def mount(storage: Storage, rights: VolumeRights | None = None) -> Callable[[], None]:
    """Mount `/Volumes`, `/dbfs` and `/Workspace` for this process, in place of what was mounted before.

    Args:
        storage: Where paths lead.
        rights: What the principal of this process may do with volumes; None if nothing is refused to it.

    Returns:
        A function that unmounts them.
    """
    if _unmount:
        _unmount[-1]()
    storage.dbfs.mkdir(parents=True, exist_ok=True)
    mounts = Mounts(storage, rights)
    changes: list[tuple[Any, str, Any]] = []

    def put(owner: Any, name: str, value: Any) -> None:
        changes.append((owner, name, vars(owner)[name]))
        setattr(owner, name, value)

    functions = wrapped(mounts)
    added = _abilities(functions)
    for ability, function in added:
        ability.add(function)
    for name, function in functions.items():
        put(os, name, function)
    open_ = opening(builtins.open, mounts)
    for owner, name in ((builtins, "open"), (io, "open"), *_kept_opens()):
        put(owner, name, open_)
    put(io, "FileIO", raw_file(mounts))
    put(shutil, "rmtree", removing_tree(shutil.rmtree, mounts))
    openers = _numpy_openers()
    kept = openers.get(None)
    if kept is not None:
        openers[None] = open_
    for globber in _globbers():
        put(globber, "scandir", staticmethod(functions["scandir"]))
    programs.put_in_place(mounts, put)
    forget = libraries.put_in_place(mounts, put)
    stop_imports = imports.put_in_place(mounts)

    def unmount() -> None:
        if unmount not in _unmount:
            return
        _unmount.remove(unmount)
        stop_imports()
        forget()
        if kept is not None:
            openers[None] = kept
        for owner, name, value in reversed(changes):
            setattr(owner, name, value)
        for ability, function in added:
            ability.discard(function)

    _unmount.append(unmount)
    return unmount


def _abilities(functions: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The sets of `os` that hold a function, with the one in its place."""
    return [
        (getattr(os, ability), functions[name])
        for ability in _ABILITIES
        for name in functions
        if getattr(os, name) in getattr(os, ability)
    ]


def _numpy_openers() -> dict[str | None, Any]:
    """The functions by which `numpy.loadtxt` and `savetxt` open a file, by its ending; numpy keeps `open` when it is loaded."""
    kept = getattr(sys.modules.get("numpy.lib._datasource"), "_file_openers", None)
    return getattr(kept, "_file_openers", {})


def _globbers() -> list[type]:
    """The classes by which `pathlib` looks for patterns from Python 3.13 on; they keep `os.scandir`."""
    found = [getattr(glob, name, None) for name in ("_GlobberBase", "_Globber", "_StringGlobber")]
    return [kind for kind in found if isinstance(kind, type) and "scandir" in vars(kind)]


def _kept_opens() -> list[tuple[Any, str]]:
    loaded = [(sys.modules[module], name) for module, name in _KEPT_OPENS if module in sys.modules]
    return [(module, name) for module, name in loaded if hasattr(module, name)]
