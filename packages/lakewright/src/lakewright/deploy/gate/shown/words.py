"""The words that text and Markdown share."""

from __future__ import annotations

from collections.abc import Iterator

from lakewright.deploy.gate.verdict import Cause, Ignored, Judgement, Outcome, Verdict
from lakewright.deploy.plan.model import Action

_VERBS = {
    Action.CREATE: "create",
    Action.UPDATE: "update",
    Action.UPDATE_ID: "rename",
    Action.RESIZE: "resize",
    Action.RECREATE: "recreate",
    Action.DELETE: "delete",
}
_MOST = 8


def verb_of(verdict: Verdict) -> str:
    """Return what the plan does with an entry."""
    return (
        f"lost with {verdict.lost_with}:" if verdict.lost_with else _VERBS.get(verdict.action, verdict.action)
    )


def title_of(verdict: Verdict) -> str:
    """Return an entry's kind and full name, where the name is known."""
    return f"{verdict.noun} {verdict.name}" if verdict.name else verdict.noun


def place_of(verdict: Verdict) -> str:
    """Return where an entry is declared; empty if that is not known."""
    places = [cause.location for cause in verdict.causes if cause.location and cause.action is verdict.action]
    place = verdict.location if not places or not verdict.action.destroys else places[0]
    if place is not None:
        return str(place)
    if verdict.action is not Action.DELETE:
        return ""
    below = f" below {verdict.state}" if verdict.state else ""
    return f"no longer in the bundle; in the state of the last deployment{below}"


def cause_in_words(cause: Cause) -> str:
    """Return why the CLI acts: the field, its values where they may be printed, and the CLI's word for it."""
    values = ""
    if cause.old is not None and cause.new is not None:
        values = f": {cause.old} → {cause.new}"
    elif cause.old is not None:
        values = f": was {cause.old}"
    elif cause.new is not None:
        values = f": {cause.new}"
    reason = f" ({cause.reason})" if cause.reason else ""
    return (
        f"{cause.path}{values}{reason}"
        if values or cause.effect == "changed"
        else f"{cause.path} {cause.effect}{reason}"
    )


def causes_in_words(verdict: Verdict) -> Iterator[str]:
    """Yield the causes; of those beside a recreation or a rename none, and of many the first ones."""
    worst = [cause for cause in verdict.causes if cause.action is verdict.action]
    shown = worst if verdict.action in {Action.RECREATE, Action.UPDATE_ID} and worst else list(verdict.causes)
    yield from map(cause_in_words, shown[:_MOST])
    if len(shown) > _MOST:
        yield f"and {len(shown) - _MOST} more fields"


def ignored_in_words(ignored: Ignored) -> str:
    """Return what is left out and why."""
    fixed = f", fixed in Databricks CLI {ignored.fixed_in}" if ignored.fixed_in else ""
    return f"{ignored.path}, because {ignored.because} ({ignored.source}{fixed})"


def tally(judgement: Judgement) -> str:
    """Return how many entries have each outcome."""
    counts = dict.fromkeys(Outcome, 0)
    for verdict in judgement.verdicts:
        counts[verdict.outcome] += 1
    words = {
        Outcome.REFUSED: "refused",
        Outcome.ALLOWED: "allowed by name",
        Outcome.WARNED: "with a warning",
        Outcome.SHOWN: "shown",
        Outcome.IGNORED: "left out",
    }
    parts = [f"{count} {words[outcome]}" for outcome, count in counts.items() if count]
    return ", ".join([*parts, f"{judgement.unchanged} unchanged"])


def headline(judgement: Judgement) -> str:
    """Return the answer in one line."""
    of_target = f" for target {judgement.target}" if judgement.target else ""
    answer = "passes" if judgement.passes else "is REFUSED"
    return f"the plan{of_target} {answer}: {tally(judgement)}"
