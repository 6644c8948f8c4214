"""How a task's process comes to be: forked from one that has done the imports, or started on its own."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lakewright.runner import run
from lakewright.runner.context import RunOptions
from lakewright.runner.fork_server import TITLE
from lakewright.runner.imports_ahead import heavy_imports
from lakewright.runner.processes import Interpreters
from lakewright.runner.task_process import PRELOAD_VARIABLE

pytestmark = pytest.mark.unit
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="tasks are forked on Linux only")


@pytest.fixture(params=[pytest.param(True, marks=needs_fork), False], ids=["forked", "started"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Run the test with forked processes, and with processes that start on their own."""
    monkeypatch.setattr(run, "Interpreters", partial(Interpreters, forks=request.param))
    return bool(request.param)


def test_a_task_gets_its_own_arguments_values_and_folder(project: Any, either_way: bool) -> None:
    first = project.task("a", 'dbutils.jobs.taskValues.set("n", 7)', "print('from a')")
    second = project.task(
        "b",
        'assert dbutils.jobs.taskValues.get("a", "n") == 7',
        "import os, sys\nassert not sys.stdin.read()\nprint(os.getcwd(), os.environ['LAKEWRIGHT_TASK_PROCESS'])",
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
    pid = int(project.log("a"))
    assert not Path(f"/proc/{pid}").exists() or Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"


def test_two_tasks_do_not_draw_the_same_random_numbers(project: Any, either_way: bool) -> None:
    project.write("src/model.py", "import numpy\n")
    code = "import random, uuid\nimport numpy\nprint(random.random(), numpy.random.rand(), uuid.uuid4())"
    assert project.run(project.task("a", code), project.task("b", code)).status == "success"
    assert not set(project.log("a").split()) & set(project.log("b").split())


@needs_fork
def test_the_imports_are_done_when_a_task_begins(project: Any) -> None:
    project.write("src/model.py", "from sklearn.linear_model import LogisticRegression\n")
    slow = project.task("a", "import time\ntime.sleep(8)")
    code = "import sys\nprint('sklearn.linear_model' in sys.modules, open('/proc/self/comm').read())"
    project.run(slow, project.task("b", code, after=["a"]))
    assert project.log("b").split() == ["True", TITLE]


@needs_fork
def test_after_the_imports_the_fork_server_has_no_thread_that_would_not_bear_a_fork() -> None:
    modules = "numpy pandas pyarrow scipy.stats sklearn.pipeline sklearn.linear_model lightgbm mlflow mlflow.sklearn matplotlib"
    modules += " matplotlib.figure pyspark.sql.connect.session pyspark.sql.connect.functions lakewright.engine.session"
    code = (
        "import threading\nfrom pathlib import Path\nfrom lakewright.runner.task_process import load, modules_ahead\n"
        "[load(name) for name in modules_ahead()]\n"
        "names = [path.read_text().strip() for path in Path('/proc/self/task').glob('*/comm')]\n"
        "print(threading.active_count(), len([name for name in names if name != 'jemalloc_bg_thd']))"
    )
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = {**os.environ, **single, PRELOAD_VARIABLE: modules}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    # jemalloc, which Arrow brings, ends its background thread before a fork and starts it anew on both sides.
    assert done.stdout.split() == ["1", "1"]


@needs_fork
def test_a_fork_server_that_is_killed_fails_the_task_that_ran_and_the_run_goes_on(project: Any) -> None:
    kill = project.task("a", "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)")
    after = project.task("b", "print('went on')", after=["a"], run_if="ALL_DONE")
    summary = project.run(kill, after)
    assert "killed" in (summary.tasks["a"].reason or "")
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
    (tmp_path / "broken.py").write_bytes(b"\xff\xfe\x00import \x00")
    assert heavy_imports(tmp_path) == [
        "lightgbm",
        "matplotlib",
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
