"""pyspark's context and session on a JVM that others use too."""

import contextlib
import filecmp
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from py4j.clientserver import ClientServerConnection
from pyspark import SparkConf, SparkContext, SparkFiles
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from lakewright.engine.classic_door import Lease
from lakewright.engine.environment_variables import CLIENT_VARIABLE
from lakewright.engine.errors import FileTakenError
from lakewright.engine.session import configure, copy_identity

_stop_of_pyspark = SparkSession.stop


class AttachedContext(SparkContext):  # type: ignore[misc]  # pyspark has no usable types here
    """The context of an engine, which no client ends.

    Attributes:
        lease: The right of this process to use it.
        own_tag: The tag that all jobs of this process have.
    """

    lease: Lease
    own_tag: str

    def stop(self) -> None:
        """Do nothing: others use this Spark, and the code after it may."""

    def cancelAllJobs(self) -> None:  # noqa: N802 - as pyspark
        """End the jobs of this process, and not those of the others."""
        self.lease.cancel_jobs()

    def getJobTags(self) -> set[str]:  # noqa: N802 - as pyspark
        """Return the tags that this process has added."""
        return set(super().getJobTags()) - {self.own_tag}

    def clearJobTags(self) -> None:  # noqa: N802 - as pyspark
        """Remove the tags that this process has added."""
        for tag in self.getJobTags():
            self.removeJobTag(tag)

    def addFile(self, path: str, recursive: bool = False) -> None:  # noqa: N802, FBT001, FBT002 - as pyspark
        """Add a file for all tasks, as pyspark does.

        Raises:
            FileTakenError: A file with this name and other content was added before; Spark would keep that one.
        """
        there = Path(SparkFiles.get(Path(path).name))
        if there.is_file() and Path(path).is_file() and not filecmp.cmp(path, there, shallow=False):
            raise FileTakenError(
                f"a file `{there.name}` with other content was added to this Spark before",
                location=path,
                detail="Spark keeps the first one, on a cluster too, until it is stopped",
                fix="give the file another name, or: lakewright engine stop",
            )
        super().addFile(path, recursive)


class AttachedSession(SparkSession):  # type: ignore[misc]  # as above
    """A session of an engine."""

    def newSession(self) -> "AttachedSession":  # noqa: N802 - as pyspark
        """Return a session with its own temporary views, functions and settings, for the same principal and cluster."""
        made = AttachedSession(self._sc, self._jsparkSession.newSession())
        copy_identity(self, made)
        configure(made, os.environ)
        return made


def open_attached(lease: Lease) -> AttachedSession:
    """Open the session that the engine has made for this process, and make it pyspark's active one."""
    gateway = _gateway(lease)
    java_context = gateway.entry_point.getContext()
    tag = gateway.entry_point.getTag()
    with _variables(PYSPARK_PYTHON=sys.executable), _own_interrupt(lease):
        context = AttachedContext(
            gateway=gateway,
            jsc=java_context,
            # Spark reuses a worker of UDFs for the same variables, with the modules that it has imported; so they differ.
            environment={CLIENT_VARIABLE: tag},
            conf=SparkConf(_jconf=java_context.sc().getConf()),  # a copy: pyspark adds its defaults
        )
    context.lease, context.own_tag = lease, tag
    # Of any session, also of one that pyspark makes itself (of the frames in `foreachBatch`): it would end all sessions.
    SparkSession.stop = _remain
    ClientServerConnection.shutdown_socket = _close
    session = AttachedSession(context, gateway.entry_point.getSession())
    gateway.entry_point.opened(context._temp_dir)
    return session


def forget_attached() -> None:
    """Forget the session and its context, so that pyspark can have others in this process."""
    from pyspark.sql.context import SQLContext

    SparkSession.stop = _stop_of_pyspark
    SparkSession._instantiatedSession = SparkSession._activeSession = None
    SQLContext._instantiatedContext = None
    # The engine closes the connections. Py4J's own way to close them waits for ever if a thread reads from one, and the
    # server for accumulators, a daemon too, takes half a second to stop.
    SparkContext._active_spark_context = SparkContext._gateway = SparkContext._jvm = None
    if isinstance(signal.getsignal(signal.SIGINT), _Interrupt) and _is_main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _remain(_: SparkSession) -> None:
    """Do nothing, as `AttachedContext.stop`; the session ends with its process."""


def _gateway(lease: Lease) -> Any:  # noqa: ANN401 - pyspark has no usable types here
    given = {"PYSPARK_GATEWAY_PORT": str(lease.port), "PYSPARK_GATEWAY_SECRET": lease.secret}
    with _variables(**given, PYSPARK_PIN_THREAD="true"):
        return launch_gateway()


def _close(connection: ClientServerConnection, *_: int) -> None:
    """Close a connection whose command was interrupted; the job of the command has been ended.

    Py4J asks the JVM to close it, which then closes all connections of the process: each has the local port that it compares
    (`GatewayServer.shutdownSocket`). If the process has opened its next one by then, that one is closed too.
    """
    connection.close()


class _Interrupt:
    """The answer to Ctrl-C: this process's jobs end."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def __call__(self, *_: object) -> NoReturn:
        self._lease.cancel_jobs()
        raise KeyboardInterrupt


@contextlib.contextmanager
def _own_interrupt(lease: Lease) -> Iterator[None]:
    """Replace pyspark's answer to Ctrl-C, which ends the jobs of everybody in the JVM; leave another one alone."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if _is_main_thread():
            own = before is signal.default_int_handler
            signal.signal(signal.SIGINT, _Interrupt(lease) if own else before)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def _variables(**given: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(given)
    try:
        yield
    finally:
        for name in given:
            if name in before:
                os.environ[name] = before[name]
            else:
                del os.environ[name]
