"""How a task's process comes to be: forked from one that has done the imports, or started on its own."""

import io
import os
import resource
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from lakewright.runner import run_job as running
from lakewright.runner.handover.programs import PRELOAD_VARIABLE
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.process.environment import base_environment
from lakewright.runner.process.imports_ahead import LOCAL_MLFLOW, heavy_imports, preload_environment
from lakewright.runner.process.interpreter_pool import Interpreters
from lakewright.runner.scheduling.listener import SilentListener
from lakewright.runner.shown.plain_progress import PlainProgress
from lakewright.warm.forking import TITLE
from lakewright.warm.task_forks import ForkedProcess, ForkServer, ForkServerError

pytestmark = pytest.mark.unit
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="tasks are forked on Linux only")


@pytest.fixture(params=[pytest.param(True, marks=needs_fork), False], ids=["forked", "started"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Run the test with forked processes, and with processes that start on their own."""
    monkeypatch.setattr(running, "Interpreters", partial(Interpreters, forks=request.param))
    return bool(request.param)


class Ahead:
    """Modules of a test that the fork server imports ahead, and files by which they and the tasks signal events."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def event(self, name: str) -> Path:
        return self.root / "ahead" / f"{name}.event"

    def signal(self, name: str) -> str:
        """Code that signals an event."""
        return f"__import__('pathlib').Path({str(self.event(name))!r}).touch()"

    def wait(self, name: str) -> str:
        """Code that waits for an event."""
        return f"while not __import__('os').path.exists({str(self.event(name))!r}): __import__('time').sleep(0.01)"


@pytest.fixture
def ahead(project: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the fork server import these modules, then one that signals `imported`; return the events."""
    found = Ahead(project.root)

    def use(*modules: str, **sources: str) -> Ahead:
        for name, source in {**sources, "last_module": found.signal("imported")}.items():
            project.write(f"ahead/{name}.py", source + "\n")
        monkeypatch.setenv("PYTHONPATH", str(project.root / "ahead"))
        names = " ".join([*modules, "last_module"])
        monkeypatch.setattr(running, "preload_environment", lambda *_, **__: {PRELOAD_VARIABLE: names})
        return found

    return use


def test_a_task_gets_its_own_arguments_values_and_folder(project: Any, either_way: bool) -> None:
    first = project.task("a", 'dbutils.jobs.taskValues.set("n", 7)', "print('from a')")
    second = project.task(
        "b",
        'assert dbutils.jobs.taskValues.get("a", "n") == 7',
        "import os, sys\nassert not sys.stdin.read()\nassert not [path for path in sys.path if '.lakewright' in path]\n"
        "print(os.getcwd(), os.environ['LAKEWRIGHT_TASK_PROCESS'])",
        after=["a"],
    )
    assert project.run(first, second).status == "success"
    assert "from a" in project.log("a")
    assert str(project.root / "notebooks") in project.log("b")


def test_changes_to_modules_environment_and_signals_stay_inside_a_task(
    project: Any, either_way: bool
) -> None:
    spoil = project.task(
        "a",
        "import json, os, signal, sys, tempfile\njson.dumps = None\nos.environ['SPOILT'] = '1'\nsys.path.insert(0, 'spoilt')\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nos.umask(0o777)\ntempfile.tempdir = 'spoilt'",
    )
    look = project.task(
        "b",
        "import json, os, signal, sys, tempfile\nassert json.dumps([]) == '[]'\nassert 'SPOILT' not in os.environ\n"
        "assert 'spoilt' not in sys.path\nassert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL\n"
        "assert signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL\nassert os.umask(0o22) != 0o777\n"
        "assert tempfile.gettempdir() != 'spoilt'",
        after=["a"],
    )
    assert project.run(spoil, look).status == "success"


def test_a_task_may_start_processes_and_wait_for_them(project: Any, either_way: bool) -> None:
    code = (
        "import multiprocessing, subprocess, sys\n"
        "assert subprocess.run([sys.executable, '-c', 'exit(3)']).returncode == 3\n"
        "with multiprocessing.Pool(2) as pool:\n    assert pool.map(abs, [-1, -2]) == [1, 2]"
    )
    assert project.run(project.task("a", code)).status == "success"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found by /proc")
def test_a_process_that_was_forked_into_a_session_of_its_own_is_ended_too(
    project: Any, either_way: bool
) -> None:
    code = (  # the fork sleeps until the run ends it
        "import os, time\nready, done = os.pipe()\npid = os.fork()\n"
        "if not pid:\n    os.setsid()\n    os.write(done, b'x')\n    time.sleep(600)\n    os._exit(0)\n"
        "os.read(ready, 1)\nprint(pid)"
    )
    summary = project.run(project.task("a", code))
    assert any("left 1 process(es) running" in note for note in summary.tasks["a"].notes)
    pid = int(project.log("a").split()[-1])  # Python 3.12 warns of the fork first
    assert not Path(f"/proc/{pid}").exists() or Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"


def test_two_tasks_do_not_draw_the_same_random_numbers(project: Any, either_way: bool, ahead: Any) -> None:
    first = project.task("first", ahead("numpy").wait("imported"))
    code = "import random, sys, uuid\nahead = 'numpy' in sys.modules\nimport numpy\n"
    code += "print(ahead, random.random(), numpy.random.rand(), uuid.uuid4())"
    tasks = [project.task(key, code, after=["first"]) for key in ("a", "b")]
    assert project.run(first, *tasks).status == "success"
    drawn = [project.log(key).split() for key in ("a", "b")]
    assert [words[0] for words in drawn] == ["True", "True"]
    assert not set(drawn[0][1:]) & set(drawn[1][1:])


@needs_fork
def test_what_the_sources_import_is_imported_when_a_task_begins(project: Any, ahead: Any) -> None:
    project.write("src/model.py", "from numpy.polynomial import Polynomial\n")
    wanted = preload_environment(project.root, spark="none")[PRELOAD_VARIABLE].split()
    first = project.task("a", ahead(*wanted).wait("imported"))
    code = "import sys\nprint('numpy.polynomial' in sys.modules, open('/proc/self/comm').read())"
    project.run(first, project.task("b", code, after=["a"]))
    assert project.log("b").split() == ["True", TITLE]


@needs_fork
def test_where_an_import_has_started_a_thread_nothing_is_forked(project: Any, ahead: Any) -> None:
    threaded = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    first = project.task("a", ahead("threaded", threaded=threaded).wait("imported"))
    later = project.task("b", "print(open('/proc/self/comm').read())", after=["a"])
    assert project.run(first, later).status == "success"
    assert project.log("b").strip() != TITLE


class Signals(SilentListener):
    """Signals an event when a task has ended."""

    def __init__(self, event: Path) -> None:
        self._event = event

    def task_ended(self, key: str, result: Any) -> None:
        self._event.touch()


@needs_fork
def test_the_end_of_a_task_is_noticed_in_the_middle_of_an_import(project: Any, ahead: Any) -> None:
    events = Ahead(project.root)
    # Fails until the task runs, so that the server forks it; then it waits for the end of the task.
    odd = (
        "import os, time\n"
        f"if not os.path.exists({str(events.event('running'))!r}):\n    time.sleep(0.01)\n    raise ImportError\n"
        f"{events.signal('importing')}\n{events.wait('ended')}\n{events.signal('noticed')}"
    )
    ahead(*["odd"] * 5000, odd=odd)
    code = f"{events.signal('running')}\n{events.wait('importing')}\nprint('done')"
    task = project.task("a", code, timeout_seconds=30)
    listener = Signals(events.event("ended"))
    summary = running.run_job(project.bundle(task), "main", listener=listener)
    assert summary.status == "success"
    assert events.event("ended").exists()


@needs_fork
def test_the_end_of_a_task_is_noticed_though_an_import_has_left_a_process(project: Any, ahead: Any) -> None:
    odd = (
        "import subprocess, time\nleft = subprocess.Popen(['true'])\n"
        "while open(f'/proc/{left.pid}/stat').read().rsplit(')', 1)[-1].split()[0] != 'Z': time.sleep(0.01)"
    )
    task = project.task("a", ahead("odd", odd=odd).wait("imported") + "\nprint('done')", timeout_seconds=30)
    summary = project.run(task)
    assert summary.status == "success"
    assert summary.tasks["a"].seconds < 30


@needs_fork
def test_a_fork_that_is_refused_does_not_harm_the_other_tasks(tmp_path: Path) -> None:
    server = ForkServer(tmp_path, base_environment(os.environ, extra={}), cwd=tmp_path)
    try:
        first, stdin = _forked(server, "1" * 32)
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.prlimit(_parent(first), resource.RLIMIT_NOFILE, (3, hard))
        with pytest.raises(ForkServerError, match="Too many open files"):
            _forked(server, "2" * 32)
        assert first.poll() is None
        os.close(stdin)  # the end of its standard input: it has no task and leaves
        assert first.wait(10) == 0
    finally:
        server.close()


def _parent(process: ForkedProcess) -> int:
    return int(Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[-1].split()[1])


def _forked(server: ForkServer, marker: str) -> tuple[ForkedProcess, int]:
    given, stdin = os.pipe()
    with open(os.devnull, "wb") as output:  # noqa: PTH123 - a descriptor is wanted
        try:
            return server.start(marker, stdin=given, output=output.fileno()), stdin
        except ForkServerError:
            os.close(stdin)
            raise
        finally:
            os.close(given)


@needs_fork
def test_a_fork_server_that_is_killed_fails_the_task_that_ran_and_the_run_goes_on(project: Any) -> None:
    code = (
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"  # ended by the run
    )
    kill = project.task("a", code)
    after = project.task("b", "print('went on')", after=["a"], run_if="ALL_DONE")
    summary = project.run(kill, after)
    assert "the process that starts the tasks has ended" in (summary.tasks["a"].reason or "")
    assert summary.tasks["a"].problem.fix.endswith("then: lakewright run main --resume")
    assert summary.tasks["b"].status == "success"
    assert "went on" in project.log("b")


@needs_fork
def test_no_process_of_a_run_is_left_when_it_has_ended(project: Any) -> None:
    project.run(project.task("a", "import os\nprint(os.getpid(), os.getppid())"))
    task, server = (int(word) for word in project.log("a").split())
    for pid in (task, server):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def test_only_heavy_packages_are_imported_ahead_and_never_what_the_project_brings(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / ".venv").mkdir()
    (tmp_path / "src" / "a.py").write_text(
        "import mlflow.sklearn\nfrom sklearn.pipeline import Pipeline\nimport mine\nimport matplotlib.pyplot as plt\n"
        "def f():\n    from lightgbm import LGBMClassifier\n# import scipy\nmlflowish = 1\nimport sklearnish\n",
        encoding="utf-8",
    )
    (tmp_path / "n.ipynb").write_text('{"source": [\n  "import pandas as pd\\n"\n]}', encoding="utf-8")
    (tmp_path / ".venv" / "b.py").write_text("import xgboost\n", encoding="utf-8")
    (tmp_path / "env" / "lib").mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "env" / "lib" / "b.py").write_text("import xgboost\n", encoding="utf-8")
    (tmp_path / "broken.py").write_bytes(b"\xff\xfe\x00import \x00")
    assert heavy_imports(tmp_path) == [
        "lightgbm",
        "mlflow.sklearn",
        "pandas",
        "sklearn.pipeline",
        *LOCAL_MLFLOW,
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("from databricks_utils.mlops import train", LOCAL_MLFLOW),
        ("import mlflow", ("mlflow", *LOCAL_MLFLOW)),
        ("from databricks_utils.medallion import Medallion", ()),
        ("# from databricks_utils.mlops import train", ()),
    ],
)
def test_the_stores_of_mlflow_are_imported_ahead_where_the_project_trains_models(
    tmp_path: Path, line: str, expected: tuple[str, ...]
) -> None:
    (tmp_path / "job.py").write_text(f"{line}\n", encoding="utf-8")
    assert tuple(heavy_imports(tmp_path)) == expected


def test_a_module_that_cannot_be_imported_ahead_fails_only_the_task_that_needs_it(
    project: Any, either_way: bool
) -> None:
    project.write("src/model.py", "import numpy.no_such_module\n")
    bad = project.task("a", "import numpy.no_such_module")
    good = project.task("b", "print('fine')")
    summary = project.run(bad, good)
    assert "no_such_module" in (summary.tasks["a"].reason or "")
    assert summary.tasks["b"].status == "success"


def test_a_secret_in_a_task_value_reaches_the_next_task_and_no_file_that_others_may_read(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBX_SECRET__KV__KEY", "hunter2-from-env")
    give = project.task("a", 'dbutils.jobs.taskValues.set("key", {"k": dbutils.secrets.get("kv", "key")})')
    take = project.task(
        "b",
        'value = dbutils.jobs.taskValues.get("a", "key")["k"]\nassert value.startswith("hunter2")',
        after=["a"],
    )
    summary = project.run(give, take)
    assert summary.status == "success"
    text = summary.path.read_text(encoding="utf-8")
    assert "hunter2" not in text
    assert "[REDACTED]" in text
    assert summary.path.parent.stat().st_mode & 0o077 == 0


AWKWARD = "pa\\ss\"wörd'1 &x"


def test_a_secret_appears_nowhere_however_it_was_written(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBX_SECRET__KV__KEY", AWKWARD)
    monkeypatch.setenv("DBX_SECRET__KV__NUMBER", "4711471147")
    code = (
        "import json, urllib.parse\nkey = dbutils.secrets.get('kv', 'key')\n"
        "dbutils.jobs.taskValues.set('number', int(dbutils.secrets.get('kv', 'number')))\n"
        "dbutils.jobs.taskValues.set('text', key)\n"
        "print(json.dumps(key), json.dumps(key, ensure_ascii=False), repr(key), urllib.parse.quote(key))\n"
        "dbutils.notebook.run('child', 60)\nraise KeyError(key)"
    )
    project.notebook("notebooks/child", "dbutils.notebook.exit(dbutils.secrets.get('kv', 'key'))")
    compare = {"op": "GREATER_THAN", "left": "{{tasks.a.values.text}}", "right": "1"}
    condition = {
        "task_key": "c",
        "depends_on": [{"task_key": "a"}],
        "run_if": "ALL_DONE",
        "condition_task": compare,
    }
    console = Console(file=io.StringIO(), width=200)
    summary = running.run_job(
        project.bundle(project.task("a", code), condition), "main", listener=PlainProgress(console)
    )
    shown = console.file.getvalue()
    files = [path.read_bytes() for path in summary.path.parent.rglob("*") if path.is_file()]
    everything = b"\n".join([*files, shown.encode(), repr(summary.tasks["c"].problem).encode()])
    assert "is not one" in (summary.tasks["c"].reason or "")
    for part in (b"4711471147", "wörd".encode(), b"w\\u00f6rd", b"w%C3%B6rd"):
        assert part not in everything
    assert "[REDACTED]" in shown


def test_counts_are_not_redacted_and_a_secret_of_two_characters_is_not_replaced() -> None:
    assert Redactor(["336776"]).tree({"landed": 336776}) == {"landed": 336776}
    assert Redactor(["336776"]).values({"n": [336776, 3367761]}) == {"n": ["[REDACTED]", 3367761]}
    assert Redactor(["1/"]).text("a1%2Fb 1/") == "a1%2Fb 1/"
