"""The base wheel is light: configuration and names work where neither Spark nor MLflow nor pandas is."""

import subprocess
import sys
from pathlib import Path

import pytest

import databricks_utils

pytestmark = pytest.mark.unit

SOURCE = Path(databricks_utils.__file__).parents[1]
HEAVY = (
    "pyspark",
    "mlflow",
    "pandas",
    "numpy",
    "sklearn",
    "py4j",
    "grpc",
    "databricks",
    "pytest",
    "lakewright",
)
MODULES = (
    "databricks_utils, databricks_utils.config, databricks_utils.catalog, databricks_utils.features, "
    "databricks_utils.mlops, databricks_utils.spark, databricks_utils.testing"
)


def run(code, *, blocked=()):
    guard = "\n".join(f"sys.modules[{name!r}] = None" for name in blocked)
    program = f"import sys\nsys.path.insert(0, {str(SOURCE)!r})\n{guard}\n{code}"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_importing_it_imports_nothing_heavy():
    assert run(f"import {MODULES}\nprint([m for m in {HEAVY!r} if m in sys.modules])") == "[]"


def test_it_works_where_the_heavy_ones_cannot_be_imported():
    code = (
        f"import {MODULES}\n"
        "from databricks_utils.testing import example_config_folder\n"
        "config = databricks_utils.config.ConfigLoader.load('dev', example_config_folder())\n"
        "print(databricks_utils.catalog.CatalogHelper(config).table_name('gold', 'delays'))"
    )
    assert run(code, blocked=HEAVY) == "dev_analytics.flights_gold.delays"


def test_the_pytest_plugin_imports_nothing_of_ours_before_a_fixture_is_used():
    code = "import databricks_utils.pytest_plugin\nprint([m for m in ('yaml', 'pydantic', 'pyspark') if m in sys.modules])"
    assert run(code) == "[]"
