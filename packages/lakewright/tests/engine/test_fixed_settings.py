"""Settings that a running engine cannot change, and how a change is reported."""

import json
import sys
from pathlib import Path

import pytest

from databricks_utils.config import SecretText
from lakewright.engine import EngineSettings, ownership
from lakewright.engine.errors import EngineMismatchError
from lakewright.engine.handle import read_handle
from lakewright.engine.layout import EngineFolder
from lakewright.engine.settings.fixed import differences, fixed_settings

pytestmark = pytest.mark.unit

OLD = EngineSettings(spark_config={"spark.x.password": "hunter2", "spark.sql.ansi.enabled": "false"})


def changed(old, new):
    return differences(fixed_settings(old), fixed_settings(new))


def record(project, settings, *, fixed):
    """The files of an engine that was started with these settings."""
    folder = EngineFolder(project)
    folder.root.mkdir()
    launch = {"token": "t", "python": sys.executable, **fixed}
    folder.launch.write_text(json.dumps(launch), encoding="utf-8")
    state = {"pid": 1, "port": 1, "classic_port": 2, "spark": "4", "java": "17", "started_at": "now"}
    folder.state.write_text(json.dumps(state), encoding="utf-8")
    return read_handle(folder)


def test_each_changed_key_is_named_with_its_old_and_new_value():
    old = EngineSettings(spark_config={"spark.gone": "1"})
    new = EngineSettings(
        memory="4g",
        spark_config={"spark.log.level": "INFO"},
        java_home=Path("/jdk"),
        jvm_options=("-Xss4m", "-Da=b"),
        default_catalog="other",
    )
    assert changed(old, new) == [
        "spark.engine.memory: 2g → 4g",
        "spark.engine.java_home: (none) → /jdk",
        "spark.engine.jvm_options: (none) → -Xss4m -Da=b",
        "catalog.name: workspace → other",
        "spark.config.spark.log.level: (none) → INFO",
        "spark.config.spark.gone: 1 → (none)",
    ]


def test_an_engine_of_an_earlier_version_is_not_used(tmp_path):
    handle = record(tmp_path, OLD, fixed={})
    state = EngineFolder(tmp_path).state
    earlier = json.loads(state.read_text(encoding="utf-8"))
    del earlier["classic_port"]
    state.write_text(json.dumps(earlier), encoding="utf-8")
    assert handle.classic_port == 2
    with pytest.raises(EngineMismatchError, match="an earlier version of this package") as refused:
        ownership._checked(read_handle(EngineFolder(tmp_path)), OLD)
    assert "lakewright engine stop" in refused.value.fix


def test_a_key_that_a_session_may_set_is_not_fixed():
    assert changed(OLD, EngineSettings(spark_config={"spark.x.password": "hunter2"})) == []


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ({"spark_config": {"spark.a": ""}}, {}, "spark.config.spark.a: (empty) → (none)"),
        (
            {"jvm_options": ("-Da=b c",)},
            {"jvm_options": ("-Da=b", "c")},
            "spark.engine.jvm_options: '-Da=b c' → -Da=b c",
        ),
    ],
)
def test_similar_settings_are_shown_differently(old, new, shown):
    assert changed(EngineSettings(**old), EngineSettings(**new)) == [shown]


def test_a_changed_secret_is_reported_without_its_value():
    assert changed(OLD, EngineSettings(spark_config={"spark.x.password": "other"})) == [
        "spark.config.spark.x.password: another secret value"
    ]
    assert changed(OLD, EngineSettings()) == ["spark.config.spark.x.password: (a secret) → (none)"]


@pytest.mark.parametrize(
    "settings",
    [
        OLD,
        EngineSettings(spark_config={"spark.url": SecretText("https://hunter2@host")}),
        EngineSettings(jvm_options=("-Dpassword=hunter2",)),
        EngineSettings(jvm_options=("-javaagent:a.jar=url=x,apiKey=hunter2",)),
        EngineSettings(jvm_options=(SecretText("-Durl=hunter2"),)),
    ],
)
def test_no_secret_is_recorded(settings):
    recorded = json.dumps(fixed_settings(settings))
    assert "hunter2" not in recorded
    assert "sha256:" in recorded


def test_the_error_names_the_keys_that_differ(tmp_path):
    handle = record(tmp_path, OLD, fixed={"fixed": fixed_settings(OLD)})
    with pytest.raises(EngineMismatchError) as refused:
        ownership._checked(handle, EngineSettings(memory="4g", spark_config=OLD.spark_config))
    assert refused.value.detail == "spark.engine.memory: 2g → 4g"
    assert "lakewright engine stop" in refused.value.fix


def test_an_engine_without_recorded_settings_is_refused_with_a_general_reason(tmp_path):
    handle = record(tmp_path, OLD, fixed={})
    with pytest.raises(EngineMismatchError) as refused:
        ownership._checked(handle, EngineSettings(memory="4g"))
    assert "have changed since" in refused.value.detail
