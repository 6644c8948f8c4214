"""The outcome of checks: passed, warned or failed."""

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """What a rule, a check or all of them came to.

    `passed`: nothing to report. `warned`: something failed, within what is allowed. `failed`: nothing of the delivery is accepted.
    """

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst of some outcomes; `passed` if there are none.

    >>> worst([Outcome.PASSED, Outcome.WARNED]).value
    'warned'
    """
    order = list(Outcome)
    return max(outcomes, key=order.index, default=Outcome.PASSED)
