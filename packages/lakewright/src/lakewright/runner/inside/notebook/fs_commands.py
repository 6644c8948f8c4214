"""`%fs`: a call of `dbutils.fs` as words: `%fs rm -r /a`, `%fs cp -r /a /b`, `%fs head --maxBytes=10 /f`.

Options stand before or behind the paths. Words are text, so numbers and `true` are converted for the method's parameter.
"""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Callable
from typing import Any

from lakewright.runner.errors import NotebookError
from lakewright.runner.inside.dbutils.filesystem import FileSystem

_OPTION = re.compile(r"--(?P<name>[A-Za-z]\w*)(?:=(?P<value>.*))?", re.DOTALL)
_SHORT = {"-r": "recurse"}
_TRUTHS = {"true": True, "false": False}
# `%fs ls` without a path lists the root of DBFS.
_DEFAULTS = {"ls": "/"}


class FsUsageError(NotebookError, TypeError):
    """Raised when the words behind `%fs` are not a call of `dbutils.fs`."""


def run_fs(fs: FileSystem, source: str, place: str) -> Any:
    """Call the method that the words of a `%fs` cell name, and return its result.

    Args:
        fs: `dbutils.fs`.
        source: What follows `%fs`.
        place: The cell, for errors.

    Raises:
        FsUsageError: There is no such method, or it has other parameters.
    """
    try:
        name, *words = shlex.split(source)
    except ValueError as error:
        raise _no_command(source, place) from error
    method = getattr(fs, name, None) if name in commands() else None
    if method is None:
        raise _no_command(source, place)
    try:
        arguments = _arguments(inspect.signature(method), words, _DEFAULTS.get(name))
    except ValueError as error:
        raise FsUsageError(
            f"`%fs {source.strip()}`: {error}", location=place, fix=f"write `{usage(name, method)}`"
        ) from error
    return method(**arguments)


def commands() -> tuple[str, ...]:
    """The names that may follow `%fs`."""
    return tuple(name for name in vars(FileSystem) if not name.startswith("_"))


def usage(name: str, method: Callable[..., Any]) -> str:
    """How to call a method by `%fs`.

    Examples:
        >>> usage("rm", lambda path, recurse=False: True)
        '%fs rm [-r] PATH'
        >>> usage("head", lambda file, max_bytes=9: "")
        '%fs head [--maxBytes=9] FILE'
    """
    parameters = inspect.signature(method).parameters.values()
    options = [f"[{_option(each)}]" for each in parameters if each.default is not inspect.Parameter.empty]
    needed = [each.name.upper() for each in parameters if each.default is inspect.Parameter.empty]
    if name in _DEFAULTS:
        needed = [f"[{word}]" for word in needed]
    return " ".join(["%fs", name, *options, *needed])


def _no_command(source: str, place: str) -> FsUsageError:
    written = f"%fs {source.strip()}".strip()
    names = ", ".join(commands())
    return FsUsageError(
        f"`{written}` is not known", location=place, fix=f"write `%fs COMMAND PATH`; the commands are {names}"
    )


def _arguments(signature: inspect.Signature, words: list[str], default: str | None) -> dict[str, Any]:
    """The arguments of a call.

    Raises:
        ValueError: The words do not fit the parameters.
    """
    left = dict(signature.parameters)
    found: dict[str, Any] = {}
    plain: list[str] = []
    for word in words:
        option = _named(word)
        if option is None:
            plain.append(word)
        elif option[0] in left:
            found[option[0]] = _converted(left.pop(option[0]), option[1])
        else:
            raise ValueError(f"there is no option `{word}`")
    if default is not None and not plain and not found:
        plain = [default]
    if len(plain) > len(left):
        raise ValueError(f"`{plain[len(left)]}` is one argument too many")
    for parameter, word in zip(left.values(), plain, strict=False):
        found[parameter.name] = _converted(parameter, word)
    missing = [name for name, each in left.items() if each.default is each.empty and name not in found]
    if missing:
        raise ValueError(f"{missing[0].upper()} is missing")
    return found


def _named(word: str) -> tuple[str, str] | None:
    """The parameter that an option sets, spelled as Python does, and its value; None for another word."""
    if word in _SHORT:
        return _SHORT[word], "true"
    match = _OPTION.fullmatch(word)
    if match is None:
        return None if not word.startswith("-") else (word, "")
    name = re.sub(r"(?<=[a-z])[A-Z]", lambda letter: "_" + letter[0], match["name"]).lower()
    return name, "true" if match["value"] is None else match["value"]


def _converted(parameter: inspect.Parameter, word: str) -> str | int | bool:
    if isinstance(parameter.default, bool):
        if word.lower() not in _TRUTHS:
            raise ValueError(f"`{word}` is neither true nor false")
        return _TRUTHS[word.lower()]
    if isinstance(parameter.default, int):
        if not word.isdecimal():
            raise ValueError(f"`{word}` is not a number")
        return int(word)
    return word


def _option(parameter: inspect.Parameter) -> str:
    short = next((flag for flag, name in _SHORT.items() if name == parameter.name), None)
    if short:
        return short
    name = re.sub(r"_([a-z])", lambda match: match[1].upper(), parameter.name)
    if isinstance(parameter.default, bool):
        return f"--{name}"
    shown = parameter.default if isinstance(parameter.default, int) else parameter.name.upper()
    return f"--{name}={shown}"
