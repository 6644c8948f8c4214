"""The address of a task's Spark session. It includes the session's id, so that the runner can interrupt it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

REMOTE_VARIABLE = "SPARK_REMOTE"
_KEY = "session_id="


def with_new_session(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with a new session id in the engine's address; unchanged without an engine."""
    remote = environment.get(REMOTE_VARIABLE)
    if not remote:
        return dict(environment)
    base, _, options = remote.partition("/;")
    kept = [item for item in options.split(";") if item and not item.startswith(_KEY)]
    address = f"{base.rstrip('/')}/;{';'.join([*kept, f'{_KEY}{uuid.uuid4()}'])}"
    return {**environment, REMOTE_VARIABLE: address}
