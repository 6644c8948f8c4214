"""Attaching to an engine, and whose process it is."""

import subprocess
import sys

import pytest

from lakewright.engine import locks, ownership, stop_engine
from lakewright.engine.errors import EngineBusyError

pytestmark = pytest.mark.unit


def test_python_and_python3_of_one_environment_are_one_interpreter(tmp_path):
    real, folder, other = tmp_path / "python3.11", tmp_path / "venv", tmp_path / "another"
    real.touch()
    for place in (folder, other):
        place.mkdir()
        (place / "python").symlink_to(real)
    (folder / "python3").symlink_to("python")
    assert ownership._same_interpreter(str(folder / "python"), str(folder / "python3"))
    assert ownership._same_interpreter(str(folder / "python"), str(folder / ".." / "venv" / "python"))
    assert not ownership._same_interpreter(str(folder / "python"), str(other / "python"))


def test_an_owner_with_an_unknown_pid_still_counts_as_an_owner(tmp_path, monkeypatch):
    # The kernel gives no pid for a holder in another container.
    monkeypatch.setattr(locks, "holder", lambda path: 0)
    with pytest.raises(EngineBusyError, match="not visible here"):
        stop_engine(tmp_path)


def test_stopping_the_engine_does_not_stop_another_spark(tmp_path):
    lock = tmp_path / ".lakewright" / "engine.lock"
    lock.parent.mkdir()
    hold = (
        "import fcntl, os, sys; f = open(sys.argv[1], 'a+'); fcntl.lockf(f, fcntl.LOCK_EX);"
        "f.write(f'session {os.getpid()}'); f.flush(); print(flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", hold, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        process.stdout.readline()
        with pytest.raises(EngineBusyError, match="a Spark of its own, not the engine") as refused:
            stop_engine(tmp_path)
        assert process.poll() is None
        assert "end that process" in refused.value.fix
    finally:
        process.kill()
        process.communicate()
