"""The functions of `os` and the builtin `open`, with paths below a mount turned into paths of this machine."""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lakewright.storage import Level, Place
from lakewright.storage.fuse.listing import names_of, scan_of
from lakewright.storage.fuse.mounted_path import MountedPath, Mounts, cannot_make_volume, not_supported
from lakewright.storage.fuse.path_text import same_kind

Function = Callable[..., Any]

_KNOW = ("stat", "lstat", "readlink", "statvfs", "getxattr", "listxattr", "pathconf")
_WRITE = (
    *(
        "truncate",
        "chmod",
        "chown",
        "lchown",
        "lchmod",
        "utime",
        "mkfifo",
        "mknod",
        "setxattr",
        "removexattr",
    ),
    "chflags",
)
_REMOVE = ("rmdir", "remove", "unlink")
_RENAME = ("rename", "replace")


def wrapped(mounts: Mounts) -> dict[str, Function]:
    """Return the functions of `os` to put in place, by name; those that this system lacks are left out."""
    kinds: tuple[tuple[tuple[str, ...], Callable[[Function, Mounts], Function]], ...] = (
        (_KNOW, _knowing),
        (("access",), _accessing),
        (("chdir",), _changing_folder),
        (_WRITE, _writing),
        (_REMOVE, _removing),
        (_RENAME, _renaming),
        (("link",), _linking),
        (("symlink",), _linking_by_name),
        (("mkdir",), _making),
        (("open",), _opening_descriptor),
        (("listdir",), _listing),
        (("scandir",), _scanning),
    )
    return {
        name: make(getattr(os, name), mounts) for names, make in kinds for name in names if hasattr(os, name)
    }


def opening(original: Function, mounts: Mounts) -> Function:
    """Return `open` for the paths of the mounts."""

    @functools.wraps(original)
    def open_(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
        found = mounts.find(file)
        if found is None:
            return original(file, mode, *args, **options)
        if isinstance(found.target, Level):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), found.text)
        changes = any(sign in mode for sign in "wax+")
        reads = "r" in mode or "+" in mode or not changes
        return original(
            same_kind(file, found.for_opening(reads=reads, writes=changes)), mode, *args, **options
        )

    return open_


def removing_tree(original: Function, mounts: Mounts) -> Function:
    """Return `shutil.rmtree`, which removes the files of a folder by its descriptor and asks for the folder's path last."""

    @functools.wraps(original)
    def rmtree(path: Any, *args: Any, **options: Any) -> Any:
        at = options.get("dir_fd")
        found = mounts.find(path, at_descriptor=at)
        mounts.check_holds_no_volume(path, at_descriptor=at)
        if found is not None:
            found.check_content_is_removable()
        return original(path, *args, **options)

    return rmtree


def _knowing(original: Function, mounts: Mounts) -> Function:
    @functools.wraps(original)
    def know(path: Any = ".", *args: Any, **options: Any) -> Any:
        found = mounts.find(path, at_descriptor=options.get("dir_fd"))
        return original(path if found is None else same_kind(path, found.for_knowing), *args, **options)

    return know


def _accessing(original: Function, mounts: Mounts) -> Function:
    @functools.wraps(original)
    def access(path: Any, mode: int, **options: Any) -> bool:
        found = mounts.find(path, at_descriptor=options.get("dir_fd"))
        if found is None:
            return bool(original(path, mode, **options))
        try:
            place = found.for_opening(reads=bool(mode & os.R_OK), writes=bool(mode & os.W_OK))
            place = place if mode & (os.R_OK | os.W_OK) else found.for_knowing
        except PermissionError:
            return False
        return bool(original(same_kind(path, place), mode, **options))

    return access


def _changing_folder(original: Function, mounts: Mounts) -> Function:
    """Return `os.chdir`: relative paths are not seen here, so it takes all that can be done by them."""

    @functools.wraps(original)
    def chdir(path: Any) -> None:
        found = mounts.find(path)
        if found is None:
            original(path)
        else:
            is_level = isinstance(found.target, Level)
            original(same_kind(path, found.for_opening(reads=True, writes=not is_level)))

    return chdir


def _writing(original: Function, mounts: Mounts) -> Function:
    @functools.wraps(original)
    def write(path: Any, *args: Any, **options: Any) -> Any:
        found = mounts.find(path, at_descriptor=options.get("dir_fd"))
        return original(path if found is None else same_kind(path, found.for_writing()), *args, **options)

    return write


def _removing(original: Function, mounts: Mounts) -> Function:
    @functools.wraps(original)
    def remove(path: Any, *args: Any, **options: Any) -> Any:
        at = options.get("dir_fd")
        found = mounts.find(path, at_descriptor=at)
        if found is None:
            mounts.check_holds_no_volume(path, at_descriptor=at)
        return original(path if found is None else same_kind(path, found.for_removing()), *args, **options)

    return remove


def _renaming(original: Function, mounts: Mounts) -> Function:
    @functools.wraps(original)
    def rename(src: Any, dst: Any, **options: Any) -> Any:
        ends = ((src, options.get("src_dir_fd")), (dst, options.get("dst_dir_fd")))
        start, end = (mounts.find(path, at_descriptor=at) for path, at in ends)
        for path, at in ends:
            mounts.check_holds_no_volume(path, at_descriptor=at)
        if start is not None and not _in_one_volume(start, end):
            _ = start.for_reading  # elsewhere it can be read
        source = src if start is None else same_kind(src, start.for_replacing())
        target = dst if end is None else same_kind(dst, end.for_replacing())
        return original(source, target, **options)

    return rename


def _in_one_volume(one: MountedPath, other: MountedPath | None) -> bool:
    places = [found.target for found in (one, other) if found is not None and isinstance(found.target, Place)]
    return len(places) == len((one, other)) and places[0].volume == places[1].volume


def _linking(original: Function, mounts: Mounts) -> Function:
    """Return `os.link`: a file of a mount has no second name, by which it could be changed with no right on the volume."""

    @functools.wraps(original)
    def link(src: Any, dst: Any, *args: Any, **options: Any) -> Any:
        _refuse_link(mounts, dst, options.get("dst_dir_fd"))
        start = mounts.find(src, at_descriptor=options.get("src_dir_fd"))
        if start is not None:
            _ = start.for_reading
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), start.text, None, os.fsdecode(dst))
        return original(src, dst, *args, **options)

    return link


def _linking_by_name(original: Function, mounts: Mounts) -> Function:
    """Return `os.symlink`: what is reached by the link is not seen here, so it takes all that can be done by it."""

    @functools.wraps(original)
    def symlink(src: Any, dst: Any, *args: Any, **options: Any) -> Any:
        _refuse_link(mounts, dst, options.get("dir_fd"))
        folder = str(Path(os.fsdecode(dst)).absolute().parent)
        start = mounts.find(src, in_folder=folder)
        mounts.check_volumes_below(src, writes=True, in_folder=folder)
        is_level = start is None or isinstance(start.target, Level)
        place = src if start is None else same_kind(src, start.for_opening(reads=True, writes=not is_level))
        return original(place, dst, *args, **options)

    return symlink


def _refuse_link(mounts: Mounts, path: Any, at_descriptor: Any) -> None:
    found = mounts.find(path, at_descriptor=at_descriptor)
    if found is not None:
        raise not_supported(found.text, "copy the file; storage in the cloud has no links")


def _making(original: Function, mounts: Mounts) -> Function:
    @functools.wraps(original)
    def mkdir(path: Any, *args: Any, **options: Any) -> Any:
        try:
            found = mounts.find(path, at_descriptor=options.get("dir_fd"))
        except FileNotFoundError:
            refused = cannot_make_volume(os.fsdecode(path))
            if refused is not None:
                raise refused from None
            raise
        if found is None:
            return original(path, *args, **options)
        if isinstance(found.target, Level):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), found.text)
        return original(same_kind(path, found.for_writing()), *args, **options)

    return mkdir


def _opening_descriptor(original: Function, mounts: Mounts) -> Function:
    @functools.wraps(original)
    def open_(path: Any, flags: int, *args: Any, **options: Any) -> int:
        found = mounts.find(path, at_descriptor=options.get("dir_fd"))
        if found is None:
            return int(original(path, flags, *args, **options))
        if isinstance(found.target, Level) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), found.text)
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND))
        place = found.for_opening(reads=not flags & os.O_WRONLY, writes=writes)
        return int(original(same_kind(path, place), flags, *args, **options))

    return open_


def _listing(original: Function, mounts: Mounts) -> Function:
    @functools.wraps(original)
    def listdir(path: Any = ".") -> Any:
        found = mounts.find(path)
        if found is None:
            return original(path)
        names = names_of(found, original)
        return [os.fsencode(name) for name in names] if isinstance(path, bytes) else names

    return listdir


def _scanning(original: Function, mounts: Mounts) -> Function:
    @functools.wraps(original)
    def scandir(path: Any = ".") -> Any:
        found = mounts.find(path)
        return original(path) if found is None else scan_of(found, original)

    return scandir
