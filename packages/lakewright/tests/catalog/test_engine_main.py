"""The engine's process: it says where it listens, lets nobody else write, and ends by itself."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lakewright.engine.environment_variables import (
    CONNECT_MODE_VARIABLE,
    NO_PROXY_VARIABLE,
    REMOTE_VARIABLE,
)

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.drawn(1, among="engines started by hand"),
]


def test_the_engine_writes_its_file_serves_and_stops_on_sigterm(tmp_path, start_engine, connect):
    engine = start_engine(tmp_path)
    state = engine.wait_until_listening()
    assert state["pid"] == engine.process.pid
    assert set(state) == {"pid", "port", "classic_port", "spark", "started_at", "java"}
    session = connect(engine)
    assert session.range(3).count() == 3
    session.stop()

    second = start_engine(tmp_path / "elsewhere", spark__lakewright__lakehouse=str(tmp_path / "lakehouse"))
    assert second.process.wait(60) != 0
    assert "another process writes this lakehouse" in second.text
    assert json.loads(engine.state.read_text(encoding="utf-8"))["pid"] == engine.process.pid

    client = open_session_in_a_process(state["port"])
    assert client.stdout.readline() == "open\n"
    assert engine.end() == 0
    assert not engine.state.exists()
    # A process that outlives the engine ends at once and without a word.
    assert client.communicate("\n", timeout=30)[0] == ""


def open_session_in_a_process(port):
    """Start a process with an attached session; it has the token of `connect`, and ends at the next line of its input."""
    script = "from lakewright.engine.session import open_session; s = open_session(); print('open', flush=True); input()"
    variables = {
        REMOTE_VARIABLE: f"sc://localhost:{port}",
        NO_PROXY_VARIABLE: "localhost,127.0.0.1",
        CONNECT_MODE_VARIABLE: "1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **variables},
    )


def test_the_engine_stops_when_it_is_idle(tmp_path, start_engine):
    engine = start_engine(tmp_path, spark__lakewright__idleSeconds="1")
    engine.wait_until_listening()
    assert engine.process.wait(30) == 0
    assert not engine.state.exists()


def test_the_engine_stops_when_its_folder_is_removed(tmp_path, start_engine):
    engine = start_engine(tmp_path / ".lakewright")
    engine.wait_until_listening()
    shutil.rmtree(tmp_path / ".lakewright", ignore_errors=True)
    assert engine.process.wait(30) == 0


def test_after_a_kill_during_creates_every_catalog_entry_is_complete(tmp_path, start_engine, connect):
    engine = start_engine(tmp_path)
    session = connect(engine)
    session.sql("CREATE CATALOG c")
    folder = tmp_path / "lakehouse" / "_catalog" / "c" / "default"
    script = (
        session.sql,
        [f"CREATE TABLE c.default.t{number} AS SELECT * FROM range(1000)" for number in range(200)],
    )
    from threading import Thread

    def create():
        try:
            for statement in script[1]:
                script[0](statement)
        except Exception:
            return

    worker = Thread(target=create, daemon=True)
    worker.start()
    deadline = time.monotonic() + 60
    while len(list(folder.glob("t*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    engine.process.send_signal(signal.SIGKILL)
    engine.process.wait(30)
    worker.join(60)
    engine.state.unlink()

    again = start_engine(tmp_path)
    session = connect(again)
    try:
        names = [row.tableName for row in session.sql("SHOW TABLES IN c.default").collect()]
        assert len(names) >= 3
        assert {session.table(f"c.default.{name}").count() for name in names} == {1000}
        assert not list(folder.glob(".*"))
    finally:
        session.stop()
        assert again.end() == 0


def test_drops_that_were_cut_off_are_completed_by_the_next_engine(tmp_path, start_engine, connect):
    engine = start_engine(tmp_path)
    session = connect(engine)
    for statement in (
        "CREATE CATALOG c",
        *(f"CREATE SCHEMA c.{schema}" for schema in "st"),
        *(f"CREATE VOLUME c.{volume}" for volume in ("s.dropped", "s.kept", "t.of_schema", "t.damaged")),
        "CREATE EXTERNAL VOLUME c.t.outside LOCATION 'volumes/c/s/kept'",
        "CREATE CATALOG d",
        *(
            f"CREATE TABLE {table} AS SELECT 1 AS x"
            for table in ("c.s.kept", "c.t.of_schema", "d.default.of_catalog")
        ),
    ):
        session.sql(statement).collect()
    tables = [
        Path(session.sql(f"DESCRIBE DETAIL {table}").first()["location"].removeprefix("file:"))
        for table in ("c.t.of_schema", "d.default.of_catalog")
    ]
    session.stop()
    assert engine.end() == 0
    volumes, records = (tmp_path / "lakehouse" / name / "c" for name in ("volumes", "_catalog"))
    for place in ("s/dropped", "s/kept", "t/of_schema", "t/damaged"):
        (volumes / place / "old.csv").write_text("old", encoding="utf-8")
    (records / "t" / "damaged.volume.json").write_text("{", encoding="utf-8")
    # A process that dies in a drop has renamed the record, and not yet removed the data.
    (records / "s" / "dropped.volume.json").rename(records / "s" / ".1.dropped")
    (records / "t").rename(records / ".2.dropped")
    (records.parent / "d").rename(records.parent / ".3.dropped")

    again = start_engine(tmp_path)
    session = connect(again)
    try:
        assert not list(records.parent.rglob(".*"))
        assert not [table for table in tables if table.exists()]
        session.sql("CREATE SCHEMA c.t").collect()
        for volume in ("s.dropped", "t.of_schema"):
            session.sql(f"CREATE VOLUME c.{volume}").collect()
        left = sorted(path.relative_to(volumes).as_posix() for path in volumes.rglob("*.csv"))
        assert left == ["s/kept/old.csv", "t/damaged/old.csv"]  # nobody can know what is a damaged record's
        assert session.table("c.s.kept").count() == 1
    finally:
        session.stop()
        assert again.end() == 0
