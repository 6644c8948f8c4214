"""One engine for a project: starting, sharing and stopping it."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyspark.errors import PySparkException

from databricks_utils.errors import DiagnosedError
from lakewright.engine import EngineSettings, engine_status, ensure_engine, locks, stop_engine
from lakewright.engine.errors import EngineBusyError, EngineMismatchError, EngineStartError, JvmOptionError
from lakewright.engine.installation.classpath import engine_classpath
from lakewright.engine.installation.java import find_java
from lakewright.engine.jvm.class_archive import archive_options
from lakewright.engine.layout import EngineFolder

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.drawn(5)]

SMALL = EngineSettings(memory="1g", idle_minutes=5)
OWN_ENGINE = pytest.mark.drawn(2, among="engines of a test alone")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project whose engine the tests of this module share, end, kill and start again."""
    folder = tmp_path_factory.mktemp("project")
    yield folder
    stop_engine(folder)


@pytest.fixture
def engine(project):
    return ensure_engine(project, settings=SMALL)


def _in_another_process(project, code):
    return subprocess.run(
        [sys.executable, "-c", code, str(project)], capture_output=True, text=True, check=False, timeout=120
    )


def _kill(engine):
    """Kill an engine and wait until the kernel has dropped its lock."""
    os.kill(engine.pid, signal.SIGKILL)
    while locks.holder(EngineFolder(engine.project).lock) is not None:
        time.sleep(0.01)


def test_two_processes_that_start_at_once_share_one_engine(project):
    stop_engine(project)
    code = (
        "import sys; from pathlib import Path; from lakewright.engine import *\n"
        "print(ensure_engine(Path(sys.argv[1]), settings=EngineSettings(memory='1g', idle_minutes=5)).pid)"
    )
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: _in_another_process(project, code), range(2))
    assert first.stdout == second.stdout != ""
    assert int(first.stdout) == engine_status(project).pid


def _write_table(engine):
    spark = engine.connect()
    spark.sql("CREATE CATALOG IF NOT EXISTS one")
    spark.sql("CREATE SCHEMA IF NOT EXISTS one.s")
    spark.sql("CREATE OR REPLACE TABLE one.s.t AS SELECT 42 AS answer")


def test_a_table_written_by_one_process_is_read_by_the_next(project, engine):
    _write_table(engine)
    code = (
        "import sys; from pathlib import Path; from lakewright.engine import *\n"
        "handle = ensure_engine(Path(sys.argv[1]), settings=EngineSettings(memory='1g', idle_minutes=5))\n"
        "print(handle.connect().table('one.s.t').collect()[0].answer)"
    )
    assert _in_another_process(project, code).stdout.strip() == "42"


@OWN_ENGINE
def test_starting_an_engine_does_not_attach_to_it(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from lakewright.engine import *\n"
        "before = dict(os.environ)\n"
        "ensure_engine(Path(sys.argv[1]), settings=EngineSettings(memory='1g', idle_minutes=5))\n"
        "print(dict(os.environ) == before); stop_engine(Path(sys.argv[1]))"
    )
    assert _in_another_process(tmp_path, code).stdout.strip() == "True"


def test_a_client_without_the_token_is_refused(engine):
    code = (
        "import os, sys; os.environ['SPARK_CONNECT_AUTHENTICATE_TOKEN'] = 'wrong'\n"
        "from pyspark.sql import SparkSession\n"
        f"SparkSession.builder.remote('{engine.remote}').create().range(1).collect()"
    )
    refused = _in_another_process("-", code)
    assert refused.returncode == 1
    assert "token" in refused.stderr.lower()


def test_a_company_proxy_in_the_environment_is_not_used_for_the_engine(project, engine, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert engine.connect().range(3).count() == 3


def test_the_second_engine_of_a_machine_maps_the_class_archive_of_the_first(project, engine):
    java = find_java()
    if "SharedArchiveFile" not in archive_options(java, engine_classpath(java))[-1]:
        stop_engine(project)  # the first one here: it writes the archive at its end
        engine = ensure_engine(project, settings=SMALL)
    archives = archive_options(java, engine_classpath(java))[-1].partition("=")[2].split(os.pathsep)
    maps = Path(f"/proc/{engine.pid}/maps").read_text(encoding="utf-8").splitlines()
    assert archives[-1] in {line.split()[-1] for line in maps}
    assert "[cds]" not in EngineFolder(project).log.read_text(encoding="utf-8")


def test_an_engine_with_other_fixed_settings_is_not_used_silently(project, engine):
    with pytest.raises(EngineMismatchError) as refused:
        ensure_engine(project, settings=EngineSettings(memory="1500m"))
    assert refused.value.detail == "spark.engine.memory: 1g → 1500m"
    assert "lakewright engine stop" in refused.value.fix
    assert engine_status(project).pid == engine.pid


def test_a_killed_engine_is_replaced_and_its_tables_remain(project, engine):
    _write_table(engine)
    _kill(engine)
    again = ensure_engine(project, settings=SMALL)
    assert again.pid != engine.pid
    assert EngineFolder(project).earlier_log.is_file()
    session = again.connect()
    assert session.table("one.s.t").collect()[0].answer == 42
    assert type(session).getActiveSession() is session  # not the one of the killed engine


@pytest.mark.filterwarnings("ignore:.*RETRIES_EXCEEDED")
def test_a_query_on_a_dead_engine_fails_within_seconds(project, engine):
    spark = engine.connect()
    spark.range(1).collect()
    _kill(engine)
    started = time.monotonic()
    with pytest.raises(PySparkException, match=r"StatusCode\.UNAVAILABLE"):
        spark.range(1).collect()
    assert time.monotonic() - started < 60  # not a speed claim: the client's own default is ten minutes


def test_files_of_a_dead_engine_do_not_count_as_a_running_engine(project):
    ensure_engine(project, settings=SMALL)
    folder = EngineFolder(project)
    kept = folder.state.read_bytes()
    stop_engine(project)
    folder.state.write_bytes(kept)
    assert engine_status(project) is None
    assert ensure_engine(project, settings=SMALL).pid != json.loads(kept)["pid"]


def test_stopping_releases_the_folder_and_returns_whether_an_engine_ran(project, engine):
    assert stop_engine(project)
    assert locks.holder(EngineFolder(project).lock) is None
    assert engine_status(project) is None
    assert not stop_engine(project)


@OWN_ENGINE
def test_an_idle_engine_stops_itself(tmp_path):
    ensure_engine(tmp_path, settings=EngineSettings(memory="1g", idle_minutes=1 / 60))
    deadline = time.monotonic() + 60
    while locks.holder(EngineFolder(tmp_path).lock) is not None and time.monotonic() < deadline:
        time.sleep(0.2)
    assert engine_status(tmp_path) is None
    assert not EngineFolder(tmp_path).state.exists()


def test_an_engine_whose_jvm_cannot_start_shows_the_end_of_its_log(tmp_path):
    with pytest.raises(EngineStartError) as failed:
        ensure_engine(tmp_path, settings=EngineSettings(jvm_options=("-agentlib:no_such_agent",)))
    assert "engine.log" in failed.value.location
    assert "no_such_agent" in failed.value.detail
    assert "lakewright doctor" in failed.value.fix


def test_a_misspelled_jvm_option_is_refused_before_the_start(tmp_path):
    with pytest.raises(JvmOptionError, match=r"`-XX:NoSuchOption=1`, one of `spark\.engine\.jvm_options`"):
        ensure_engine(tmp_path, settings=EngineSettings(jvm_options=("-XX:NoSuchOption=1",)))
    assert not EngineFolder(tmp_path).log.exists()


def test_a_process_that_holds_the_folder_and_accepts_no_connection_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("lakewright.engine.ownership._HANDOVER_SECONDS", 0.2)
    folder = EngineFolder(tmp_path)
    folder.root.mkdir()
    hold = "import fcntl, sys; f = open(sys.argv[1], 'a+'); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", hold, str(folder.lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        process.stdout.readline()
        with pytest.raises(EngineBusyError) as refused:
            ensure_engine(tmp_path, settings=SMALL)
        assert str(process.pid) in refused.value.summary
        assert isinstance(refused.value, DiagnosedError)
    finally:
        process.kill()
        process.communicate()
