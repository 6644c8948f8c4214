"""What the engine's JVM, and so a Python UDF, gets of the shell that starts it."""

import os
import stat
from pathlib import Path

import pytest

from lakewright.engine.jvm.environment import jvm_environment
from lakewright.engine.launch import _environment, _open_private
from lakewright.engine.layout import EngineFolder
from lakewright.engine.settings.engine_settings import EngineSettings
from lakewright.storage import Storage
from lakewright.storage.fuse.workers import STARTUP_FOLDER

pytestmark = pytest.mark.unit

_SHELL = {
    "PATH": "/usr/bin",
    "LC_ALL": "C.UTF-8",
    "TZ": "America/New_York",
    "PYTHONPATH": "/mine",
    "DATABRICKS_TOKEN": "dapi1",
    "ARM_CLIENT_SECRET": "s",
    "AWS_SECRET_ACCESS_KEY": "s",
    "DBX_SECRET__KV__KEY": "s",
    "MY_PASSWORD": "s",
    "JAVA_TOOL_OPTIONS": "-Dforeign=1",
    "SPARK_CONF_DIR": "/etc/spark",
    "SPARK_REMOTE": "sc://elsewhere",
    "no_proxy": "localhost",
    "HTTPS_PROXY": "http://user:password@proxy:3128",
}


def test_it_gets_what_programs_need_and_no_secret() -> None:
    assert jvm_environment(_SHELL, Storage(Path("/p"), (Path("/data"),))) == {
        "PATH": "/usr/bin",
        "LC_ALL": "C.UTF-8",
        "no_proxy": "localhost",
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join((str(STARTUP_FOLDER), "/p/src", "/mine")),
        "LAKEWRIGHT_MOUNTS": os.pathsep.join(("/p", "/data")),
    }


def test_the_engine_adds_only_its_own_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _SHELL.items():
        monkeypatch.setenv(name, value)
    found = _environment(EngineFolder(tmp_path), EngineSettings(), "token")
    storage = Storage(tmp_path)
    added = (
        found.keys() - jvm_environment(_SHELL, storage).keys() - jvm_environment(os.environ, storage).keys()
    )
    assert added == {"SPARK_CONNECT_AUTHENTICATE_TOKEN", "SPARK_HOME", "PYSPARK_PYTHON", "SPARK_LOCAL_IP"}


def test_only_the_user_can_read_the_engines_log(tmp_path: Path) -> None:
    with _open_private(tmp_path / "engine.log"):
        assert stat.S_IMODE((tmp_path / "engine.log").stat().st_mode) == 0o600
