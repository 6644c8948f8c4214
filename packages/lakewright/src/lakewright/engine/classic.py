"""The classic session: a JVM that this process starts, and that owns the lakehouse until the process ends."""

import atexit
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from lakewright.engine import locks
from lakewright.engine.environment_variables import CONNECT_MODE_VARIABLE, MODE_VARIABLE, REMOTE_VARIABLE
from lakewright.engine.errors import EngineBusyError
from lakewright.engine.installation.classpath import engine_classpath
from lakewright.engine.installation.java import Java, find_java, launcher_home
from lakewright.engine.installation.spark import spark_home
from lakewright.engine.jvm.class_archive import reading_options
from lakewright.engine.jvm.environment import jvm_environment, only
from lakewright.engine.jvm.heap import check_heap, heap_of
from lakewright.engine.jvm.option_check import check_jvm_options
from lakewright.engine.jvm.options import classic_options
from lakewright.engine.layout import EngineFolder
from lakewright.engine.session import act_as, configure
from lakewright.engine.settings.engine_settings import EngineSettings
from lakewright.engine.settings.spark_properties import spark_properties
from lakewright.storage import Storage

_ENDING_SECONDS = 20
_LOG = Path(__file__).parent / "jvm" / "classic_log.properties"


def open_classic_session(
    project: Path, *, settings: EngineSettings | None = None, principal: str | None = None
) -> Any:  # noqa: ANN401 - pyspark has no usable types here
    """Open a session on a JVM that this process starts.

    A second call for the same lakehouse returns the open session with its settings.

    Raises:
        EngineBusyError: An engine or another classic session already uses this lakehouse.
        HeapSizeError: The memory in the settings is not a size, or is too small for Spark.
        JvmOptionError: Java refuses an option of the settings.
    """
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    settings = settings or EngineSettings()
    check_heap(settings)
    folder = EngineFolder(project.absolute())
    if _is_own(locks.holder(folder.lock)) and SparkContext._active_spark_context is not None:
        session = SparkSession.builder.getOrCreate()
    else:
        _refuse_second_writer(folder)
        session = _start(folder, settings)
    act_as(session, principal)
    configure(session, os.environ)
    return session


def _start(folder: EngineFolder, settings: EngineSettings) -> Any:  # noqa: ANN401 - as above
    from pyspark.sql import SparkSession

    folder.lakehouse.mkdir(parents=True, exist_ok=True)
    java = find_java(explicit=settings.java_home)
    check_jvm_options(java, settings, folder=folder.root)
    for name in (REMOTE_VARIABLE, CONNECT_MODE_VARIABLE):
        os.environ.pop(name, None)
    builder = SparkSession.builder
    for key, value in _configuration(folder, settings, java).items():
        builder = builder.config(key, value)
    with only(_environment(folder, settings, java)):  # pyspark hands over the variables of this process
        session = builder.getOrCreate()
    atexit.register(_end_classic_jvm)
    session.sparkContext.setLogLevel("ERROR")
    _create_default_catalog(session, settings.default_catalog)
    return session


def _environment(folder: EngineFolder, settings: EngineSettings, java: Java) -> dict[str, str]:
    return {
        **jvm_environment(os.environ, Storage(folder.project, settings.local_folders)),
        "JAVA_HOME": str(launcher_home(java)),
        "SPARK_HOME": str(spark_home()),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }


def _configuration(folder: EngineFolder, settings: EngineSettings, java: Java) -> dict[str, str]:
    # The class path of an engine, although Spark's launcher adds Spark's jars again: Java uses an archive of classes only if
    # the path begins with the one that the archive was made with.
    classpath = engine_classpath(java)
    archive = reading_options(java, classpath)
    return {
        "spark.driver.extraClassPath": os.pathsep.join(str(path) for path in classpath),
        "spark.driver.memory": heap_of(settings),
        "spark.driver.extraJavaOptions": shlex.join(
            [f"-Dlog4j2.configurationFile={_LOG.as_uri()}", *archive, *classic_options(settings)]
        ),
        **spark_properties(folder.lakehouse, settings),
    }


def _create_default_catalog(session: Any, name: str) -> None:  # noqa: ANN401 - as above
    """Create the default catalog and its schema `default`, as in a workspace."""
    session.sql(f"CREATE CATALOG IF NOT EXISTS `{name}`")
    session.sql(f"CREATE SCHEMA IF NOT EXISTS `{name}`.`default`")


def _end_classic_jvm() -> None:
    """Stop the JVM of this process and wait for it, so that another process can use the lakehouse."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    process = getattr(gateway, "proc", None)
    if process is None or process.poll() is not None:
        return
    active = SparkContext._active_spark_context
    if active is not None:
        active.stop()
    process.stdin.close()  # pyspark's JVM ends when its standard input does
    try:
        process.wait(_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _refuse_second_writer(folder: EngineFolder) -> None:
    pid = locks.holder(folder.lock)
    if pid is None or _is_own(pid):
        return
    fix = "stop it with `lakewright engine stop`, or attach to it: set spark.mode: connect"
    if (
        os.environ.get(MODE_VARIABLE) == "classic"
    ):  # in a run: the calling task waits for this process and has the JVM
        fix = (
            "in a classic run, a notebook started by another notebook cannot use Spark: include it with `%run`, "
            "or run the job without --classic"
        )
    raise EngineBusyError(
        f"another process writes this lakehouse: {pid or '(unknown)'}; a classic session would be a second writer",
        location=str(folder.lock),
        fix=fix,
    )


def _is_own(pid: int | None) -> bool:
    """Return whether `pid` is the JVM of this process's classic session; that JVM holds the lakehouse's lock."""
    from pyspark import SparkContext

    process = getattr(SparkContext._gateway, "proc", None)
    return process is not None and process.pid == pid
