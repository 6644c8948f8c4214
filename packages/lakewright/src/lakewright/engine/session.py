"""Sessions on the engine: the attached one (Spark Connect) and the classic one (a JVM inside this process)."""

import atexit
import logging
import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lakewright.engine import locks
from lakewright.engine.errors import EngineBusyError
from lakewright.engine.handle import (
    CONNECT_MODE_VARIABLE,
    MODE_VARIABLE,
    NO_PROXY_VARIABLE,
    PRINCIPAL_VARIABLE,
    REMOTE_VARIABLE,
    TOKEN_VARIABLE,
)
from lakewright.engine.heap import check_heap, heap_of, options_beside_heap
from lakewright.engine.java import find_java, launcher_home
from lakewright.engine.jvm_options import check_jvm_options, tuning_options
from lakewright.engine.launch import own_jars, spark_home
from lakewright.engine.layout import EngineFolder
from lakewright.engine.settings import EngineSettings, spark_properties

_RETRIES = 4
_LONGEST_WAIT_MS = 500
_ENDING_SECONDS = 20
# The Connect client logs every refused statement as a page of JSON; the exception says the same in a line.
_NOISY_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")


def open_session(environ: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - pyspark has no usable types here
    """Open a fresh session on the engine that the environment names, and make it the active one.

    Args:
        environ: Variables as `EngineHandle.environment` gives them; the process's own by default.
    """
    environ = os.environ if environ is None else environ
    for name in (TOKEN_VARIABLE, REMOTE_VARIABLE, NO_PROXY_VARIABLE, CONNECT_MODE_VARIABLE):
        os.environ[name] = environ[name]
    silence_query_loggers()
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(environ[REMOTE_VARIABLE]).create()
    # The default waits ten minutes for a server to come back; this one is on the same machine and does not.
    session.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES, max_backoff=_LONGEST_WAIT_MS)])
    _act_as(session, environ.get(PRINCIPAL_VARIABLE))
    return session


def open_classic_session(
    project: Path, *, settings: EngineSettings | None = None, principal: str | None = None
) -> Any:  # noqa: ANN401 - as above
    """Open a session with the JVM inside this process; it owns the lakehouse until the process ends.

    Where this process has one on this lakehouse already, that one is given, with what was set in it.

    Raises:
        EngineBusyError: An engine, or another classic session, writes this lakehouse.
        HeapSizeError: The memory in the settings is none that Spark can run with.
        JvmOptionError: Java refuses an option of the settings.
    """
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    settings = settings or EngineSettings()
    check_heap(settings)
    folder = EngineFolder(project.absolute())
    if _is_own(locks.holder(folder.lock)) and SparkContext._active_spark_context is not None:
        session = SparkSession.builder.getOrCreate()
        _act_as(session, principal)
        return session
    _refuse_second_writer(folder)
    folder.lakehouse.mkdir(parents=True, exist_ok=True)
    for name in (REMOTE_VARIABLE, CONNECT_MODE_VARIABLE):
        os.environ.pop(name, None)
    java = find_java(explicit=settings.java_home)
    os.environ["JAVA_HOME"] = str(launcher_home(java))
    os.environ["SPARK_HOME"] = str(spark_home())
    builder = SparkSession.builder.config(
        "spark.driver.extraClassPath", os.pathsep.join(str(path) for path in own_jars(java))
    )
    check_jvm_options(java, settings, folder=folder.root)
    builder = builder.config("spark.driver.memory", heap_of(settings))
    options = [*tuning_options(settings), *options_beside_heap(settings)]
    builder = builder.config("spark.driver.extraJavaOptions", shlex.join(options))
    for key, value in spark_properties(folder.lakehouse, settings).items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    atexit.register(_end_classic_jvm)
    session.sparkContext.setLogLevel("ERROR")
    create_default_catalog(session, settings.default_catalog)
    _act_as(session, principal)
    return session


def _end_classic_jvm() -> None:
    """End the JVM inside this process and wait for it: whoever comes next finds the lakehouse free."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    process = getattr(gateway, "proc", None)
    if process is None or process.poll() is not None:
        return
    active = SparkContext._active_spark_context
    if active is not None:
        active.stop()
    process.stdin.close()  # what pyspark's JVM takes for the end of its client
    try:
        process.wait(_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _refuse_second_writer(folder: EngineFolder) -> None:
    pid = locks.holder(folder.lock)
    if pid is not None and not _is_own(pid):
        fix = "end it with `lakewright engine stop`, or attach to it: spark.mode: connect"
        if (
            os.environ.get(MODE_VARIABLE) == "classic"
        ):  # within a run: a task waits for this process, and has the JVM
            fix = (
                "in a classic run a notebook that another one starts cannot use Spark beside it: include it with `%run`, "
                "or run the job without --classic"
            )
        raise EngineBusyError(
            f"process {pid or '(unknown)'} writes this lakehouse; a classic session would be a second writer",
            location=str(folder.lock),
            fix=fix,
        )


def _is_own(pid: int | None) -> bool:
    """Tell whether a process is the JVM of this one's classic session: it is the JVM that holds the lakehouse's lock."""
    from pyspark import SparkContext

    process = getattr(SparkContext._gateway, "proc", None)
    return process is not None and process.pid == pid


def silence_query_loggers() -> None:
    """Keep refused statements from being printed a second time, as JSON, on standard error."""
    for name in _NOISY_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def create_default_catalog(session: Any, name: str) -> None:  # noqa: ANN401 - either kind of session
    """Make the catalog in which names without one are looked up, with its schema `default`, as a workspace has them."""
    session.sql(f"CREATE CATALOG IF NOT EXISTS `{name}`")
    session.sql(f"CREATE SCHEMA IF NOT EXISTS `{name}`.`default`")


def _act_as(session: Any, principal: str | None) -> None:  # noqa: ANN401 - either kind of session
    if principal:
        session.conf.set("spark.lakewright.principal", principal)
