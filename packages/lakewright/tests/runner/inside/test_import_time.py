"""What a task's process imports before its code runs: a task without Spark and MLflow pays for neither."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.unit

_HEAVY = (
    "IPython",
    "databricks_utils.config",
    "lakewright.engine",
    "mlflow",
    "pandas",
    "pydantic",
    "pyspark",
    "yaml",
)


def test_the_process_of_a_task_imports_nothing_heavy() -> None:
    code = (
        "import sys, lakewright.runner.inside.task_main, lakewright.runner.inside.notebook.running\n"
        f"print([name for name in {_HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
