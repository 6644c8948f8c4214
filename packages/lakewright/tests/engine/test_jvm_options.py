"""A project's own options of the JVM."""

import json

import pytest

from lakewright.engine import EngineSettings
from lakewright.engine.errors import JvmOptionError
from lakewright.engine.installation.java import Java, find_java
from lakewright.engine.jvm.option_check import check_jvm_options
from lakewright.engine.jvm.options import tuning_options

pytestmark = pytest.mark.integration

_KEY = "spark.engine.jvm_options"


def check(folder, *options, java=None, **more):
    check_jvm_options(java or find_java(), EngineSettings(jvm_options=options, **more), folder=folder)


def fake_java(folder, body):
    """A program in Java's place."""
    program = folder / "java"
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    return Java(program, 17, "here")


@pytest.mark.parametrize(
    "option",
    ["-XX:NoSuchOption=1", "-XX:+UseG1GCC", "--add-opnes=x=y", "-Xnope", "Xmx3g", "-XX:MaxNewSize=abc"],
)
def test_an_option_that_java_refuses_is_named(tmp_path, option):
    with pytest.raises(JvmOptionError) as refused:
        check(tmp_path, "-Da=b", option, origins={_KEY: "config/local.yaml:4"})
    assert f"`{option}`" in refused.value.summary
    assert _KEY in refused.value.summary
    assert refused.value.location == "config/local.yaml:4"
    assert "remove it" in refused.value.fix


def test_conflicting_options_are_reported_with_javas_message(tmp_path):
    with pytest.raises(JvmOptionError, match=_KEY) as refused:
        check(tmp_path, "-Xms3g", memory="2g")
    assert "heap size" in refused.value.detail
    assert "Could not create" not in refused.value.detail


def test_options_that_java_knows_are_accepted(tmp_path):
    check(tmp_path, "-Da=b", "-Xss4m", "-XX:+UnlockDiagnosticVMOptions", "-XX:+PrintInlining", "-ea")


@pytest.mark.unit
def test_without_options_no_java_is_started(tmp_path):
    check(tmp_path, java=fake_java(tmp_path, "exit 1"))


@pytest.mark.unit
def test_options_that_open_ports_or_wait_for_a_debugger_are_not_checked(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Dforeign=1")
    java = fake_java(tmp_path, 'printf "\\"%s\\"," "$@" "$JAVA_TOOL_OPTIONS" > asked')
    check(tmp_path, "-agentlib:jdwp=suspend=y", "-Da=b", java=java)
    asked = json.loads(f"[{(tmp_path / 'asked').read_text(encoding='utf-8').rstrip(',')}]")
    assert asked == ["-Xmx2g", "-Da=b", "-version", ""]


@pytest.mark.unit
def test_an_option_that_makes_java_wait_is_accepted(tmp_path, monkeypatch):
    monkeypatch.setattr("lakewright.engine.jvm.option_check._SECONDS", 0.1)
    check(tmp_path, "-Da=b", java=fake_java(tmp_path, "exec tail -f /dev/null"))


def test_the_users_garbage_collector_replaces_the_engines_own():
    own = tuning_options(EngineSettings())
    other = tuning_options(EngineSettings(jvm_options=("-XX:+UseG1GC", "-Dx=1")))
    assert set(own) - set(other) == {"-XX:+UseSerialGC"}
