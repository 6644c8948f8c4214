"""Who the user of this machine is, for the commands and for the engine."""

import getpass
import os
import sys

import pytest

from lakewright.engine import EngineSettings
from lakewright.engine.settings.spark_properties import spark_properties
from lakewright.storage.machine_user import machine_user

pytestmark = pytest.mark.unit


def test_a_variable_of_the_shell_makes_nobody_another_user(monkeypatch):
    before = machine_user()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody else")
    assert machine_user() == before


def test_the_engine_is_given_the_name_that_the_commands_use(tmp_path):
    properties = spark_properties(tmp_path / "lakehouse", EngineSettings())
    assert properties["spark.lakewright.machineUser"] == machine_user()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such numbers")
def test_an_account_without_a_name_is_what_the_shell_says_or_its_number(monkeypatch):
    import pwd

    def missing(_):
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", missing)
    monkeypatch.setattr(getpass, "getuser", lambda: "who the shell says")
    assert machine_user() == "who the shell says"
    monkeypatch.setattr(getpass, "getuser", lambda: missing(None))
    assert machine_user() == f"uid-{os.getuid()}"
