"""One event goes to the server: several attempts where another one may help, within the time that is left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from databricks_utils.lineage import HttpTransport, LineageNotSentError
from databricks_utils.lineage.transports import Post

_PAUSES = (0.0, 0.5, 2.0)  # seconds before each attempt
_TEMPORARY = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Attempts:
    """How events are posted.

    Attributes:
        transport: The server.
        post_once: Posts to it, over one connection.
        pause: Waits for some seconds.
        until: When to end, in seconds of the monotonic clock.
    """

    transport: HttpTransport
    post_once: Post
    pause: Callable[[float], None]
    until: float

    def post(self, body: bytes) -> int | None:
        """Post an event, and return the status of the answer; None if the time is over.

        Raises:
            LineageNotSentError: The server did not answer any attempt.
        """
        for number, seconds in enumerate(_PAUSES, start=1):
            self.pause(max(0.0, min(seconds, self._left())))
            left = self._left()
            if left <= 0:
                return None
            try:
                status = self.post_once(body, timeout=min(left, self.transport.timeout))
            except LineageNotSentError:
                if number == len(_PAUSES):
                    raise
            else:
                if number == len(_PAUSES) or not (status in _TEMPORARY or status >= 500):
                    return status
        raise AssertionError("no attempt was made")

    def _left(self) -> float:
        return self.until - time.monotonic()
