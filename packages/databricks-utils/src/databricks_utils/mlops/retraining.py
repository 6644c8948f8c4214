"""Decide whether a new model is due: enough of the latest windows violate a bound, and the newest window is one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from databricks_utils.mlops.declaration.grain import Grain
from databricks_utils.mlops.measures.performance import WindowPerformance


@dataclass(frozen=True)
class Advice:
    """Whether to retrain, and why.

    Attributes:
        due: True if a new model is due.
        reason: The reason, as text.
    """

    due: bool
    reason: str

    def __str__(self) -> str:
        return f"retraining is {'due' if self.due else 'not due'}: {self.reason}"


def advise(
    windows: Sequence[WindowPerformance], *, latest: int, violations: int, grain: Grain = Grain.MONTH
) -> Advice:
    """Return whether a new model is due, from the latest windows.

    One bad window may be chance, and after good windows no new model is needed; hence both conditions.

    Args:
        windows: The measured windows, in the order of time.
        latest: Number of latest windows that count.
        violations: Number of those that must violate a bound; the newest must be one of them.
        grain: The windows' length, for the reason.
    """
    considered = list(windows)[-latest:]
    if not considered:
        return Advice(due=False, reason="no window has been scored yet")
    broken = [window for window in considered if window.violations]
    newest = considered[-1]
    outcome = f"violates {', '.join(newest.violations)}" if newest.violations else "violates none"
    reason = (
        f"{len(broken)} of the last {len(considered)} windows violate a bound, "
        f"{grain.label(newest.start)} {outcome}"
    )
    return Advice(due=len(broken) >= violations and bool(newest.violations), reason=reason)
