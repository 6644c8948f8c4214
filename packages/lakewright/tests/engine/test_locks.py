"""The locks by which one process at a time owns a lakehouse."""

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from lakewright.engine import locks
from lakewright.engine.errors import LockUnusableError

pytestmark = pytest.mark.unit

HOLD = """
import fcntl, sys
handle = open(sys.argv[1], "a+")
fcntl.lockf(handle, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holding(tmp_path):
    path = tmp_path / "some.lock"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield path, process
    process.kill()
    process.communicate()


def test_the_holder_of_a_lock_is_named_by_its_pid(holding):
    path, process = holding
    assert locks.holder(path) == process.pid


def test_a_lock_is_free_when_its_holder_is_killed(holding):
    path, process = holding
    process.kill()
    process.wait()
    assert locks.holder(path) is None
    with locks.exclusive(path, timeout=0) as held:
        assert held


def test_a_lock_held_by_another_process_cannot_be_acquired(holding):
    path, _ = holding
    with locks.exclusive(path, timeout=0.1) as held:
        assert not held


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "make room on the disk"),
        (errno.ENOLCK, "local disk"),
        (errno.EROFS, "make the folder writable"),
    ],
)
def test_the_fix_for_an_unusable_lock_depends_on_the_reason(tmp_path, number, words):
    refusal = locks.unusable(tmp_path / "some.lock", OSError(number, os.strerror(number)))
    assert words in refusal.fix
    assert os.strerror(number) in refusal.summary


def test_a_missing_lock_file_has_no_holder(tmp_path):
    assert locks.holder(tmp_path / "none.lock") is None


def test_a_lock_held_by_another_thread_cannot_be_acquired_and_stays_held(tmp_path):
    path = tmp_path / "some.lock"

    def try_to_hold():
        with locks.exclusive(path, timeout=0) as held:
            return held

    with locks.exclusive(path, timeout=0) as held, ThreadPoolExecutor(max_workers=1) as pool:
        assert held
        assert not pool.submit(try_to_hold).result()
        probe = [
            sys.executable,
            "-c",
            "import sys; from lakewright.engine import locks; from pathlib import Path; ",
        ]
        probe[-1] += "print(locks.holder(Path(sys.argv[1])))"
        other = subprocess.run([*probe, str(path)], capture_output=True, text=True, check=True)
        assert int(other.stdout) > 0
    assert try_to_hold()


def test_a_folder_that_cannot_hold_a_lock_is_reported_with_its_fix(tmp_path):
    (tmp_path / "file").touch()
    path = tmp_path / "file" / ".lakewright" / "engine.lock"
    with pytest.raises(LockUnusableError) as refused, locks.exclusive(path, timeout=0):
        pass
    assert str(path.parent) in refused.value.summary
    assert "copy of the project" in refused.value.fix
    with pytest.raises(LockUnusableError):
        locks.holder(path)
