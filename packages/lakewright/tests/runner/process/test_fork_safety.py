"""The heavy packages that are imported ahead survive a fork: seconds of imports, so it is no unit test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lakewright.runner.handover.task_spec import SparkMode
from lakewright.runner.process.imports_ahead import preload_environment

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.mark.parametrize("spark", ["connect", "classic"])
@pytest.mark.skipif(sys.platform != "linux", reason="tasks are forked on Linux only")
def test_after_the_imports_the_fork_server_has_no_thread_that_would_not_survive_a_fork(
    tmp_path: Path, spark: SparkMode
) -> None:
    sources = "numpy pandas pyarrow scipy.stats sklearn.pipeline sklearn.linear_model lightgbm mlflow mlflow.sklearn"
    (tmp_path / "model.py").write_text(
        "".join(f"import {name}\n" for name in sources.split()), encoding="utf-8"
    )
    code = (
        "import sys, threading\nfrom lakewright.warm.forking import other_threads\n"
        "from lakewright.runner.inside.task_process import load, modules_ahead\n"
        "[load(name) for name in modules_ahead()]\n"
        "print([name for name in modules_ahead() if name not in sys.modules], other_threads())\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\nprint(len(other_threads()))"
    )
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = {**os.environ, **single, **preload_environment(tmp_path, spark=spark)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    # jemalloc, which Arrow brings, ends its background thread before a fork and starts it anew on both sides.
    assert done.stdout.splitlines() == ["[] []", "1"]
