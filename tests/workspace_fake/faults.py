"""Makes calls fail: with an answer of choice, without one, before or after the workspace acted.

workspace.faults.add("POST /api/2.2/jobs/create", at=3, status=429, retry_after=7)
workspace.faults.add("POST /api/2.2/jobs/create", reset_after=True)       # done, but the client does not know
workspace.faults.expire(token, after=10)                                  # the token's 11th call is refused with 401
"""

import fnmatch
from dataclasses import dataclass, field
from typing import Any

MESSAGES = {
    401: ("UNAUTHENTICATED", "Credential was not sent or was of an unsupported type for this API."),
    403: ("PERMISSION_DENIED", "Invalid access token."),
    429: ("RESOURCE_EXHAUSTED", "Current request has to be retried: too many requests"),
    500: ("INTERNAL_ERROR", "Unexpected failure of the fake workspace, as the test asked for"),
    503: ("TEMPORARILY_UNAVAILABLE", "The service is currently unavailable"),
}


@dataclass
class Fault:
    """One fault.

    Attributes:
        pattern: Method and path; `*` stands for anything.
        at: Which of the matching calls fails first, counted from 1.
        times: How many fail from there on.
        status: The answer; None: there is no answer, the connection is reset.
        retry_after: The header `Retry-After`, in seconds.
        after: Whether the workspace acts first.
        hang: Whether the connection stays open without an answer until the client gives up.
    """

    pattern: str
    at: int = 1
    times: int = 1
    status: int | None = None
    retry_after: int | None = None
    after: bool = False
    hang: bool = False
    seen: int = 0

    def strikes(self, call: str) -> bool:
        """Count a call; return whether it fails."""
        if not fnmatch.fnmatchcase(call, self.pattern):
            return False
        self.seen += 1
        return self.at <= self.seen < self.at + self.times


@dataclass
class Faults:
    """The faults of a workspace."""

    found: list[Fault] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    def add(self, pattern: str, *, reset_after: bool = False, **how: Any) -> Fault:
        """Add a fault; `reset_after` is short for a reset after the workspace acted."""
        self.found.append(Fault(pattern, **{"after": reset_after, **how}))
        return self.found[-1]

    def clear(self) -> None:
        self.found.clear()
        self.left.clear()

    def expire(self, token: str, *, after: int) -> None:
        """Let a token expire after so many calls."""
        self.left[token] = after

    def is_expired(self, token: str) -> bool:
        if token not in self.left:
            return False
        self.left[token] -= 1
        return self.left[token] < 0

    def of(self, call: str) -> Fault | None:
        """Return the fault that strikes a call, after each was counted."""
        striking = [fault for fault in self.found if fault.strikes(call)]
        return striking[0] if striking else None
