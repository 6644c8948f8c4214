"""Which settings hold for one session: held to the lists of settings in Spark's own jars."""

import re
import zipfile

import pytest

from lakewright.engine.installation.spark import spark_jars
from lakewright.runner.values.cluster_keys import is_setting_of_a_session, is_variable_of_a_task

pytestmark = pytest.mark.unit

_KEY = re.compile(rb"\x01..(spark\.[A-Za-z]\w*(?:\.\w+)*)(?=[\x00-\x1f])", re.DOTALL)


def keys_in(jar: str, classes: str) -> set[str]:
    """The settings that classes of one of Spark's jars name as constants."""
    [path] = [path for path in spark_jars() if path.name.startswith(jar)]
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(classes, name)]
        return {found.decode() for name in names for found in _KEY.findall(archive.read(name))}


def test_static_settings_of_spark_sql_are_not_of_a_session() -> None:
    found = keys_in("spark-catalyst_", r"org/apache/spark/sql/internal/StaticSQLConf\$\.class")
    assert "spark.sql.warehouse.dir" in found
    assert {key for key in found if is_setting_of_a_session(key)} == set()


def test_settings_of_spark_core_are_not_of_a_session() -> None:
    found = keys_in("spark-core_", r"org/apache/spark/internal/config/[^/]*\$\.class")
    assert "spark.executor.memory" in found
    assert {key for key in found if is_setting_of_a_session(key)} == set()


def test_settings_of_spark_sql_that_can_change_are_of_a_session() -> None:
    found = keys_in("spark-catalyst_", r"org/apache/spark/sql/internal/SQLConf\$\.class")
    assert "spark.sql.shuffle.partitions" in found
    static = keys_in("spark-catalyst_", r"org/apache/spark/sql/internal/StaticSQLConf\$\.class")
    changeable = {key for key in found if key.startswith("spark.sql.")} - static
    refused = {key for key in changeable if not is_setting_of_a_session(key)}
    assert refused <= {"spark.sql.catalog.spark_catalog"}


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "PYTHONHASHSEED",
        "SPARK_LOCAL_DIRS",
        "DATABRICKS_TOKEN",
        "ARM_CLIENT_SECRET",
        "OMP_NUM_THREADS",
    ],
)
def test_variables_of_machines_and_workspaces_are_not_of_a_task(name: str) -> None:
    assert not is_variable_of_a_task(name)
    assert is_variable_of_a_task(f"MY_{name}")
