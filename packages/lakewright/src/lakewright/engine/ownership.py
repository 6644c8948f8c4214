"""Attach to a project's running engine, start one if none is running, or stop it. Each lakehouse folder has one engine."""

import os
import signal
import sys
import time
from pathlib import Path

from lakewright.engine import locks
from lakewright.engine.errors import EngineBusyError, EngineMismatchError
from lakewright.engine.handle import EngineHandle, read_handle
from lakewright.engine.jvm.heap import check_heap
from lakewright.engine.launch import START_TIMEOUT_SECONDS, launch
from lakewright.engine.layout import EngineFolder
from lakewright.engine.settings.engine_settings import EngineSettings
from lakewright.engine.settings.fixed import differences, fixed_settings

_HANDOVER_SECONDS = 15.0
_STOP_SECONDS = 60.0  # at its end, the first engine writes the class archive: 15 s of CPU
_POLL_SECONDS = 0.05


def ensure_engine(
    project: Path, *, settings: EngineSettings | None = None, import_client: bool = False
) -> EngineHandle:
    """Return the project's engine; start it if it is not running.

    Args:
        project: The project's root; its lakehouse is `<project>/.lakewright/lakehouse`.
        settings: The settings for a start. A running engine with other settings is not replaced.
        import_client: Import Spark's client while an engine starts; for a process that will attach.

    Raises:
        EngineBusyError: Another kind of process (a Spark of its own) uses the folder.
        EngineMismatchError: The running engine has another interpreter or other fixed settings.
        EngineStartError: The JVM did not start.
        HeapSizeError: The memory in the settings is not a size, or is too small for Spark.
        JvmOptionError: Java refuses an option in the settings.
    """
    folder = EngineFolder(project.absolute())
    settings = settings or EngineSettings()
    check_heap(settings)
    with locks.exclusive(folder.start_lock, timeout=START_TIMEOUT_SECONDS) as held:
        if not held:
            raise _busy(folder, "another process has been starting an engine for over two minutes")
        running = _await_owner(folder)
        return (
            _checked(running, settings) if running else launch(folder, settings, import_client=import_client)
        )


def engine_status(project: Path) -> EngineHandle | None:
    """Return the project's running engine, or None; start nothing."""
    handle = read_handle(EngineFolder(project.absolute()))
    return handle if handle and handle.is_alive() else None


def stop_engine(project: Path) -> bool:
    """Stop the project's engine and wait for it; return whether one was running.

    Raises:
        EngineBusyError: A process that this command must not or cannot stop uses the lakehouse: a Spark of its own, a
            process in another container or of another user, or a process that does not stop.
    """
    folder = EngineFolder(project.absolute())
    pid = locks.holder(folder.lock)
    if pid is None:
        return False
    if pid == 0:
        raise _busy(
            folder, "another process writes this lakehouse, and is not visible here (in another container?)"
        )
    if _is_other_spark(folder, pid):
        raise _busy(
            folder, f"another process writes this lakehouse: {pid}, a Spark of its own, not the engine"
        )
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:  # it has ended since
        pass
    except PermissionError as error:
        raise _busy(
            folder, f"another process writes this lakehouse: {pid}, which belongs to another user"
        ) from error
    if not _wait_for_release(folder, _STOP_SECONDS):
        os.kill(pid, signal.SIGKILL)
        if not _wait_for_release(folder, _STOP_SECONDS):
            raise _busy(folder, f"another process writes this lakehouse: {pid}, which does not stop")
    folder.state.unlink(missing_ok=True)
    return True


def _is_other_spark(folder: EngineFolder, pid: int) -> bool:
    """Return whether the lock's text names this process as a Spark that is no engine; another pid is that of an old owner."""
    return folder.lock.read_text(encoding="utf-8").split() == ["session", str(pid)]


def _await_owner(folder: EngineFolder) -> EngineHandle | None:
    """Return the handle of the folder's owner, or None; wait if the owner is stopping."""
    deadline = time.monotonic() + _HANDOVER_SECONDS
    while (pid := locks.holder(folder.lock)) is not None:
        handle = read_handle(folder)
        if handle and handle.is_alive():
            return handle
        if time.monotonic() > deadline:
            raise _busy(
                folder,
                f"another process writes this lakehouse: {pid or '(unknown)'}, which accepts no connection",
            )
        time.sleep(_POLL_SECONDS)
    return None


def _wait_for_release(folder: EngineFolder, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while locks.holder(folder.lock) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _checked(handle: EngineHandle, settings: EngineSettings) -> EngineHandle:
    fix = "stop it with `lakewright engine stop`; the next command starts one with the right settings"
    if not handle.classic_port:
        raise EngineMismatchError("the running engine is one of an earlier version of this package", fix=fix)
    if not _same_interpreter(handle.python, sys.executable):
        raise EngineMismatchError(
            "the running engine belongs to another Python environment",
            detail=f"engine: {handle.python}\nthis process: {sys.executable}\n"
            "Python UDFs would run in the engine's environment instead of this one.",
            fix=fix,
        )
    if changed := differences(handle.fixed, fixed_settings(settings)):
        unknown = (
            "memory, Java, JVM options or static Spark keys in the configuration have changed since its start"
        )
        raise EngineMismatchError(
            "the running engine was started with other fixed settings",
            detail="\n".join(changed) if handle.fixed else unknown,
            fix=fix,
        )
    return handle


def _same_interpreter(one: str, other: str) -> bool:
    """Return whether two paths belong to one environment: same folder and, after resolving links, same file."""
    folders = {Path(path).parent.resolve() for path in (one, other)}
    return len(folders) == 1 and Path(one).resolve() == Path(other).resolve()


def _busy(folder: EngineFolder, summary: str) -> EngineBusyError:
    return EngineBusyError(
        summary,
        location=str(folder.lock),
        fix="end that process, then retry; code that uses this lakehouse attaches to the engine (`spark.mode: connect` or `classic`)",
    )
