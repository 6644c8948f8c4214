"""Decide whether a new model is due: enough of the latest windows violate a bound, also the newest that can be judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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

    One bad window may be chance, and after good windows no new model is needed; hence two conditions: enough windows violate
    a bound, and a newest one does. Ranking and calibration need outcomes, which come later than the scores. So the newest
    windows are the newest with a known outcome, and every later one, which can only violate the bound of the drift. In a window
    that several versions predicted, the one with the most rows counts: a late row that a later version predicted says nothing.

    Args:
        windows: The measured windows, in the order of time; several of one window are of different versions.
        latest: Number of latest windows with a known outcome that count; later windows without one count too.
        violations: Number of those that must violate a bound; one of the newest must be among them.
        grain: The windows' length, for the reason.
    """
    windows = _largest(windows)
    known = [place for place, window in enumerate(windows) if window.labelled]
    newest = list(windows[known[-1] :] if known else windows[-latest:])
    earlier = [windows[place] for place in known[:-1]][-(latest - 1) :] if latest > 1 else []
    considered = [*earlier, *newest]
    if not considered:
        return Advice(due=False, reason="no window has been scored yet")
    broken = [window for window in considered if window.violations]
    shown = ", ".join(_outcome(window, grain) for window in newest)
    reason = f"{len(broken)} of the last {len(considered)} windows violate a bound, {shown}"
    violated_now = any(window.violations for window in newest)
    return Advice(due=len(broken) >= violations and violated_now, reason=reason)


def _largest(windows: Sequence[WindowPerformance]) -> list[WindowPerformance]:
    """Return the measure with the most rows of each window."""
    largest: dict[date, WindowPerformance] = {}
    for window in windows:
        if window.start not in largest or window.count > largest[window.start].count:
            largest[window.start] = window
    return list(largest.values())


def _outcome(window: WindowPerformance, grain: Grain) -> str:
    violated = f"violates {', '.join(window.violations)}" if window.violations else "violates none"
    return f"{grain.label(window.start)} {violated}{'' if window.labelled else ' (no outcome is known yet)'}"
