"""pyspark's context and session on a JVM that others use too."""

import contextlib
import os
import signal
import sys
import threading
import uuid
from collections.abc import Iterator
from typing import Any, NoReturn

from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from lakewright.engine.classic_door import Lease
from lakewright.engine.environment_variables import CLIENT_VARIABLE


class AttachedContext(SparkContext):  # type: ignore[misc]  # pyspark has no usable types here
    """The context of an engine, which no client ends."""

    def stop(self) -> None:
        """Do nothing: others use this Spark, and the code after it may."""


class AttachedSession(SparkSession):  # type: ignore[misc]  # as above
    """A session of an engine, which no client ends."""

    def stop(self) -> None:
        """Do nothing, as `AttachedContext.stop`; the session ends with its process."""

    def newSession(self) -> "AttachedSession":  # noqa: N802 - as pyspark
        """Return a session with its own temporary views, functions and settings."""
        return AttachedSession(self._sc, self._jsparkSession.newSession())


def open_attached(lease: Lease) -> AttachedSession:
    """Open the session that the engine has made for this process, and make it pyspark's active one."""
    gateway = _gateway(lease)
    java_context = gateway.entry_point.getContext()
    with _variables(PYSPARK_PYTHON=sys.executable), _own_interrupt(lease):
        context = AttachedContext(
            gateway=gateway,
            jsc=java_context,
            # Workers of UDFs with the same variables are used again, with the modules that they have imported.
            environment={CLIENT_VARIABLE: str(uuid.uuid4())},
            conf=SparkConf(_jconf=java_context.sc().getConf()),  # a copy: pyspark adds its defaults
        )
    session = AttachedSession(context, gateway.entry_point.getSession())
    gateway.entry_point.restoreDefaultSession()
    return session


def forget_attached() -> None:
    """Forget the session and its context, so that pyspark can have others in this process."""
    from pyspark.sql.context import SQLContext

    SparkSession._instantiatedSession = SparkSession._activeSession = None
    SQLContext._instantiatedContext = None
    # The engine closes the connections. Py4J's own way to close them waits for ever if a thread reads from one, and the
    # server for accumulators, a daemon too, takes half a second to stop.
    SparkContext._active_spark_context = SparkContext._gateway = SparkContext._jvm = None


def _gateway(lease: Lease) -> Any:  # noqa: ANN401 - pyspark has no usable types here
    given = {"PYSPARK_GATEWAY_PORT": str(lease.port), "PYSPARK_GATEWAY_SECRET": lease.secret}
    with _variables(**given, PYSPARK_PIN_THREAD="true"):
        return launch_gateway()


@contextlib.contextmanager
def _own_interrupt(lease: Lease) -> Iterator[None]:
    """Replace pyspark's answer to Ctrl-C, which ends the jobs of everybody in the JVM."""

    def interrupted(*_: object) -> NoReturn:
        with contextlib.suppress(OSError):  # the engine has ended, and the jobs with it
            lease.cancel_jobs()
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    yield
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, interrupted if before is signal.default_int_handler else before)


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
