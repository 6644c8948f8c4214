"""A Spark standalone cluster on the loopback: a master and workers of one core each, and what makes an engine use them.

An engine keeps its place as the driver and the Connect server; everything that it computes then runs in other JVMs.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lakewright.engine.installation.classpath import own_jars
from lakewright.engine.installation.java import find_java
from lakewright.engine.installation.spark import spark_home, spark_jars
from lakewright.engine.jvm.environment import jvm_environment
from lakewright.engine.jvm.options import MODULE_OPTIONS, TUNING_OPTIONS
from lakewright.storage import Storage

WORKERS = 2
_WORKER_MEMORY = "1536m"
_EXECUTOR_MEMORY = "1g"
_READY_SECONDS = 60
_END_SECONDS = 30
_WORKER = "org.apache.spark.deploy.worker.Worker"
_MASTER = "org.apache.spark.deploy.master.Master"


@dataclass(frozen=True)
class Cluster:
    """A running cluster.

    Attributes:
        address: Its master, as `spark.master` names it.
        events: The folder of the event logs of its applications.
    """

    address: str
    events: Path

    def settings(self) -> dict[str, str]:
        """Return the Spark settings, for `spark.config`, with which an engine computes on the workers alone."""
        return {
            "spark.master": self.address,
            "spark.executor.memory": _EXECUTOR_MEMORY,
            "spark.executor.cores": "1",
            "spark.cores.max": str(WORKERS),
            "spark.executor.extraClassPath": os.pathsep.join(map(str, own_jars(find_java()))),
            "spark.executor.extraJavaOptions": " ".join(TUNING_OPTIONS),
            # Without this the first statements run before the second worker has joined.
            "spark.scheduler.minRegisteredResourcesRatio": "1.0",
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": self.events.as_uri(),
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.compress": "false",
        }

    def tasks_by_executor(self) -> Counter[str]:
        """Return how many tasks each executor has ended, by its id; the driver's own would be under `driver`."""
        found: Counter[str] = Counter()
        for path in self.events.iterdir():
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    # The last line may be half written.
                    if '"Event":"SparkListenerTaskEnd"' in line and line.endswith("}\n"):
                        found[json.loads(line)["Task Info"]["Executor ID"]] += 1
        return found


@contextlib.contextmanager
def standalone_cluster(folder: Path, project: Path) -> Iterator[Cluster]:
    """Run a master and its workers for the length of a block.

    Args:
        folder: An empty folder, for logs, work folders and event logs.
        project: The project whose storage and sources the workers of Python functions see.
    """
    port = _free_port()
    cluster = Cluster(f"spark://127.0.0.1:{port}", folder / "events")
    cluster.events.mkdir(parents=True)
    processes = [_start(folder, "master", project, _MASTER, "--port", str(port), "--webui-port", "0")]
    try:
        _await(folder / "master.log", "New state: ALIVE", processes)
        for number in range(1, WORKERS + 1):
            resources = ("--cores", "1", "--memory", _WORKER_MEMORY, "--webui-port", "0")
            work = ("--work-dir", str(folder / f"work-{number}"))
            processes.append(
                _start(
                    folder,
                    f"worker-{number}",
                    project,
                    _WORKER,
                    *resources,
                    *work,
                    cluster.address,
                )
            )
        for number in range(1, WORKERS + 1):
            _await(folder / f"worker-{number}.log", "Successfully registered with master", processes)
        yield cluster
    finally:
        for process in reversed(processes):
            _end(process)


def _start(folder: Path, name: str, project: Path, main: str, *arguments: str) -> subprocess.Popen:
    """Start a process of the cluster in a group of its own; a worker's executors are in its group."""
    java = find_java()
    log4j = folder / "log4j2.properties"
    log4j.write_text(
        "rootLogger.level=info\nrootLogger.appenderRef.file.ref=out\nappender.out.type=Console\nappender.out.name=out\n"
        "appender.out.target=SYSTEM_OUT\nappender.out.layout.type=PatternLayout\nappender.out.layout.pattern=%m%n%ex\n",
        encoding="utf-8",
    )
    command = [
        str(java.executable),
        "-Xmx512m",
        *TUNING_OPTIONS,
        *MODULE_OPTIONS,
        f"-Dlog4j2.configurationFile={log4j}",
        "-cp",
        os.pathsep.join(map(str, spark_jars())),
        main,
        "--host",
        "127.0.0.1",
        *arguments,
    ]
    environment = {
        **jvm_environment(os.environ, Storage(project)),
        "SPARK_HOME": str(spark_home()),
        "SPARK_SCALA_VERSION": "2.13",  # the launcher of the executors would look for it in a build folder of Spark
        "SPARK_LOCAL_IP": "127.0.0.1",
        "JAVA_HOME": str(java.executable.parent.parent),
    }
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _await(log: Path, line: str, processes: list[subprocess.Popen]) -> None:
    """Wait until a process has logged a line.

    Raises:
        AssertionError: It did not in time, or a process of the cluster has ended.
    """
    deadline = time.monotonic() + _READY_SECONDS
    while line not in (text := log.read_text(encoding="utf-8", errors="replace")):
        assert all(process.poll() is None for process in processes), f"{log.name} ended:\n{text[-3000:]}"
        assert time.monotonic() < deadline, f"{log.name} lacks `{line}`:\n{text[-3000:]}"
        time.sleep(0.05)


def _end(process: subprocess.Popen) -> None:
    """End a process and the executors that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(_END_SECONDS)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
