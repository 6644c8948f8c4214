"""One run of a project at a time; the error never asks to kill a process that is not known."""

import pytest

from lakewright.engine import locks
from lakewright.runner.record.run_lock import RunInProgressError, RunLock

pytestmark = pytest.mark.unit


def refusal(state):
    """The error of a second run while a first one holds the lock."""
    with RunLock(state).held() as lock:
        lock.name_run("20260101T000000")
        with pytest.raises(RunInProgressError) as caught, RunLock(state).held():
            pass
    return caught.value


@pytest.mark.parametrize(
    "pid", [0, None], ids=["a process that is not visible here", "a run that has just ended"]
)
def test_without_a_process_the_fix_does_not_kill(tmp_path, monkeypatch, pid):
    monkeypatch.setattr(locks, "holder", lambda _: pid)
    error = refusal(tmp_path)
    assert error.fix == f"wait for it, or find it: lsof {tmp_path / 'run.lock'}"
    assert error.detail == "run 20260101T000000"


def test_a_known_process_is_named_and_the_fix_ends_it(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "holder", lambda _: 4711)
    error = refusal(tmp_path)
    assert error.fix == "wait for it, or end it: kill 4711"
    assert error.detail == "run 20260101T000000, process 4711"
