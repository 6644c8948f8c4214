"""What a forked process is to be: a program with its arguments, environment, folder and streams."""

from __future__ import annotations

import codecs
import faulthandler
import importlib
import io
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

_BLOCK = 1 << 16
_WHOLE = b"\n"  # the last byte
_ERROR = 2  # the descriptor of standard error
_OWN = ("lakewright", "databricks_utils")
# The process that started the one whose place a program takes; `databricks_utils.pytest_plugin` reads it.
PARENT_VARIABLE = "LAKEWRIGHT_PARENT_PID"


@dataclass(frozen=True)
class Program:
    """A function, and the process in which it is to run.

    Attributes:
        function: `module:name`; its result is the exit code, as for a console script.
        environment: The whole environment of the process.
        cwd: Its working folder.
        umask: The permissions that new files do not get.
        argv: `sys.argv`.
        first_path: The first folder of its import path, which Python chooses by how it was started; empty for none.
        ignored: Numbers of the signals that it ignores from the start.
        fresh: Whether our own packages are imported again; for pytest, which changes modules while it imports them.
    """

    function: str
    environment: Mapping[str, str]
    cwd: str
    umask: int
    argv: tuple[str, ...] = ("",)
    first_path: str = ""
    ignored: tuple[int, ...] = ()
    fresh: bool = False

    def send(self, descriptor: int) -> None:
        """Write it into a pipe: to the new process alone, because it holds secrets."""
        left = memoryview(json.dumps(asdict(self)).encode() + _WHOLE)
        while left:
            left = left[os.write(descriptor, left) :]

    @classmethod
    def receive(cls, descriptor: int) -> Program | None:
        """Read one from a pipe; None if the other end was closed before: the caller does without this process."""
        parts = []
        while part := os.read(descriptor, _BLOCK):
            parts.append(part)
        text = b"".join(parts)
        if not text.endswith(_WHOLE):
            return None
        given = json.loads(text)
        return cls(**{**given, "argv": tuple(given["argv"]), "ignored": tuple(given["ignored"])})

    def prepare(self) -> None:
        """Give this process, which was just forked, the environment, the folder and the streams of the program."""
        os.umask(self.umask)
        os.chdir(self.cwd)
        os.environ.clear()
        os.environ.update(self.environment)
        time.tzset()
        for number in self.ignored:
            signal.signal(number, signal.SIG_IGN)
        open_streams(self.environment)
        sys.argv = list(self.argv)
        sys.modules["__main__"] = ModuleType("__main__")
        if self.first_path:
            sys.path.insert(0, self.first_path)
        if self.fresh:
            for name in [name for name in sys.modules if name.partition(".")[0] in _OWN]:
                del sys.modules[name]

    def run(self) -> int | str | None:
        """Call the function."""
        module, _, name = self.function.partition(":")
        result: int | str | None = getattr(importlib.import_module(module), name)()
        return result


def this_process(function: str, *, fresh: bool = False) -> Program:
    """Return the program that takes the place of this process.

    Raises:
        FileNotFoundError: The working folder was removed.
    """
    umask = os.umask(0o077)
    os.umask(umask)
    ignored = [number for number in signal.valid_signals() if signal.getsignal(number) is signal.SIG_IGN]
    return Program(
        function,
        {**os.environ, PARENT_VARIABLE: str(os.getppid())},
        str(Path.cwd()),
        umask,
        tuple(sys.argv),
        _first_path(),
        tuple(map(int, ignored)),
        fresh,
    )


def _first_path() -> str:
    if sys.flags.safe_path:
        return ""
    started_as_module = getattr(sys.modules["__main__"], "__spec__", None) is not None
    return str(Path.cwd() if started_as_module else Path(sys.argv[0]).resolve().parent)


def open_streams(environ: Mapping[str, str]) -> None:
    """Open the standard streams of this process anew, as an interpreter with this environment would."""
    encoding, _, errors = environ.get("PYTHONIOENCODING", "").partition(":")
    unbuffered = bool(environ.get("PYTHONUNBUFFERED"))
    default = sys.__stdout__
    assert default is not None, "a process that forks others has a log"
    encoding = codecs.lookup(encoding or default.encoding).name
    errors = errors or default.errors or "strict"
    errors_of = (errors, errors, "backslashreplace")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = _stream(number, name, encoding, errors_of[number], unbuffered=unbuffered)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    if environ.get("PYTHONFAULTHANDLER"):
        faulthandler.enable()


def _stream(number: int, name: str, encoding: str, errors: str, *, unbuffered: bool) -> TextIO:
    raw = io.FileIO(number, "r" if number == 0 else "w", closefd=False)
    raw.name = f"<{name}>"
    binary: Any = io.BufferedReader(raw) if number == 0 else raw if unbuffered else io.BufferedWriter(raw)
    newline = None if number == 0 else "\n"
    lines = not unbuffered and (number == _ERROR or raw.isatty())
    return io.TextIOWrapper(binary, encoding, errors, newline, line_buffering=lines, write_through=unbuffered)
