"""Is a new model due? At least so many of the latest windows violate a bound, and the newest one does."""

from collections.abc import Sequence
from dataclasses import dataclass

from flights.monitoring.performance import Window


@dataclass(frozen=True)
class Advice:
    """Whether to retrain, and why.

    Attributes:
        due: True if a new model is due.
        reason: In words.
    """

    due: bool
    reason: str


def advise(windows: Sequence[Window], *, latest: int, violations: int) -> Advice:
    """Look at the latest windows.

    One bad month is weather; a bad past that is over is no reason either. Hence both conditions.

    Args:
        windows: In the order of time.
        latest: How many of them count.
        violations: How many of those must violate a bound, the newest among them.
    """
    considered = list(windows)[-latest:]
    if not considered:
        return Advice(due=False, reason="nothing has been scored yet")
    broken = [window for window in considered if window.violations]
    newest = considered[-1]
    said = f"{len(broken)} of the last {len(considered)} windows violate a bound, {newest.month:%Y-%m} "
    said += f"by {', '.join(newest.violations)}" if newest.violations else "does not"
    return Advice(due=len(broken) >= violations and bool(newest.violations), reason=said)
