"""The name of a task's Spark session in the engine, chosen by the runner, so that it can end what the session does.

Over Connect it is part of the address; a classic session has it as the name of its process.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

# As in `lakewright.engine.environment_variables`, whose package takes 0.4 s to import.
REMOTE_VARIABLE = "SPARK_REMOTE"
CLASSIC_VARIABLE = "LAKEWRIGHT_CLASSIC_PORT"
CLIENT_VARIABLE = "LAKEWRIGHT_CLASSIC_CLIENT"
_KEY = "session_id="


def with_new_session(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with the name of a new session; unchanged without an engine."""
    if CLASSIC_VARIABLE in environment:
        return {**environment, CLIENT_VARIABLE: str(uuid.uuid4())}
    remote = environment.get(REMOTE_VARIABLE)
    if not remote:
        return dict(environment)
    base, _, options = remote.partition("/;")
    kept = [item for item in options.split(";") if item and not item.startswith(_KEY)]
    address = f"{base.rstrip('/')}/;{';'.join([*kept, f'{_KEY}{uuid.uuid4()}'])}"
    return {**environment, REMOTE_VARIABLE: address}


def session_in(environment: Mapping[str, str]) -> str | None:
    """The name of the session in an environment; None without an engine."""
    return environment.get(CLIENT_VARIABLE) or environment.get(REMOTE_VARIABLE)
