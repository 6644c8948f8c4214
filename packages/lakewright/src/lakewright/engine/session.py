"""The attached session: a Spark Connect session on a running engine."""

import atexit
import json
import logging
import os
import socket
import sys
import warnings
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lakewright.engine.environment_variables import (
    CONF_VARIABLE,
    CONNECT_MODE_VARIABLE,
    GRANTS_VARIABLE,
    IGNORED,
    NO_PROXY_VARIABLE,
    PRINCIPAL_VARIABLE,
    REMOTE_VARIABLE,
    TOKEN_VARIABLE,
)

_RETRIES = 4
_LONGEST_WAIT_MS = 500
# Settings of Databricks for the default catalog of a cluster's sessions.
INITIAL_CATALOG = (
    "spark.databricks.sql.initial.catalog.name",
    "spark.databricks.sql.initial.catalog.namespace",
)
_PRINCIPAL = "spark.lakewright.principal"
_ENFORCED = "spark.lakewright.grantsEnforced"
_CONFIGURED = "spark.lakewright.configured"
# The Connect client logs every failed statement as a page of JSON; the exception has the same message in one line.
_NOISY_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")


def open_session(environ: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - pyspark has no usable types here
    """Open a new session on the engine that the environment names, and make it the active session.

    Args:
        environ: The variables from `EngineHandle.environment`; by default those of the process.
    """
    environ = os.environ if environ is None else environ
    for name in (TOKEN_VARIABLE, REMOTE_VARIABLE, NO_PROXY_VARIABLE, CONNECT_MODE_VARIABLE):
        os.environ[name] = environ[name]
    for name in _NOISY_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # The exception that follows says the same, and an answer that nobody waits for any more is not worth a word.
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]", category=UserWarning)
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(environ[REMOTE_VARIABLE]).create()
    # Of itself PySpark keeps a process's first session active, also when its engine has stopped, and asks it for settings.
    SparkSession._default_session = session
    SparkSession._active_session.session = session
    # By default the client waits ten minutes for a server to return; an engine on this machine does not return.
    session.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES, max_backoff=_LONGEST_WAIT_MS)])
    # Python calls what was registered last first, so this comes before the client's own farewell.
    atexit.register(close_if_the_engine_is_gone, session.client, environ[REMOTE_VARIABLE])
    act_as(session, environ)
    configure(session, environ)
    return session


def close_if_the_engine_is_gone(client: Any, remote: str) -> None:  # noqa: ANN401 - pyspark has no usable types here
    """Close a client whose engine has stopped: its own end would try for seconds to reach it, and then print a warning.

    Args:
        client: The client of an attached session.
        remote: The address of its engine, as `EngineHandle.remote` gives it.
    """
    if client.is_closed:
        return
    address = urlsplit(remote)
    try:
        socket.create_connection((address.hostname, address.port), timeout=2).close()
    except OSError:
        client.close()


def copy_identity(one: Any, other: Any) -> None:  # noqa: ANN401 - attached or classic
    """Give a new session the principal of another one."""
    for key in (_ENFORCED, _PRINCIPAL):
        if value := one.conf.get(key, None):
            other.conf.set(key, value)


def act_as(session: Any, environ: Mapping[str, str]) -> None:  # noqa: ANN401 - attached or classic
    """Set the principal whose grants a session has; does nothing without a principal.

    Args:
        session: The session; it keeps the principal.
        environ: The variables of the process.
    """
    if principal := environ.get(PRINCIPAL_VARIABLE):
        if environ.get(GRANTS_VARIABLE) == IGNORED:
            session.conf.set(_ENFORCED, "false")
        session.conf.set(_PRINCIPAL, principal)
        # The engine takes over who a session works for with its first statement; from then on no setting changes it.
        _ = session.sql("SELECT 1").schema


def configure(session: Any, environ: Mapping[str, str]) -> None:  # noqa: ANN401 - attached or classic
    """Give a session the settings of its task's cluster, once: what the task changes later stays.

    Args:
        session: The session.
        environ: The variables of the process.
    """
    conf: dict[str, str] = json.loads(environ.get(CONF_VARIABLE) or "{}")
    if not conf or session.conf.get(_CONFIGURED, None):
        return
    session.conf.set(_CONFIGURED, "true")
    for key, value in conf.items():
        _set(session, key, value)
        if key in INITIAL_CATALOG:
            session.sql("USE CATALOG `{}`".format(value.replace("`", "``")))


def _set(session: Any, key: str, value: str) -> None:  # noqa: ANN401 - attached or classic
    """Set one setting. Databricks has values for its own settings that open-source Delta refuses, such as `auto`."""
    from pyspark.errors import PySparkException

    try:
        session.conf.set(key, value)
    except PySparkException as error:
        if not key.startswith("spark.databricks."):
            raise
        reason = str(error).splitlines()[0]
        print(f"note: `{key}` of the cluster has no effect here: {reason}", file=sys.stderr, flush=True)  # noqa: T201 - the task's log
