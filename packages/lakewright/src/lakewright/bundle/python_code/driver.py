"""The program that runs a bundle's Python code; the interpreter that the bundle names executes it, from Python 3.10 on.

It imports `databricks-bundles` once and runs each phase in a copy of itself (`fork`), so that no phase sees what the code
of another one has left in memory: the result is that of one `python -m databricks.bundles.build` for each phase. A request may name
another program, which finds the library imported.
It says when it is ready, reads requests from stdin, one JSON object a line, and answers each with one line on stdout.
"""

import faulthandler
import functools
import gc
import importlib
import importlib.util
import json
import os
import reprlib
import runpy
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn, TextIO

MODULE = "databricks.bundles.build"
MUTATORS = "databricks.bundles.core._resource_mutator"
LIBRARY = "databricks.bundles.core._resource_type"  # names the classes of all resources, which take longest to import


def main() -> None:
    """Answer requests until stdin ends."""
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = os.getcwd()  # noqa: PTH109 - as `python -m` has it
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # only answers go to stdout
    gc.disable()  # what the import makes stays: without collections it takes a tenth less time
    missing = _import_library()
    gc.freeze()
    gc.enable()
    _send(answers, {"ready": not missing})
    for line in sys.stdin:
        request = json.loads(line)
        if missing:
            answer: dict[str, object] = {"missing": missing}
        else:
            child = os.fork()
            if child == 0:
                answers.close()
                _run_phase(request)
                return
            answer = {"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}
        if answer.get("code"):
            answer["version"] = _version()
        _send(answers, answer)


def _send(answers: TextIO, answer: dict[str, object]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def _import_library() -> str:
    """Return why the library cannot be imported; empty if it can be, or if only its phases can say what is wrong with it."""
    try:
        if importlib.util.find_spec(MODULE) is None:
            return f"No module named '{MODULE}'"
    except ModuleNotFoundError as error:
        return str(error)
    try:
        importlib.import_module(LIBRARY)._ResourceType.all()
    except Exception:  # noqa: BLE001 - an older library has other modules; what is broken fails in its phase, with a traceback
        return ""
    return ""


def _run_phase(request: dict[str, Any]) -> None:
    """Become the process of a phase: its output goes to files, it has nothing to read, and its time is limited.

    The asker ends it in time; the alarm is for an asker that was killed.
    """
    signal.alarm(int(request["seconds"]) + 10)
    for path, mode, number in (
        (os.devnull, os.O_RDONLY, 0),
        (request["output"], os.O_WRONLY | os.O_CREAT, 1),
        (request["errors"], os.O_WRONLY | os.O_CREAT, 2),
    ):
        opened = os.open(path, mode, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - what was read ahead belongs to the parent
    program = request.get("program")
    sys.argv = [program or MODULE, *request["arguments"]]
    if program is None:
        _check_mutators()
    with open(request["stack"], "w", encoding="utf-8") as stack:  # noqa: PTH123 - as above
        _note_the_stack(stack, request["seconds"])
        try:
            if program is None:
                runpy.run_module(MODULE, run_name="__main__", alter_sys=True)
            else:
                runpy.run_path(program, run_name="__main__")
        except SystemExit as end:
            for frame in reversed(traceback.extract_tb(end.__traceback__)):
                stack.write(f'  File "{frame.filename}", line {frame.lineno} in {frame.name}\n')
            raise
        finally:
            faulthandler.cancel_dump_traceback_later()
            faulthandler.disable()


def _note_the_stack(stack: TextIO, seconds: float) -> None:
    """Have it written where the code is when its time is nearly over, when it crashes, and when it ends its own process."""
    faulthandler.enable(file=stack)
    faulthandler.dump_traceback_later(seconds * 0.9, file=stack)
    end, process = os._exit, os.getpid()

    def noted(status: int) -> NoReturn:
        if os.getpid() == process:  # not a process that the code has started
            faulthandler.dump_traceback(file=stack, all_threads=False)
        end(status)

    os._exit = noted


class _Checked:
    """A mutator's function whose result is checked at once: the library notices a wrong one only at its end, without saying whose it is."""

    def __init__(self, function: Callable[..., Any], kind: str) -> None:
        functools.update_wrapper(self, function)
        self.__code__ = getattr(function, "__code__", None)  # the library takes the place from it
        self._function, self._kind = function, kind

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401 - any resource
        result = self._function(*arguments)
        if not hasattr(result, "as_dict"):
            raise TypeError(f"it returns {reprlib.repr(result)}, no {self._kind}")
        return result


def _check_mutators() -> None:
    """Check what mutators return; a library whose mutators are made in another way stays as it is."""
    try:
        mutator = importlib.import_module(MUTATORS).ResourceMutator
        make = mutator.__init__
    except (ImportError, AttributeError):
        return

    def made(self: Any, resource_type: type, function: Callable[..., Any]) -> None:  # noqa: ANN401 - a mutator
        make(self, resource_type=resource_type, function=_Checked(function, resource_type.__name__))

    mutator.__init__ = made


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("databricks-bundles")
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main()
