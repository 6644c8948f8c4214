"""The plugin's jar: compiled once, by the compiler inside pyspark, and found again."""

import threading
from pathlib import Path

import pytest

from lakewright.engine.errors import PluginCompileError
from lakewright.engine.parts import plugin
from lakewright.engine.parts.java import find_java

_GOOD = "package lakewright\nobject Tiny { val x = 1 }\n"


@pytest.fixture
def sources(tmp_path, monkeypatch):
    folder = tmp_path / "jvm"
    folder.mkdir()
    (folder / "Tiny.scala").write_text(_GOOD, encoding="utf-8")
    monkeypatch.setattr(plugin, "_SOURCES", folder)
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path / "cache"))
    return folder


@pytest.mark.unit
def test_the_package_ships_its_scala_sources():
    names = {path.name for path in plugin.plugin_sources()}
    assert {"LakehouseCatalog.scala", "LakewrightExtensions.scala", "EngineMain.scala"} <= names


@pytest.mark.unit
def test_a_compiler_that_cannot_be_started_is_reported_with_the_fix(sources):
    with pytest.raises(PluginCompileError, match="could not be started") as problem:
        plugin.plugin_jar(Path("/nowhere/java"), [])
    assert "lakewright doctor" in str(problem.value)


@pytest.mark.integration
def test_the_jar_is_compiled_once_and_again_when_a_source_changes(sources):
    java = find_java().executable
    first = plugin.plugin_jar(java, [])
    assert plugin.plugin_jar(Path("/nowhere/java"), []) == first
    (sources / "Tiny.scala").write_text(_GOOD.replace("1", "2"), encoding="utf-8")
    assert plugin.plugin_jar(java, []) != first
    assert [path.name for path in first.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.integration
def test_a_source_that_does_not_compile_shows_what_the_compiler_said(sources):
    (sources / "Tiny.scala").write_text("object Broken { val x: Int = nope }", encoding="utf-8")
    with pytest.raises(PluginCompileError) as problem:
        plugin.plugin_jar(find_java().executable, [])
    assert "not found: value nope" in str(problem.value)
    assert list((sources.parent / "cache").rglob("*.jar")) == []


@pytest.mark.integration
def test_two_compiling_at_once_end_with_one_whole_jar(sources):
    java = find_java().executable
    found = []
    workers = [threading.Thread(target=lambda: found.append(plugin.plugin_jar(java, []))) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert found[0] == found[1]
    assert [path.name for path in found[0].parent.iterdir()] == [found[0].name]
