"""The outcome of rules and checks: passed, warned, quarantined or stopped."""

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """What a rule, a check or all of them came to.

    `passed`: nothing failed. `warned`: something failed, and everything is kept. `quarantined`: rows went to quarantine, as many as are
    allowed. `stopped`: nothing of the delivery is accepted.
    """

    PASSED = "passed"
    WARNED = "warned"
    QUARANTINED = "quarantined"
    STOPPED = "stopped"


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst of some outcomes; `passed` if there are none.

    >>> worst([Outcome.PASSED, Outcome.WARNED]).value
    'warned'
    """
    order = list(Outcome)
    return max(outcomes, key=order.index, default=Outcome.PASSED)
