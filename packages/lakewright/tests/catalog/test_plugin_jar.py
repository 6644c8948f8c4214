"""The plugin's jar: compiled once, by the compiler inside pyspark, and found again."""

import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lakewright.engine.errors import PluginCompileError
from lakewright.engine.installation import plugin
from lakewright.engine.installation.java import find_java

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


@pytest.fixture
def compilations(monkeypatch):
    """A stand-in for the compiler, which costs seconds a call; every engine of the other tests needs the real one's jar."""
    made = []

    def compile_(java, classpath, sources, output):
        output.mkdir()
        made.append([source.read_text(encoding="utf-8") for source in sources])
        (output / "Tiny.class").write_bytes(made[-1][0].encode())

    monkeypatch.setattr(plugin, "_compile", compile_)
    return made


@pytest.mark.unit
def test_the_jar_is_compiled_once_and_again_when_a_source_changes(sources, compilations):
    first = plugin.plugin_jar(Path("java"), [])
    assert plugin.plugin_jar(Path("java"), []) == first
    assert len(compilations) == 1
    (sources / "Tiny.scala").write_text(_GOOD.replace("1", "2"), encoding="utf-8")
    assert plugin.plugin_jar(Path("java"), []) != first
    assert len(compilations) == 2
    assert [path.name for path in first.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.unit
def test_another_version_of_delta_gets_another_jar(sources, compilations):
    found = {
        plugin.plugin_jar(Path("java"), [Path(f"/jars/delta-spark-{version}.jar")]) for version in (1, 2)
    }
    assert len(found) == len(compilations) == 2


@pytest.mark.unit
def test_two_parallel_compilations_give_one_complete_jar(sources, compilations, monkeypatch):
    both, compile_ = threading.Barrier(2, timeout=60), plugin._compile

    def meet(*arguments):
        both.wait()
        compile_(*arguments)
        both.wait()

    monkeypatch.setattr(plugin, "_compile", meet)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: plugin.plugin_jar(Path("java"), []), range(2))
    assert first == second
    assert [path.name for path in first.parent.iterdir()] == [first.name]
    with zipfile.ZipFile(first) as jar:
        assert jar.read("Tiny.class") == _GOOD.encode()


@pytest.mark.integration
def test_a_source_that_does_not_compile_shows_the_compilers_message(sources):
    (sources / "Tiny.scala").write_text("object Broken { val x: Int = nope }", encoding="utf-8")
    with pytest.raises(PluginCompileError) as problem:
        plugin.plugin_jar(find_java().executable, [])
    assert "not found: value nope" in str(problem.value)
    assert list((sources.parent / "cache").rglob("*.jar")) == []
