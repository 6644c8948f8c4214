"""Classic sessions on a shared engine: what a process began ends with it, and others do not notice."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.functions import udf

from lakewright.engine import EngineSettings, ensure_engine, locks, stop_engine
from lakewright.engine.classic import close_classic_session
from lakewright.engine.classic_door import attach, end_clients
from lakewright.engine.environment_variables import CLIENT_VARIABLE, TOKEN_VARIABLE
from lakewright.engine.errors import EngineGoneError, FileTakenError
from lakewright.engine.layout import EngineFolder

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SMALL = EngineSettings(memory="1g", idle_minutes=5)
OWN_ENGINE = pytest.mark.drawn(2, among="engines of a test alone")
OPEN = "from lakewright.engine.classic import open_classic_session\nspark = open_classic_session()\nsc = spark.sparkContext\n"
SLOW = {
    "rdd": "sc.parallelize(range(1), 1).map(lambda n: __import__('time').sleep(120)).collect()",
    "query": "spark.range(20_000_000_000).selectExpr('sum(hash(id, id))').collect()",
    "udf": "from pyspark.sql.functions import udf\nspark.range(2).select(udf(lambda n: __import__('time').sleep(120))('id')).collect()",
    "stream": "spark.newSession().readStream.format('rate').load().writeStream.format('noop').start().awaitTermination()",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    yield folder
    stop_engine(folder)


@pytest.fixture
def engine(project):
    return ensure_engine(project, settings=SMALL)


@pytest.fixture
def spark(engine):
    yield engine.open_classic()
    close_classic_session()


@pytest.fixture
def begin(engine):
    """Starts a process with a classic session; it is killed in the end."""
    begun = []

    def start(code, name="another"):
        environment = {**os.environ, **engine.classic_environment(), CLIENT_VARIABLE: name}
        process = subprocess.Popen(
            [sys.executable, "-c", OPEN + code],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def jobs_of(spark):
    return list(spark.sparkContext._jsc.sc().statusTracker().getActiveJobIds())


def wait_for(condition, seconds=40):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.mark.drawn(2)
@pytest.mark.parametrize("kind", SLOW)
def test_what_a_killed_process_began_ends_with_it(engine, spark, begin, kind):
    process = begin(SLOW[kind], name=f"killed-{kind}")
    wait_for(lambda: jobs_of(spark))
    process.send_signal(signal.SIGKILL)
    end_clients(engine.classic_environment(), [f"killed-{kind}"], seconds=20)
    assert jobs_of(spark) == []
    assert spark.range(3).count() == 3


def test_after_the_end_of_a_killed_process_no_task_of_it_writes_any_more(engine, spark, begin, tmp_path):
    target = tmp_path / "written"
    code = f"""
        import time
        def write(rows):
            while True:
                with open({str(target)!r}, "a") as file:
                    file.write(".")
                time.sleep(0.05)
        sc.parallelize(range(1), 1).foreachPartition(write)
    """
    process = begin(textwrap.dedent(code), name="writer")
    wait_for(target.exists)
    process.send_signal(signal.SIGKILL)
    end_clients(engine.classic_environment(), ["writer"], seconds=20)
    size = target.stat().st_size
    time.sleep(1)  # that nothing is written any more has no event; the task wrote twenty times a second
    assert target.stat().st_size == size


def test_who_closes_its_session_has_ended_its_stream_though_a_forked_child_lives(spark, begin):
    code = """
        import os, time
        from lakewright.engine.classic import close_classic_session
        stream = spark.readStream.format("rate").load().writeStream.format("noop").start()
        while not stream.lastProgress:
            time.sleep(0.1)
        if os.fork() == 0:
            time.sleep(120)
        close_classic_session()
        print("closed", flush=True)
        time.sleep(120)
    """
    process = begin(textwrap.dedent(code))
    assert any(line == b"closed\n" for line in process.stdout)
    assert spark._jsparkSession.sharedState().activeStreamingQueries().size() == 0


def test_an_interrupt_ends_the_jobs_of_its_process_alone(spark, begin):
    other = begin(SLOW["rdd"])  # on one core
    wait_for(lambda: jobs_of(spark))
    again = f"from lakewright.engine.classic import close_classic_session\nclose_classic_session()\n{OPEN}"
    process = begin(
        f"{again}try:\n    {SLOW['query']}\nexcept KeyboardInterrupt:\n    print('left', spark.range(4).count())"
    )
    wait_for(lambda: len(jobs_of(spark)) > 1)
    process.send_signal(signal.SIGINT)
    assert "left 4" in process.communicate(timeout=60)[0].decode()
    assert len(jobs_of(spark)) == 1
    assert other.poll() is None


def test_a_process_neither_cancels_the_jobs_of_another_nor_forgets_the_tag_of_its_own(spark, begin):
    other = begin(SLOW["rdd"])
    wait_for(lambda: jobs_of(spark))
    context = spark.sparkContext
    context.addJobTag("mine")
    assert context.getJobTags() == {"mine"}
    context.clearJobTags()
    assert context.getJobTags() == set()
    assert context.own_tag in set(context._jsc.getJobTags())
    context.cancelAllJobs()
    assert (
        spark.range(3).count() == 3
    )  # Spark's scheduler takes one event after the other: the cancellation was before this job
    assert len(jobs_of(spark)) == 1
    assert other.poll() is None


def test_no_session_of_a_process_ends_spark_or_loses_the_principal(engine):
    close_classic_session()
    spark = engine.open_classic("ana")
    seen = []

    def batch(frame, _):
        frame.sparkSession.stop()
        seen.append(frame.count())

    spark.range(2).createOrReplaceTempView("mine")
    rates = spark.readStream.format("rate").option("rowsPerSecond", 5).load()
    stream = rates.writeStream.foreachBatch(batch).start()
    wait_for(lambda: sum(seen) > 0)
    stream.stop()
    other = spark.newSession()
    assert other.conf.get("spark.lakewright.principal") == "ana"
    other.stop()
    spark.sparkContext.stop()
    again = SparkSession.builder.getOrCreate()
    assert again.conf.get("spark.lakewright.principal") == "ana"
    assert again.table("mine").count() == 2
    close_classic_session()
    over_connect = engine.connect()
    assert over_connect.conf.get("spark.lakewright.principal", "nobody") == "nobody"
    over_connect.stop()


def test_a_changed_file_under_a_name_that_spark_has_is_refused(spark, tmp_path):
    module = tmp_path / "module_of_tests.py"
    module.write_text("V = 1\n", encoding="utf-8")
    spark.sparkContext.addPyFile(str(module))
    spark.sparkContext.addPyFile(str(module))
    module.write_text("V = 22\n", encoding="utf-8")
    with pytest.raises(FileTakenError, match=r"`module_of_tests\.py` with other content") as refused:
        spark.sparkContext.addPyFile(str(module))
    assert "another name" in refused.value.fix


def test_an_opening_that_is_interrupted_can_be_repeated(engine, monkeypatch):
    close_classic_session()

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("lakewright.engine.attached_spark.AttachedSession", interrupted)
        with pytest.raises(KeyboardInterrupt):
            engine.open_classic()
    assert engine.open_classic().range(3).count() == 3
    close_classic_session()


def test_who_does_not_know_the_token_gets_no_answer(engine):
    stranger = {**engine.classic_environment(), TOKEN_VARIABLE: "guessed"}
    with pytest.raises(EngineGoneError, match="does not answer") as refused:
        attach(stranger)
    assert engine.token not in str(refused.value)


@pytest.mark.parametrize("said", [b"\n", b"x" * 5000, b"\xff\xfe attach a\n", b"a b c d e\n"])
def test_nonsense_at_the_door_gets_no_answer_and_does_no_harm(engine, said):
    with socket.create_connection(("127.0.0.1", engine.classic_port), timeout=20) as connection:
        connection.sendall(said)
        with contextlib.suppress(ConnectionResetError):  # it was closed before all was read
            assert connection.recv(100) == b""
    attach(engine.classic_environment()).end()


@OWN_ENGINE
def test_a_process_that_is_attached_keeps_the_engine_and_has_an_answer_when_it_is_gone(tmp_path):
    engine = ensure_engine(tmp_path, settings=EngineSettings(memory="1g", idle_minutes=0.02))
    try:
        lease = attach(engine.classic_environment())
        time.sleep(3)  # that it does not end has no event; alone it would after 1.2 s
        assert engine.is_alive()
        lease.end()
        # Not `engine_status`: the server of Connect ends first, and the door of classic sessions with the process.
        wait_for(lambda: locks.holder(EngineFolder(tmp_path).lock) is None)
        with pytest.raises(EngineGoneError, match="does not answer") as refused:
            attach(engine.classic_environment())
        assert "lakewright doctor" in refused.value.fix
    finally:
        stop_engine(tmp_path)


@OWN_ENGINE
def test_processes_that_fork_workers_of_udfs_end_when_they_have_none_and_come_back(tmp_path):
    # Not every second: on a busy machine such a process takes longer than two sweeps to start.
    quick = {"spark.lakewright.daemonSweepSeconds": "5", "spark.python.worker.reuse": "false"}
    engine = ensure_engine(tmp_path, settings=EngineSettings(memory="1g", spark_config=quick))
    try:
        session = engine.connect()
        for _ in range(2):
            assert session.range(2).select(udf(lambda n: n + 1, "long")("id")).collect() == [(1,), (2,)]
            assert daemons_of(engine)
            wait_for(lambda: not daemons_of(engine))
        session.stop()
    finally:
        stop_engine(tmp_path)


def daemons_of(engine):
    found = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(engine.pid)], capture_output=True, text=True, check=False
    )
    return [line for line in found.stdout.splitlines() if "pyspark.daemon" in line]


@OWN_ENGINE
def test_a_session_on_the_next_engine_replaces_that_on_one_that_has_stopped(project, engine):
    first = engine.open_classic()
    first.range(2).createOrReplaceTempView("mine")
    assert engine.open_classic() is first
    stop_engine(project)
    second = ensure_engine(project, settings=SMALL).open_classic()
    assert second is not first
    assert second.range(5).count() == 5
    assert not second.catalog.tableExists("mine")
    close_classic_session()
