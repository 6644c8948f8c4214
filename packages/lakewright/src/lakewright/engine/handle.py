"""A running engine, as other processes see it: read from its files, never from memory."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lakewright.engine import locks
from lakewright.engine.layout import EngineFolder

PRINCIPAL_VARIABLE = "LAKEWRIGHT_PRINCIPAL"
PROJECT_VARIABLE = "LAKEWRIGHT_PROJECT"
MODE_VARIABLE = "LAKEWRIGHT_SPARK_MODE"  # what the run of a task has chosen, whatever the configuration says
CONNECT_MODE_VARIABLE = "SPARK_CONNECT_MODE_ENABLED"  # what makes pyspark.sql.functions speak Connect
NO_PROXY_VARIABLE = "no_grpc_proxy"
REMOTE_VARIABLE = "SPARK_REMOTE"
TOKEN_VARIABLE = "SPARK_CONNECT_AUTHENTICATE_TOKEN"  # noqa: S105 - the variable's name


@dataclass(frozen=True)
class EngineHandle:
    """Where an engine listens and what it was started with.

    Attributes:
        project: The project whose lakehouse it owns.
        pid: The JVM's process.
        port: Loopback port of the Spark Connect server.
        token: What a client must show; never printed.
        python: The interpreter that runs Python UDFs.
        fingerprint: See `EngineSettings.fingerprint`.
        spark: Spark's version.
        java: Java's version.
        started_at: ISO 8601, UTC.
        fixed: See `fixed_settings`; empty where the record does not hold them.
    """

    project: Path
    pid: int
    port: int
    token: str = field(repr=False)
    python: str
    fingerprint: str
    spark: str
    java: str
    started_at: str
    fixed: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def remote(self) -> str:
        """The Spark Connect address: the client shows a token without TLS only to a host spelled `localhost`."""
        return f"sc://localhost:{self.port}"

    def environment(self, principal: str | None = None) -> dict[str, str]:
        """Build the variables by which a child process finds the engine and says who it is."""
        found = {
            REMOTE_VARIABLE: self.remote,
            TOKEN_VARIABLE: self.token,
            PROJECT_VARIABLE: str(self.project),
            MODE_VARIABLE: "connect",
            PRINCIPAL_VARIABLE: principal,
            # gRPC asks a company's HTTP proxy even for this machine, unless it is told not to.
            NO_PROXY_VARIABLE: "localhost,127.0.0.1",
            CONNECT_MODE_VARIABLE: "1",
        }
        return {name: value for name, value in found.items() if value is not None}

    def connect(self, principal: str | None = None) -> Any:  # noqa: ANN401
        """Open a fresh session; see `lakewright.engine.session.open_session`."""
        from lakewright.engine.session import open_session

        environ = {**os.environ, **self.environment(principal)}
        given = os.environ.get(REMOTE_VARIABLE, "")
        if given.startswith(f"{self.remote}/;"):
            # The runner gave this task a session of its own: everything in the task shares it, as on Databricks.
            environ[REMOTE_VARIABLE] = given
        return open_session(environ)

    def is_alive(self) -> bool:
        """Tell whether the engine still owns its folder and answers on its port."""
        if locks.holder(EngineFolder(self.project).lock) is None:
            return False
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2):
                return True
        except OSError:
            return False


def read_handle(folder: EngineFolder) -> EngineHandle | None:
    """Read the engine's files; None where there is no whole record of a running engine."""
    state, launch = _read_json(folder.state), _read_json(folder.launch)
    try:
        return EngineHandle(
            project=folder.project,
            pid=int(state["pid"]),
            port=int(state["port"]),
            token=launch["token"],
            python=launch["python"],
            fingerprint=launch["fingerprint"],
            spark=str(state["spark"]),
            java=str(state["java"]),
            started_at=str(state["started_at"]),
            fixed=launch.get("fixed") or {},
        )
    except (KeyError, TypeError, ValueError):
        return None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}
