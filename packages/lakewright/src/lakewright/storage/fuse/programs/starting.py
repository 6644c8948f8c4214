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
from lakewright.storage.fuse.path_text import text_of
from lakewright.storage.fuse.programs.program_uses import SHELLS, changed, changes_trees
from lakewright.storage.fuse.programs.shell_words import Word, words_of

_ARGUMENT = re.compile(r"(?P<before>--?[\w-]+=|\w+=|-[A-Za-z](?=/)|)(?P<path>.*)", re.DOTALL)
# In a script a path ends where a quote, a blank or a sign of the shell is; `*` and `$x` after it stay for the shell.
_IN_SCRIPT = re.compile(r"(?<![\w./~-])/(?:Volumes|dbfs|Workspace)(?:/[\w.+@%=-]+)*")
_MOUNTED = re.compile(r"/(?:Volumes|dbfs|Workspace)(?:/.*)?", re.DOTALL)
_PATTERN = re.compile(r"[*?\[$`{]")  # the shell puts names in its place
_UNQUOTED = re.compile(r"[\w./+@%=-]+")


def put_in_place(mounts: Mounts, put: Callable[[Any, str, Any], None]) -> None:
    """Replace the functions that start programs."""
    put(subprocess.Popen, "__init__", _starting(subprocess.Popen.__init__, mounts))
    put(os, "system", _system(os.system, mounts))


def translated(mounts: Mounts, arguments: Any, *, shell: bool, folder: str | None = None) -> Any:
    """Return a program's arguments with the paths of the mounts replaced.

    Args:
        mounts: The mounts.
        arguments: The arguments, as `subprocess` takes them.
        shell: Whether a shell gets them.
        folder: The program's current folder; by default that of this process.

    Raises:
        OSError: A path has no place, such as one in a volume that does not exist.
    """
    if isinstance(arguments, str):
        return script(mounts, arguments, folder) if shell else argument(mounts, arguments)
    if isinstance(arguments, bytes | PurePath) or not isinstance(arguments, Sequence):
        return arguments
    words = list(arguments)
    if shell:
        is_script = bool(words) and isinstance(words[0], str)
        return [script(mounts, words[0], folder), *words[1:]] if is_script else words
    at = _script_at(words)
    texts = [text_of(word) or "" for word in words]
    in_tree = changes_trees(texts)
    for place, changes in enumerate(changed(texts)):
        if place == at:
            words[place] = script(mounts, words[place], folder)
        else:
            _check_behind(mounts, Word(texts[place], 0, 0, changes, in_tree), folder)
            words[place] = argument(mounts, words[place], changes=changes)
    return words


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
    if match is None or not _MOUNTED.fullmatch(match["path"]):
        return word
    found = mounts.find(match["path"])
    return word if found is None else match["before"] + found.for_opening(reads=True, writes=changes)


def script(mounts: Mounts, text: str, folder: str | None = None) -> str:
    """Return a shell's script with the paths of the mounts replaced.

    Raises:
        OSError: A path has no place, or its place has a blank or a quote in its path, which would break the script.
    """
    words = words_of(text)
    for word in words:
        _check_behind(mounts, word, folder)

    def replaced(match: re.Match[str]) -> str:
        found = mounts.find(match[0])
        if found is None:
            return match[0]
        changes = any(word.changes and word.start <= match.start() < word.end for word in words)
        place = found.for_opening(reads=True, writes=changes)
        if not _UNQUOTED.fullmatch(place):
            raise OSError(
                f"{match[0]} cannot be used in a shell here: its folder's path has a blank or a quote "
                f"({place}; fix: pass it as an argument to subprocess.run([...]))"
            )
        return place

    return _IN_SCRIPT.sub(replaced, text)


def _check_behind(mounts: Mounts, word: Word, folder: str | None) -> None:
    """Ask for the rights on a path that is in the folder behind a volume, and on all volumes below a folder above."""
    match = _ARGUMENT.fullmatch(word.value)
    path = match["path"] if match else ""
    if not mounts.are_held or not path or _MOUNTED.fullmatch(path):
        return
    found = mounts.find(path, in_folder=folder)
    if found is not None:
        found.for_opening(reads=True, writes=word.changes)
        return
    pattern = _PATTERN.search(path)
    known = path[: path.rfind("/", 0, pattern.start()) + 1] if pattern else path
    whole = word.changes and word.in_tree and not pattern
    mounts.check_volumes_below(known or ".", writes=word.changes, in_folder=folder, in_state=not whole)


def _script_at(words: Sequence[Any]) -> int | None:
    """Return the place of the script in `bash -e -c script`, or None for another program."""
    if not words or PurePath(os.fsdecode(words[0])).name not in SHELLS:
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
        at = text_of(options.get("cwd"))
        words = translated(mounts, args, shell=bool(options.get("shell")), folder=at)
        original(self, words, *more, **options)

    return start


def _system(original: Callable[[Any], int], mounts: Mounts) -> Callable[[Any], int]:
    @functools.wraps(original)
    def system(command: Any) -> int:
        return original(script(mounts, command) if isinstance(command, str) else command)

    return system
