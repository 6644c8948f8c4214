"""Whether each allowance is of use: one that matches nothing is stale, and would let a later deletion pass unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from databricks_utils.nearest import nearest
from lakewright.deploy.gate.allowances import Allowance
from lakewright.deploy.gate.verdict import Problem, Verdict
from lakewright.deploy.plan.model import Action


def problems_of(
    allowances: Iterable[Allowance], verdicts: Sequence[Verdict], *, today: date
) -> tuple[Problem, ...]:
    """Return what is wrong with the allowances of a target.

    Args:
        allowances: The allowances for the target.
        verdicts: The verdicts about the plan.
        today: The day.
    """
    by_key = {verdict.key: verdict for verdict in verdicts}
    return tuple(problem for each in allowances for problem in _problems(each, by_key, today))


def _problems(allowance: Allowance, verdicts: dict[str, Verdict], today: date) -> Iterator[Problem]:
    is_over = allowance.until is not None and allowance.until < today
    verdict = verdicts.get(allowance.resource)
    fits = verdict is not None and allowance.action in {verdict.needs, verdict.action}
    if is_over:
        ended = f"the allowance of {allowance} ended on {allowance.until}"
        yield Problem(ended, "remove it, or give it a new day in a pull request", allowance.location)
    elif not fits:
        summary, fix = _without_use(allowance, verdict, verdicts)
        # In the file it may be left over from a deployment that has just happened.
        yield Problem(
            summary, fix, allowance.location, refuses=allowance.until is None or verdict is not None
        )


def _without_use(
    allowance: Allowance, verdict: Verdict | None, verdicts: dict[str, Verdict]
) -> tuple[str, str]:
    if verdict is not None and verdict.needs is not None:
        return (
            f"{allowance}: the plan would {_words(verdict)}",
            f"if that is meant, allow `{verdict.needs}`",
        )
    if verdict is not None:
        return f"{allowance}: the plan does no such thing, it has `{verdict.action}`", "remove the allowance"
    near = nearest(allowance.resource, [key for key, each in verdicts.items() if each.needs is not None])
    fix = f"did you mean {' or '.join(near)}?" if near else "remove it: it would let a later deletion pass"
    return f"{allowance} matches nothing in the plan", fix


def _words(verdict: Verdict) -> str:
    if verdict.lost_with:
        return f"delete it together with {verdict.lost_with}"
    return {Action.DELETE: "delete it", Action.RECREATE: "delete and create it again"}.get(
        verdict.action, "give it another id"
    )
