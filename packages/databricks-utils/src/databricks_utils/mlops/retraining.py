"""Is a new model due? At least so many of the latest windows violate a bound, and the newest one does."""

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
        reason: In words.
    """

    due: bool
    reason: str

    def __str__(self) -> str:
        return f"retraining is {'due' if self.due else 'not due'}: {self.reason}"


def advise(
    windows: Sequence[WindowPerformance], *, latest: int, violations: int, grain: Grain = Grain.MONTH
) -> Advice:
    """Look at the latest windows.

    One bad window may be chance, and bad windows that are over need no new model. Hence both conditions.

    Args:
        windows: In the order of time.
        latest: How many of them count.
        violations: How many of those must violate a bound, the newest among them.
        grain: The windows' length, for the reason's words.
    """
    considered = list(windows)[-latest:]
    if not considered:
        return Advice(due=False, reason="nothing has been scored yet")
    broken = [window for window in considered if window.violations]
    newest = considered[-1]
    outcome = f"by {', '.join(newest.violations)}" if newest.violations else "does not"
    reason = (
        f"{len(broken)} of the last {len(considered)} windows violate a bound, "
        f"{grain.label(newest.start)} {outcome}"
    )
    return Advice(due=len(broken) >= violations and bool(newest.violations), reason=reason)
