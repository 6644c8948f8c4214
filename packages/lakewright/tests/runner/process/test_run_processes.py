"""What the process of a task can do to a run: die, hang, print without end, leave children, be interrupted."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lakewright.runner.planning.options import RunOptions
from lakewright.runner.process.log_pump import HEAD_BYTES, TAIL_BYTES
from lakewright.runner.record.result import Status
from lakewright.runner.record.run_lock import RunInProgressError
from lakewright.runner.record.run_status import exit_code

pytestmark = pytest.mark.unit


# A program that only a kill ends within a test.
ENDLESS = "import time; time.sleep(600)"


def script(project: Any, key: str, code: str, **more: Any) -> dict[str, Any]:
    project.write(f"jobs/{key}.py", code)
    return {"task_key": key, "spark_python_task": {"python_file": f"jobs/{key}.py"}, **more}


def wait_for(condition: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.05)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[-1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("code", "words", "fix"),
    [
        ("import os; os._exit(0)", "ended with code 0 before", "look for os._exit(…) in the task's code"),
        ("import os; os._exit(7)", "ended with code 7 before", "look for os._exit(…) in the task's code"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "lack of memory", "load less data"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV", "update or remove the native package"),
        ("import sys; sys.exit(3)", "sys.exit(3)", ""),
        ("import sys; sys.exit('no data')", "sys.exit('no data')", ""),
        ("raise KeyboardInterrupt", "interrupted", ""),
        ("import nowhere", "ModuleNotFoundError", "nowhere"),
    ],
)
def test_each_way_in_which_a_process_ends_early_is_a_failure_with_its_own_message(
    project: Any, code: str, words: str, fix: str
) -> None:
    summary = project.run(script(project, "t", code))
    result = summary.tasks["t"]
    assert result.status is Status.FAILED
    assert words in (result.reason or "")
    assert fix in (result.problem.fix or "")
    assert summary.status == "failed"
    assert exit_code(summary) == 1


@pytest.mark.parametrize(("little", "mentioned"), [(1, False), (1 << 62, True)])
def test_a_failure_on_a_disk_that_is_nearly_full_mentions_the_disk(
    project: Any, monkeypatch: pytest.MonkeyPatch, little: int, mentioned: bool
) -> None:
    monkeypatch.setattr("lakewright.runner.execution.exit_results._LITTLE_ROOM", little)
    problem = project.run(script(project, "t", "raise OSError('cannot write')")).tasks["t"].problem
    assert ("MiB are free on the disk of" in (problem.detail or "")) is mentioned
    assert ("make room" in (problem.fix or "")) is mentioned


def test_sys_exit_zero_is_a_success(project: Any) -> None:
    assert project.run(script(project, "t", "import sys; sys.exit(0)")).status == "success"


def test_a_task_that_ignores_signals_is_ended_when_its_time_is_over(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lakewright.runner.process.interpreter._TERM_GRACE", 0.1)
    code = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('waiting', flush=True)\n{ENDLESS}"
    summary = project.run(script(project, "t", code, timeout_seconds=1))
    result = summary.tasks["t"]
    assert "took longer than `timeout_seconds` of 1 s" in (result.reason or "")
    assert result.timed_out
    assert result.seconds < 30
    assert "waiting" in (result.problem.detail or "")


def test_the_limit_of_the_job_ends_its_tasks_and_starts_no_further_ones(project: Any) -> None:
    first = script(project, "a", ENDLESS)
    second = script(project, "b", "pass", depends_on=[{"task_key": "a"}], run_if="ALL_DONE")
    summary = project.run(first, second, timeout_seconds=1)
    assert "the job's `timeout_seconds`" in (summary.tasks["a"].reason or "")
    assert "was over before it started" in (summary.tasks["b"].reason or "")
    assert summary.status == "failed"


def test_a_flood_of_output_is_capped_in_the_log_and_its_end_is_kept(project: Any) -> None:
    code = "import sys\nline = 'x' * 1023 + '\\n'\nfor _ in range(100 * 1024):\n    sys.stdout.write(line)\nprint('THE END')"
    summary = project.run(script(project, "t", code))
    assert summary.status == "success"
    log = summary.tasks["t"].log
    assert log is not None
    assert log.stat().st_size < HEAD_BYTES + TAIL_BYTES + 1024
    text = log.read_text()
    assert "bytes left out" in text
    assert text.rstrip().endswith("THE END")


def test_output_that_is_not_utf8_breaks_nothing(project: Any) -> None:
    code = "import os\nos.write(1, b'\\xff\\xfe caf\\xe9\\n')\nprint('grün \\ud800')\nraise ValueError('ü \\udcff')"
    summary = project.run(script(project, "t", code))
    assert "ValueError" in (summary.tasks["t"].reason or "")
    assert summary.tasks["t"].log.read_bytes().startswith(b"\xff\xfe")
    json.loads(summary.path.read_text())


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found by /proc")
def test_processes_that_a_task_leaves_behind_are_ended_and_reported(project: Any) -> None:
    code = f"""
        import subprocess, sys
        quiet = subprocess.Popen([sys.executable, "-c", {ENDLESS!r}])
        away = subprocess.Popen([sys.executable, "-c", {ENDLESS!r}], start_new_session=True)
        print(quiet.pid, away.pid)
    """
    started = time.monotonic()
    summary = project.run(script(project, "t", code))
    assert time.monotonic() - started < 20
    assert summary.status == "success"
    assert any("left 2 process(es) running" in note for note in summary.tasks["t"].notes)
    for pid in map(int, summary.tasks["t"].log.read_text().split()):
        wait_for(lambda pid=pid: not running(pid))


def test_each_attempt_has_a_process_and_a_log_of_its_own(project: Any) -> None:
    code = """
        from pathlib import Path
        counter = Path(__file__).with_suffix(".count")
        count = int(counter.read_text()) + 1 if counter.exists() else 1
        counter.write_text(str(count))
        print("try", count)
        assert count == 3, count
    """
    summary = project.run(script(project, "t", code, max_retries=2, min_retry_interval_millis=1))
    assert summary.status == "success"
    assert summary.tasks["t"].attempt == 3
    assert "try 2" in project.log("t.2")


def test_reading_from_standard_input_gives_nothing_instead_of_hanging(project: Any) -> None:
    summary = project.run(script(project, "t", "import sys\nassert sys.stdin.read() == ''"))
    assert summary.status == "success"


def test_the_run_does_not_wait_for_a_thread_that_never_ends(project: Any) -> None:
    code = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()"
    assert project.run(script(project, "t", code)).status == "success"


RUNNER = f"""
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from runner_fixture import Project
from lakewright.runner.record.run_status import exit_code
project = Project(Path(sys.argv[2]))
code = '''
import os, subprocess, sys
inner = subprocess.Popen([sys.executable, "-c", {ENDLESS!r}])
open("PIDS", "w").write(f"{{os.getpid()}} {{inner.pid}}")
os.rename("PIDS", "pids")
{ENDLESS}
'''
project.write("jobs/a.py", "print(1)")
project.write("jobs/b.py", code)
first = {{"task_key": "a", "spark_python_task": {{"python_file": "jobs/a.py"}}}}
second = {{"task_key": "b", "spark_python_task": {{"python_file": "jobs/b.py"}}, "depends_on": [{{"task_key": "a"}}]}}
third = {{"task_key": "c", "spark_python_task": {{"python_file": "jobs/a.py"}}, "depends_on": [{{"task_key": "b"}}]}}
sys.exit(exit_code(project.run(first, second, third)))
"""


@pytest.fixture
def long_run(project: Any, tmp_path: Path) -> Any:
    """A runner in a process of its own, in the middle of its second task."""
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "runner_fixture.py").write_text((Path(__file__).parent.parent / "conftest.py").read_text())
    process = subprocess.Popen([sys.executable, "-c", RUNNER, str(modules), str(project.root)])
    pids_file = project.root / "jobs" / "pids"
    try:
        wait_for(pids_file.exists)
        yield process, [int(pid) for pid in pids_file.read_text().split()]
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_its_processes_and_is_recorded_as_interrupted(
    project: Any, long_run: Any, number: int
) -> None:
    process, pids = long_run
    process.send_signal(number)
    assert process.wait(20) == 130
    for pid in pids:
        wait_for(lambda pid=pid: not running(pid))
    record = json.loads((project.root / ".lakewright/runs/latest/summary.json").read_text())
    assert record["status"] == "interrupted"
    assert [task["status"] for task in record["tasks"]] == ["success", "failed", "skipped"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="grandchildren are found by /proc")
def test_a_killed_runner_leaves_a_true_record_no_lock_and_no_processes(project: Any, long_run: Any) -> None:
    process, pids = long_run
    process.kill()
    process.wait()
    for pid in pids:
        wait_for(lambda pid=pid: not running(pid))
    record = json.loads((project.root / ".lakewright/runs/latest/summary.json").read_text())
    assert record["status"] == "running"
    assert [task["key"] for task in record["tasks"]] == ["a"]
    path = project.root / ".lakewright/runs" / record["run_id"] / "summary.json"
    again = project.run(script(project, "a", "print(2)"))
    assert again.status == "success"
    closed = json.loads(path.read_text())
    assert closed["status"] == "killed"
    assert "killed" in closed["reason"]
    assert {**closed, "status": "running", "reason": None} == record


def test_a_killed_task_is_a_failure_and_the_run_goes_on(project: Any) -> None:
    first = script(project, "a", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    second = script(project, "b", "print('still here')", depends_on=[{"task_key": "a"}], run_if="ALL_DONE")
    summary = project.run(first, second)
    assert summary.tasks["b"].status is Status.SUCCESS
    assert summary.status == "success_with_failures"


def test_a_second_run_of_the_same_project_is_refused_and_names_the_first(project: Any, long_run: Any) -> None:
    process, _ = long_run
    with pytest.raises(RunInProgressError) as caught:
        project.run(script(project, "x", "pass"), options=RunOptions())
    assert str(process.pid) in (caught.value.detail or "")
    assert f"kill {process.pid}" in (caught.value.fix or "")
    assert (project.root / ".lakewright/runs/latest").readlink().name in (caught.value.detail or "")
