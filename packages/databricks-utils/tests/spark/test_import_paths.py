"""The import paths under which projects know the session factory."""

import subprocess
import sys
from pathlib import Path

import pytest

import databricks_utils
from databricks_utils.spark import SparkSessionFactory

pytestmark = pytest.mark.unit

SOURCE = Path(databricks_utils.__file__).parents[1]


@pytest.mark.parametrize(
    "module",
    ["databricks_utils.config.spark_session", "databricks_utils.config", "databricks_utils.spark"],
)
def test_the_factory_can_be_imported_first_from_each_of_its_paths(module):
    program = f"import sys; sys.path.insert(0, {str(SOURCE)!r})\nfrom {module} import SparkSessionFactory as f; print(f.__module__)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == SparkSessionFactory.__module__


def test_an_unknown_name_of_config_is_an_attribute_error():
    import databricks_utils.config

    with pytest.raises(AttributeError, match="no attribute 'SparkSessions'"):
        _ = databricks_utils.config.SparkSessions
