"""Paths of the mounts in the arguments of programs: `subprocess`, `os.system` and `%sh`.

A program does not see the mounts, so a path that is a whole argument, or a word of a shell's script, is replaced by the
path on this machine. A path that a program builds or reads by itself stays as it is.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any

from lakewright.storage.fuse.mounted_path import Mounts

_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh"})
_ARGUMENT = re.compile(r"(?P<before>--?[\w-]+=|)(?P<path>/(?:Volumes|dbfs|Workspace)(?:/.*)?)", re.DOTALL)
# In a script a path ends where a quote, a blank or a sign of the shell is; `*` and `$x` after it stay for the shell.
_IN_SCRIPT = re.compile(r"(?<![\w./~-])/(?:Volumes|dbfs|Workspace)(?:/[\w.+@%=-]+)*")
_UNQUOTED = re.compile(r"[\w./+@%=-]+")
# What a program does with a path is not known. These change files, and so does `>` in a script: they take the right to write.
_CHANGING = frozenset(
    {
        *("chmod", "chown", "cp", "dd", "install", "ln", "mkdir", "mv", "rm", "rmdir", "rsync", "sed", "tar"),
        *("tee", "touch", "truncate", "unzip", "wget", "curl", "gzip", "gunzip", "zip"),
    }
)
_WORD = re.compile(r"[\w.-]+")


def put_in_place(mounts: Mounts, put: Callable[[Any, str, Any], None]) -> None:
    """Replace the functions that start programs."""
    put(subprocess.Popen, "__init__", _starting(subprocess.Popen.__init__, mounts))
    put(os, "system", _system(os.system, mounts))


def translated(mounts: Mounts, arguments: Any, *, shell: bool) -> Any:
    """Return a program's arguments with the paths of the mounts replaced.

    Raises:
        OSError: A path has no place, such as one in a volume that does not exist.
    """
    if isinstance(arguments, str):
        return script(mounts, arguments) if shell else argument(mounts, arguments)
    if isinstance(arguments, bytes | PurePath) or not isinstance(arguments, Sequence):
        return arguments
    words = list(arguments)
    if shell:
        return [script(mounts, words[0]), *words[1:]] if words and isinstance(words[0], str) else words
    at = _script_at(words)
    changes = bool(words) and isinstance(words[0], str | PurePath) and PurePath(words[0]).name in _CHANGING
    return [
        script(mounts, word) if place == at else argument(mounts, word, changes=changes)
        for place, word in enumerate(words)
    ]


def argument(mounts: Mounts, word: Any, *, changes: bool = False) -> Any:
    """Return one argument: a path, or an option with a path after `=`.

    Args:
        mounts: The mounts.
        word: The argument.
        changes: Whether the program may change the file.

    Raises:
        PermissionError: The principal may not read, or not write, the volume.
    """
    text = os.fspath(word) if isinstance(word, PurePath) else word
    match = _ARGUMENT.fullmatch(text) if isinstance(text, str) else None
    found = mounts.find(match["path"]) if match else None
    return (
        word
        if match is None or found is None
        else match["before"] + found.for_opening(reads=True, writes=changes)
    )


def script(mounts: Mounts, text: str) -> str:
    """Return a shell's script with the paths of the mounts replaced.

    Raises:
        OSError: A path has no place, or its place has a blank or a quote in its path, which would break the script.
    """
    changes = ">" in text or not _CHANGING.isdisjoint(_WORD.findall(text))

    def replaced(match: re.Match[str]) -> str:
        found = mounts.find(match[0])
        if found is None:
            return match[0]
        place = found.for_opening(reads=True, writes=changes)
        if not _UNQUOTED.fullmatch(place):
            raise OSError(
                f"{match[0]} cannot be used in a shell here: its folder's path has a blank or a quote "
                f"({place}; fix: pass it as an argument to subprocess.run([...]))"
            )
        return place

    return _IN_SCRIPT.sub(replaced, text)


def _script_at(words: Sequence[Any]) -> int | None:
    """Return the place of the script in `bash -e -c script`, or None for another program."""
    if not words or PurePath(os.fsdecode(words[0])).name not in _SHELLS:
        return None
    for place, word in enumerate(words[1:-1], 1):
        if isinstance(word, str) and re.fullmatch(r"-\w*c", word):
            return place + 1
    return None


def _starting(original: Callable[..., None], mounts: Mounts) -> Callable[..., None]:
    @functools.wraps(original)
    def start(self: Any, args: Any, *more: Any, **options: Any) -> None:
        folder = mounts.find(options.get("cwd"))
        if folder is not None:
            options["cwd"] = folder.for_opening(reads=True, writes=True)
        original(self, translated(mounts, args, shell=bool(options.get("shell"))), *more, **options)

    return start


def _system(original: Callable[[Any], int], mounts: Mounts) -> Callable[[Any], int]:
    @functools.wraps(original)
    def system(command: Any) -> int:
        return original(script(mounts, command) if isinstance(command, str) else command)

    return system
