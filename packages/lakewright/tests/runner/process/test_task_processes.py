"""How a task's process comes to be: forked from one that has done the imports, or started on its own."""

import io
import json
import os
import resource
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from lakewright.runner import run_job as running
from lakewright.runner.handover.programs import PRELOAD_VARIABLE
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.process.environment import base_environment
from lakewright.runner.process.fork_client import ForkedProcess, ForkServer, ForkServerError
from lakewright.runner.process.fork_server import TITLE
from lakewright.runner.process.imports_ahead import heavy_imports, preload_environment
from lakewright.runner.process.interpreters import Interpreters
from lakewright.runner.record.redaction import Redactor
from lakewright.runner.shown.plain_progress import PlainProgress

pytestmark = pytest.mark.unit
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="tasks are forked on Linux only")


@pytest.fixture(params=[pytest.param(True, marks=needs_fork), False], ids=["forked", "started"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Run the test with forked processes, and with processes that start on their own."""
    monkeypatch.setattr(running, "Interpreters", partial(Interpreters, forks=request.param))
    return bool(request.param)


def test_a_task_gets_its_own_arguments_values_and_folder(project: Any, either_way: bool) -> None:
    first = project.task("a", 'dbutils.jobs.taskValues.set("n", 7)', "print('from a')")
    second = project.task(
        "b",
        'assert dbutils.jobs.taskValues.get("a", "n") == 7',
        "import os, sys\nassert not sys.stdin.read()\nassert not [path for path in sys.path if '.lakewright' in path]\nprint(os.getcwd(), os.environ['LAKEWRIGHT_TASK_PROCESS'])",
        after=["a"],
    )
    assert project.run(first, second).status == "success"
    assert "from a" in project.log("a")
    assert str(project.root / "notebooks") in project.log("b")


def test_what_one_task_does_to_modules_environment_and_signals_no_other_sees(
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
    code = (
        "import os, time\npid = os.fork()\nif not pid:\n    os.setsid()\n    time.sleep(600)\n    os._exit(0)\n"
        "time.sleep(0.3)\nprint(pid)"
    )
    summary = project.run(project.task("a", code))
    assert any("left 1 process(es) running" in note for note in summary.tasks["a"].notes)
    pid = int(project.log("a").split()[-1])  # Python 3.12 warns of the fork first
    assert not Path(f"/proc/{pid}").exists() or Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"


def test_two_tasks_do_not_draw_the_same_random_numbers(project: Any, either_way: bool) -> None:
    project.write("src/model.py", "import numpy\n")
    slow = project.task("slow", "import time\ntime.sleep(3)")  # until then the imports are done
    code = "import random, sys, uuid\nahead = 'numpy' in sys.modules\nimport numpy\n"
    code += "print(ahead, random.random(), numpy.random.rand(), uuid.uuid4())"
    tasks = [project.task(key, code, after=["slow"]) for key in ("a", "b")]
    assert project.run(slow, *tasks).status == "success"
    drawn = [project.log(key).split() for key in ("a", "b")]
    assert [words[0] for words in drawn] == ["True", "True"]
    assert not set(drawn[0][1:]) & set(drawn[1][1:])


@needs_fork
def test_the_imports_are_done_when_a_task_begins(project: Any) -> None:
    project.write("src/model.py", "from sklearn.linear_model import LogisticRegression\n")
    slow = project.task("a", "import time\ntime.sleep(8)")
    code = "import sys\nprint('sklearn.linear_model' in sys.modules, open('/proc/self/comm').read())"
    project.run(slow, project.task("b", code, after=["a"]))
    assert project.log("b").split() == ["True", TITLE]


@needs_fork
def test_after_the_imports_the_fork_server_has_no_thread_that_would_not_bear_a_fork(tmp_path: Path) -> None:
    sources = "numpy pandas pyarrow scipy.stats sklearn.pipeline sklearn.linear_model lightgbm mlflow mlflow.sklearn"
    (tmp_path / "model.py").write_text(
        "".join(f"import {name}\n" for name in sources.split()), encoding="utf-8"
    )
    code = (
        "import sys, threading\nfrom lakewright.runner.process.fork_server import other_threads\n"
        "from lakewright.runner.inside.task_process import load, modules_ahead\n"
        "[load(name) for name in modules_ahead()]\n"
        "print([name for name in modules_ahead() if name not in sys.modules], other_threads())\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\nprint(len(other_threads()))"
    )
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = {**os.environ, **single, **preload_environment(tmp_path, spark=True)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    # jemalloc, which Arrow brings, ends its background thread before a fork and starts it anew on both sides.
    assert done.stdout.splitlines() == ["[] []", "1"]


@needs_fork
def test_where_an_import_has_started_a_thread_nothing_is_forked(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(
        "ahead/threaded.py",
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n",
    )
    monkeypatch.setenv("PYTHONPATH", str(project.root / "ahead"))
    monkeypatch.setattr(running, "preload_environment", lambda *_, **__: {PRELOAD_VARIABLE: "threaded"})
    slow = project.task("a", "import time\ntime.sleep(1)")
    later = project.task("b", "print(open('/proc/self/comm').read())", after=["a"])
    assert project.run(slow, later).status == "success"
    assert project.log("b").strip() != TITLE


@needs_fork
@pytest.mark.parametrize(
    ("module", "seconds"),
    [("import time; time.sleep(20)", 15), ("import subprocess; subprocess.Popen(['sleep', '1'])", 15)],
    ids=["takes long", "leaves a process"],
)
def test_the_end_of_a_task_is_heard_whatever_an_import_does(
    project: Any, monkeypatch: pytest.MonkeyPatch, module: str, seconds: int
) -> None:
    project.write("ahead/odd.py", f"{module}\n")
    monkeypatch.setenv("PYTHONPATH", str(project.root / "ahead"))
    monkeypatch.setattr(running, "preload_environment", lambda *_, **__: {PRELOAD_VARIABLE: "odd"})
    task = project.task("a", "import time\ntime.sleep(2)\nprint('done')", timeout_seconds=seconds)
    summary = project.run(task)
    assert summary.status == "success"
    assert summary.tasks["a"].seconds < seconds


@needs_fork
def test_a_fork_that_is_refused_leaves_the_other_tasks_in_peace(tmp_path: Path) -> None:
    server = ForkServer(base_environment(os.environ, extra={}), cwd=tmp_path)
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
    kill = project.task("a", "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)")
    after = project.task("b", "print('went on')", after=["a"], run_if="ALL_DONE")
    summary = project.run(kill, after)
    assert "from which the tasks are forked has ended" in (summary.tasks["a"].reason or "")
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
    ]


def test_a_module_that_cannot_be_imported_ahead_is_the_business_of_the_task_that_needs_it(
    project: Any, either_way: bool
) -> None:
    project.write("src/model.py", "import sklearn.no_such_module\n")
    bad = project.task("a", "import sklearn.no_such_module")
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


def test_a_secret_is_told_nowhere_however_it_was_written(
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


def test_counts_are_no_secrets_and_a_secret_of_two_signs_tears_no_text() -> None:
    assert Redactor(["336776"]).tree({"landed": 336776}) == {"landed": 336776}
    assert Redactor(["336776"]).values({"n": [336776, 3367761]}) == {"n": ["[REDACTED]", 3367761]}
    assert Redactor(["1/"]).text("a1%2Fb 1/") == "a1%2Fb 1/"


def test_a_secret_that_is_a_common_word_leaves_the_record_readable(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBX_SECRET__KV__USER", "alpha")
    monkeypatch.setenv("DBX_SECRET__KV__WORD", "success")
    assert project.run(project.task("alpha", "1 / 0")).status == "failed"
    record = json.loads(project.run(project.task("alpha", "1")).path.read_text(encoding="utf-8"))
    assert [record["status"], record["tasks"][0]["key"], record["tasks"][0]["status"]] == [
        "success",
        "alpha",
        "success",
    ]
    assert list(record["task_hashes"]) == ["alpha"]


def test_resuming_repeats_a_task_whose_value_was_a_secret(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBX_SECRET__KV__KEY", "hunter2-from-env")
    give = project.task("a", 'dbutils.jobs.taskValues.set("key", dbutils.secrets.get("kv", "key"))')
    plain = project.task("p", 'dbutils.jobs.taskValues.set("key", 1)')
    check = 'assert dbutils.jobs.taskValues.get("a", "key").startswith("hunter2")'
    assert project.run(give, plain, project.task("b", "1 / 0", after=["a", "p"])).status == "failed"
    again = project.run(
        give, plain, project.task("b", check, after=["a", "p"]), options=RunOptions(resume=True)
    )
    assert again.status == "success"
    assert again.tasks["a"].executed
    assert not again.tasks["p"].executed
