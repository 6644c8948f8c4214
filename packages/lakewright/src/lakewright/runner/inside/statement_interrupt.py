"""Ends the Spark statements that a killed task has left running in the engine."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from lakewright.runner.handover.session_address import REMOTE_VARIABLE, session_in
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.task_runtime import TaskRuntime

_CHECK_SECONDS = 0.2
_END_SECONDS = 25.0
# The server's words for a session that has been released.
_CLOSED = ("SESSION_CLOSED", "SESSION_NOT_FOUND")


def interrupt_statements(spec: TaskSpec, runtime: TaskRuntime) -> str | None:
    """End the statements of the task's session and of the sessions of the notebooks that it had started.

    The runtime releases the task's own session; the others are released here. The engine ends a classic session by itself
    when its process has ended: here it is waited for.
    """
    if spec.spark == "classic":
        from lakewright.engine.classic_door import end_clients

        own = session_in(spec.environment)
        end_clients(os.environ, [*([own] if own else []), *spec.argv], seconds=_END_SECONDS)
        return None
    _end_statements(runtime.session)
    for remote in spec.argv:
        from lakewright.engine.session import open_session

        other = _end_statements(partial(open_session, {**os.environ, REMOTE_VARIABLE: remote}))
        if other is not None:
            other.stop()
    return None


def _end_statements(open_one: Callable[[], Any]) -> Any:
    """End the statements of one session and return it; None if it was closed already and so has none."""
    try:
        session = open_one()
        while session.interruptAll():
            time.sleep(_CHECK_SECONDS)
    except Exception as error:
        if any(word in str(error) for word in _CLOSED):
            return None
        raise
    return session
