"""The size of the JVM's heap."""

import pytest

from databricks_utils.config import ConfigLoader
from databricks_utils.config.errors import ConfigError
from lakewright.engine import EngineSettings, ensure_engine, settings_of
from lakewright.engine.errors import HeapSizeError
from lakewright.engine.jvm.heap import check_heap

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("memory", ["465m", "476160k", "1g", "2G", "1t"])
def test_a_heap_that_is_large_enough_for_spark_is_accepted(memory):
    check_heap(EngineSettings(memory=memory))


@pytest.mark.parametrize("memory", ["464m", "200M", "1k", "476159k"])
def test_a_heap_that_is_too_small_for_spark_is_refused(memory):
    with pytest.raises(HeapSizeError, match="too small for Spark") as refused:
        check_heap(EngineSettings(memory=memory))
    assert "1g" in refused.value.fix


@pytest.mark.parametrize("memory", ["2gb", "2", "", "0g", "1.5g", "2 g"])
def test_an_invalid_memory_size_is_refused(memory):
    with pytest.raises(HeapSizeError, match="which is not a valid size") as refused:
        check_heap(EngineSettings(memory=memory))
    assert refused.value.location == "spark.engine.memory"
    assert "`2g`" in refused.value.fix


def test_an_option_for_the_heap_overrides_the_memory_setting():
    for option in ("-Xmx3g", "-Xmx3000000000"):
        check_heap(EngineSettings(memory="200m", jvm_options=(option,)))
    with pytest.raises(HeapSizeError, match=r"the heap in `spark\.engine\.jvm_options` is `200m`"):
        check_heap(EngineSettings(memory="2g", jvm_options=("-Xmx3g", "-Dx=1", "-Xmx200m")))
    with pytest.raises(HeapSizeError, match="which is not a valid size"):  # Java reads it before the option
        check_heap(EngineSettings(memory="2gb", jvm_options=("-Xmx3g",)))


@pytest.mark.parametrize("option", ["-XX:MaxRAMPercentage=50", "-XX:MaxRAM=8g"])
def test_a_heap_that_is_too_small_is_refused_despite_an_option_with_lower_precedence(option):
    with pytest.raises(HeapSizeError, match="too small for Spark"):
        check_heap(EngineSettings(memory="200m", jvm_options=(option,)))


def test_no_engine_starts_with_too_little_memory(tmp_path):
    with pytest.raises(HeapSizeError):
        ensure_engine(tmp_path, settings=EngineSettings(memory="200m"))
    assert list(tmp_path.iterdir()) == []


def test_the_error_names_the_place_of_the_value(tmp_path, monkeypatch):
    local = tmp_path / "config" / "local.yaml"
    local.parent.mkdir()
    local.write_text(
        "catalog: {name: local_x, schema: s}\nspark:\n  engine:\n    memory: 300m\n", encoding="utf-8"
    )
    with pytest.raises(HeapSizeError) as refused:
        check_heap(settings_of(ConfigLoader.load("local", local.parent)))
    assert refused.value.location.endswith("local.yaml:4")
    monkeypatch.setenv("DBX_SPARK__ENGINE__MEMORY", "200m")
    with pytest.raises(HeapSizeError, match=r"the heap in `spark\.engine\.memory` is `200m`") as refused:
        check_heap(settings_of(ConfigLoader.load("local", local.parent)))
    assert refused.value.location == "environment DBX_SPARK__ENGINE__MEMORY"
    monkeypatch.setenv("DBX_SPARK__ENGINE__MEMORY", "2gb")
    with pytest.raises(ConfigError, match=r"spark\.engine\.memory"):
        ConfigLoader.load("local", local.parent)
