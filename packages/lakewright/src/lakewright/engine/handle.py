"""A running engine as other processes see it, read from the engine's files."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lakewright.engine import locks
from lakewright.engine.classic import open_classic_session
from lakewright.engine.environment_variables import (
    CLASSIC_VARIABLE,
    CONNECT_MODE_VARIABLE,
    GRANTS_VARIABLE,
    IGNORED,
    MODE_VARIABLE,
    NO_PROXY_VARIABLE,
    PRINCIPAL_VARIABLE,
    PROJECT_VARIABLE,
    REMOTE_VARIABLE,
    TOKEN_VARIABLE,
)
from lakewright.engine.layout import EngineFolder
from lakewright.engine.session import open_session

_POLICY = "spark.config.spark.lakewright.accessPolicy"
_ALLOW_ALL = "lakewright.AllowAll"


@dataclass(frozen=True)
class EngineHandle:
    """Where an engine listens, and with which settings it was started.

    Attributes:
        project: The project whose lakehouse it owns.
        pid: The JVM's process.
        port: Loopback port of the Spark Connect server.
        classic_port: Loopback port of its door for classic sessions; 0 in an engine of a version that had none.
        token: The token that a client must send; never printed.
        python: The interpreter that runs Python UDFs.
        spark: Spark's version.
        java: Java's version.
        started_at: ISO 8601, UTC.
        fixed: The result of `fixed_settings` at its start; empty if the record does not contain it.
    """

    project: Path
    pid: int
    port: int
    classic_port: int
    token: str = field(repr=False)
    python: str
    spark: str
    java: str
    started_at: str
    fixed: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def remote(self) -> str:
        """The Spark Connect address; without TLS, the client sends a token only to the host name `localhost`."""
        return f"sc://localhost:{self.port}"

    @property
    def _allows_all(self) -> bool:
        """Whether the engine refuses nothing to anybody; then nothing else of a task does."""
        return self.fixed.get(_POLICY) == _ALLOW_ALL

    def environment(self, principal: str | None = None, *, enforced: bool = True) -> dict[str, str]:
        """Return the environment variables with which a child process finds the engine and sets its principal.

        Args:
            principal: Whom the process works for; by default the lakehouse's owner, to whom nothing is refused.
            enforced: Whether the principal is held to the grants.
        """
        found = {
            REMOTE_VARIABLE: self.remote,
            TOKEN_VARIABLE: self.token,
            PROJECT_VARIABLE: str(self.project),
            MODE_VARIABLE: "connect",
            PRINCIPAL_VARIABLE: principal,
            GRANTS_VARIABLE: None if enforced and not self._allows_all else IGNORED,
            # Without this, gRPC uses a company's HTTP proxy even for this machine.
            NO_PROXY_VARIABLE: "localhost,127.0.0.1",
            CONNECT_MODE_VARIABLE: "1",
        }
        return {name: value for name, value in found.items() if value is not None}

    def classic_environment(self, principal: str | None = None, *, enforced: bool = True) -> dict[str, str]:
        """Return the environment variables with which a child process opens a classic session on the engine; see `environment`."""
        found = {
            CLASSIC_VARIABLE: str(self.classic_port),
            TOKEN_VARIABLE: self.token,
            PROJECT_VARIABLE: str(self.project),
            MODE_VARIABLE: "classic",
            PRINCIPAL_VARIABLE: principal,
            GRANTS_VARIABLE: None if enforced and not self._allows_all else IGNORED,
        }
        return {name: value for name, value in found.items() if value is not None}

    def open_classic(self, principal: str | None = None) -> Any:  # noqa: ANN401 - as `connect`
        """Open the classic session of this process; see `lakewright.engine.classic.open_classic_session`."""
        return open_classic_session({**os.environ, **self.classic_environment(principal)})

    def connect(self, principal: str | None = None) -> Any:  # noqa: ANN401 - a session, without importing pyspark
        """Open a fresh session; see `lakewright.engine.session.open_session`."""
        environ = {**os.environ, **self.environment(principal)}
        given = os.environ.get(REMOTE_VARIABLE, "")
        if given.startswith(f"{self.remote}/;"):
            # The runner created a session for this task: all code of the task shares it, as on Databricks.
            environ[REMOTE_VARIABLE] = given
        return open_session(environ)

    def is_alive(self) -> bool:
        """Return whether the engine still holds its folder's lock and answers on its port."""
        if locks.holder(EngineFolder(self.project).lock) is None:
            return False
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2):
                return True
        except OSError:
            return False


def read_handle(folder: EngineFolder) -> EngineHandle | None:
    """Read the engine's files; return None if they hold no complete record of a running engine."""
    state, launch = _read_json(folder.state), _read_json(folder.launch)
    try:
        return EngineHandle(
            project=folder.project,
            pid=int(state["pid"]),
            port=int(state["port"]),
            classic_port=int(state.get("classic_port", 0)),
            token=launch["token"],
            python=launch["python"],
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
