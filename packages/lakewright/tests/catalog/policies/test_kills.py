"""An engine that is killed between two steps of a statement about policies: nobody sees a value, before and after."""

import contextlib
import json
import random
import signal
import threading
import time

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1, among="engines started by hand")]
SHOWN = {"***", "?"}


def _prepare(owner):
    for statement in (
        "CREATE CATALOG k",
        "CREATE SCHEMA k.s",
        "USE k.s",
        "CREATE FUNCTION hide(n STRING) RETURNS STRING RETURN '***'",
        "CREATE FUNCTION none(n STRING) RETURNS STRING RETURN '?'",
        "CREATE FUNCTION some(i INT) RETURNS BOOLEAN RETURN i = 1",
        "CREATE TABLE people (id INT, name STRING MASK hide) WITH ROW FILTER some ON (id)",
        "INSERT INTO people VALUES (1, 'TOKENann'), (2, 'TOKENbob')",
        "GRANT USE CATALOG, USE SCHEMA, SELECT, MODIFY ON CATALOG k TO bob",
    ):
        owner.sql(statement).collect()


def _steps(number):
    yield "ALTER TABLE people ALTER COLUMN name SET MASK none"
    yield "CREATE OR REPLACE FUNCTION hide(n STRING) RETURNS STRING RETURN '***'"
    yield "ALTER TABLE people ALTER COLUMN name SET MASK hide"
    yield "ALTER TABLE people SET ROW FILTER some ON (id)"
    yield f"ALTER TABLE people ADD COLUMN x{number} STRING MASK hide"
    yield f"UPDATE people SET x{number} = 'TOKENx'"
    yield f"CREATE TABLE made{number} (name STRING MASK hide)"


def _work(owner, ended):
    with contextlib.suppress(Exception):  # the engine is killed meanwhile
        for number in range(1000):
            for statement in _steps(number):
                owner.sql(statement).collect()
    ended.set()


def _texts(bob):
    """All that bob sees of the table, or the text of his refusal."""
    try:
        return {
            value
            for row in bob.sql("SELECT * FROM k.s.people").collect()
            for value in row[1:]
            if value is not None
        }
    except Exception as problem:
        return {"refused"} if "TOKEN" not in str(problem) else {str(problem)}


@pytest.mark.parametrize("seconds", [0.3, 1.1, 2.7, 4.9])
def test_no_kill_makes_a_mask_forgotten(tmp_path, start_engine, connect, seconds):
    engine = start_engine(tmp_path)
    owner, bob = connect(engine), connect(engine)
    _prepare(owner)
    bob.conf.set("spark.lakewright.principal", "bob")
    ended = threading.Event()
    threading.Thread(target=_work, args=(owner, ended), daemon=True).start()
    until = time.monotonic() + seconds * random.uniform(0.8, 1.2)
    while time.monotonic() < until:
        assert _texts(bob) <= {*SHOWN, "refused"}
    engine.process.send_signal(signal.SIGKILL)
    engine.process.wait(30)
    ended.wait(60)
    (tmp_path / "engine.json").unlink(missing_ok=True)
    again = start_engine(tmp_path)
    bob, owner = connect(again), connect(again)
    bob.conf.set("spark.lakewright.principal", "bob")
    assert _texts(bob) <= {*SHOWN, "refused"}
    record = json.loads(
        (tmp_path / "lakehouse" / "_catalog" / "k" / "s" / "people.json").read_text(encoding="utf-8")
    )
    masked = set(record["policies"]["column_masks"])
    assert {name for name in owner.table("k.s.people").columns if name != "id"} <= masked
    assert record["policies"]["row_filter"]["function"][-1] == "some"
