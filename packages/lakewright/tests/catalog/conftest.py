"""One engine for all tests of this folder: they run on a classic session, those marked `over_connect` on Spark Connect too."""

import itertools
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from lakewright.engine import EngineSettings
from lakewright.engine.classic import close_classic_session, open_classic_session
from lakewright.engine.environment_variables import CLASSIC_VARIABLE, TOKEN_VARIABLE
from lakewright.engine.installation.classpath import engine_classpath
from lakewright.engine.installation.java import find_java
from lakewright.engine.installation.spark import spark_home
from lakewright.engine.jvm.class_archive import archive_options
from lakewright.engine.jvm.options import MODULE_OPTIONS, TUNING_OPTIONS
from lakewright.engine.settings.spark_properties import spark_properties

# A classic session raises some errors as the JVM's own.
_REFUSALS = (PySparkException, Py4JJavaError)
_NUMBERS = itertools.count(1)
TOKEN = "token-of-the-catalog-tests"
_QUICK = {
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "2",
    "spark.databricks.delta.vacuum.parallelDelete.enabled": "false",
}
# No test but that of environments has a catalog whose name begins with `elsewhere_` or `spark_`.
_SETTINGS = EngineSettings(
    spark_config=_QUICK,
    environment="local",
    other_environments=("else", "elsewhere", "spark"),
    used_environments=("else_shared",),
)


def pytest_configure(config):
    config.addinivalue_line("markers", "over_connect: runs on a classic session and on Spark Connect")


def pytest_generate_tests(metafunc):
    if "spark" in metafunc.fixturenames:
        ways = ["classic"]
        if metafunc.definition.get_closest_marker("over_connect"):
            ways.append("connect")
        metafunc.parametrize("spark", ways, indirect=True, scope="session")


@dataclass
class Engine:
    """A process of `lakewright.EngineMain`, started by hand."""

    process: subprocess.Popen
    state: Path
    log: Path

    @property
    def text(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until_listening(self, seconds=60):
        deadline = time.monotonic() + seconds
        while not self.state.is_file():
            assert self.process.poll() is None, self.text[-3000:]
            assert time.monotonic() < deadline, self.text[-3000:]
            time.sleep(0.05)
        return json.loads(self.state.read_text(encoding="utf-8"))

    def end(self, seconds=90):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


def _start_engine(root, **extra):
    """Start `EngineMain` over `<root>/lakehouse`."""
    (root / "lakehouse").mkdir(parents=True, exist_ok=True)
    values = {
        **spark_properties(root / "lakehouse", _SETTINGS),
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": "0",
        **{key.replace("__", "."): value for key, value in extra.items()},
    }
    properties, state, log = root / "engine.properties", root / "engine.json", root / "engine.log"
    properties.write_text("".join(f"{key}={value}\n" for key, value in values.items()), encoding="utf-8")
    java = find_java()
    classpath = engine_classpath(java)  # with that of an engine, its class archive too
    command = [
        str(java.executable),
        "-Xmx1g",
        *TUNING_OPTIONS,
        *archive_options(java, classpath),
        *MODULE_OPTIONS,
    ]
    command += ["-cp", os.pathsep.join(map(str, classpath))]
    command += ["lakewright.EngineMain", str(properties), str(state)]
    environment = {**os.environ, TOKEN_VARIABLE: TOKEN, "SPARK_HOME": str(spark_home())}
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
    return Engine(process, state, log)


def _connect(engine):
    """Open a fresh Connect session on an engine."""
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    os.environ[TOKEN_VARIABLE] = TOKEN
    session = SparkSession.builder.remote(f"sc://localhost:{engine.wait_until_listening()['port']}").create()
    session.client.set_retry_policies([DefaultPolicy(max_retries=2, max_backoff=200)])
    return session


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    """The folder of the one engine that all sessions of these tests are attached to."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="session")
def engine(root):
    started = _start_engine(root)
    yield started
    started.end()


@pytest.fixture(scope="session")
def spark(request, engine):
    """A session of the machine's user: classic, as of a notebook in the driver of a cluster, or on Spark Connect."""
    yield from _classic(engine) if request.param == "classic" else _connected(engine)


def _classic(engine):
    state = engine.wait_until_listening()
    yield open_classic_session({CLASSIC_VARIABLE: str(state["classic_port"]), TOKEN_VARIABLE: TOKEN})
    close_classic_session()


def _connected(engine):
    session = _connect(engine)
    session.engine_of_tests = engine
    yield session
    session.stop()


@pytest.fixture
def lakehouse(root):
    return root / "lakehouse"


@pytest.fixture
def catalog(spark):
    """A fresh catalog, dropped at the end."""
    name = f"c{next(_NUMBERS)}_analytics"
    spark.sql(f"CREATE CATALOG {name}")
    yield name
    spark.sql("USE spark_catalog.default")
    spark.sql(f"DROP CATALOG IF EXISTS {name} CASCADE")


@pytest.fixture
def schema(spark, catalog):
    """A fresh schema in a fresh catalog, by its full name."""
    spark.sql(f"CREATE SCHEMA {catalog}.s")
    return f"{catalog}.s"


@pytest.fixture
def rows(spark):
    """Run a statement and give its rows as sorted tuples."""
    return lambda statement: sorted((tuple(row) for row in spark.sql(statement).collect()), key=repr)


@pytest.fixture
def refused(spark):
    """Return the message of Spark's refusal of a statement."""

    def run(statement, session=None):
        with pytest.raises(_REFUSALS) as problem:
            (session or spark).sql(statement).collect()
        return str(problem.value)

    return run


@pytest.fixture
def another_session(spark):
    """Make a further session on the same engine, for a principal if one is named."""

    def open_one(principal=None):
        engine = getattr(spark, "engine_of_tests", None)
        session = _connect(engine) if engine else spark.newSession()
        if principal:
            session.conf.set("spark.lakewright.principal", principal)
        return session

    yield open_one
    if getattr(spark, "engine_of_tests", None) is None:
        # In one process the session that was used last stays the active one of the thread; a stream that starts there would be its.
        of_java = spark._get_j_spark_session_class(spark._jvm)
        of_java.setActiveSession(spark._jsparkSession)


@pytest.fixture
def start_engine():
    """Start engines by hand; those that a test leaves running are killed."""
    engines = []

    def start(root, **extra):
        engines.append(_start_engine(root, **extra))
        return engines[-1]

    yield start
    for engine in engines:
        if engine.process.poll() is None:
            engine.process.kill()
            engine.process.wait(30)


@pytest.fixture
def connect():
    return _connect
