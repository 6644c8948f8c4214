"""The judgement of a plan: each entry gets an outcome, and each allowance must be of use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from lakewright.bundle import Bundle
from lakewright.deploy.gate.allowances import Allowance
from lakewright.deploy.gate.causes import causes_of, ignored_of, place_of
from lakewright.deploy.gate.contained import lost_with, of_unknown_name
from lakewright.deploy.gate.fixes import declared_in, fixes_of, renamed_keys
from lakewright.deploy.gate.kinds import Keeps, Kind, kind_of
from lakewright.deploy.gate.names import Declared, name_of
from lakewright.deploy.gate.origin import other_target
from lakewright.deploy.gate.used import problems_of
from lakewright.deploy.gate.verdict import Cause, Ignored, Judgement, Outcome, Problem, Verdict
from lakewright.deploy.plan.model import Action, Engine, Entry, Plan

_ORDER = list(Outcome)
_GONE = "Somebody has deleted it already: the deployment only forgets it."
_RIGHTS_STAY = "The CLI forgets them and takes no right away."
_MOVES = {
    ("pipelines", "catalog"),
    ("pipelines", "schema"),
    ("pipelines", "target"),
}
_ELSEWHERE = "From now on it publishes to another place. What it has published stays behind or is lost: look before you deploy."
_EXPIRES = {("postgres_branches", "ttl"), ("postgres_branches", "expire_time")}
_ENDS = "It is deleted with all its data when its time is over."


@dataclass(frozen=True)
class _Context:
    bundle: Bundle | None
    declared: Declared
    lost: dict[str, str]
    renamed: dict[str, str]
    target: str
    state: str


def judge(
    plan: Plan,
    *,
    today: date,
    allowances: Iterable[Allowance] = (),
    bundle: Bundle | None = None,
    target: str = "",
) -> Judgement:
    """Judge a plan: it passes if nothing that holds data is destroyed without being named.

    Args:
        plan: The plan.
        today: The day, for allowances with an end.
        allowances: What may be destroyed.
        bundle: The bundle that the plan was made from, for files and lines.
        target: The target that the plan is for; allowances of other targets do not count.
    """
    context = _context(plan, bundle, target)
    given = [each for each in allowances if each.target in {"", target}]
    valid = {
        (each.resource, each.action): each for each in given if each.until is None or each.until >= today
    }
    verdicts = [
        _allowed(verdict, valid) for entry in plan.entries.values() for verdict in _verdicts(entry, context)
    ]
    verdicts.sort(key=lambda verdict: (_ORDER.index(verdict.outcome), verdict.key))
    return Judgement(
        plan,
        target,
        tuple(verdicts),
        len(plan.entries) - len(verdicts),
        (
            *_of_origin(plan, bundle),
            *_unseen(plan, context),
            *problems_of(given, verdicts, today=today),
        ),
        (*_notes(plan, bundle), *_protected(verdicts, context.declared)),
    )


def _context(plan: Plan, bundle: Bundle | None, target: str) -> _Context:
    declared = declared_in(bundle.resolved.get("resources")) if bundle else {}
    entries = plan.entries.values()
    state = str((bundle.resolved.get("workspace") or {}).get("state_path", "")) if bundle else ""
    return _Context(
        bundle, declared, lost_with(entries, declared), renamed_keys(entries, declared), target, state
    )


def _verdicts(entry: Entry, context: _Context) -> Iterator[Verdict]:
    """Yield the verdict about an entry; none for one that is left as it is."""
    holder = context.lost.get(entry.key, "")
    if entry.action is Action.SKIP and not holder:
        return
    kind = kind_of(entry.kind)
    ignored = ignored_of(entry)
    causes = causes_of(entry, context.bundle)
    needs = _needed(entry, kind, holder)
    verdict = Verdict(
        entry.key or "(permissions or grants that the CLI does not name)",
        f"{entry.part} of the {kind.noun}" if entry.part else kind.noun,
        entry.action,
        _outcome(entry, kind, needs, causes, ignored),
        name_of(entry, context.declared),
        needs,
        holder,
        causes,
        ignored,
        location=place_of(entry.key, context.bundle) if entry.key else None,
        state=context.state if entry.action is Action.DELETE else "",
    )
    yield _explained(verdict, entry, kind, context)


def _needed(entry: Entry, kind: Kind, holder: str) -> Action | None:
    """Return the action that an allowance must name; None if the entry destroys no data."""
    if entry.part or entry.gone or kind.keeps is not Keeps.DATA:
        return None
    if holder:
        return Action.DELETE
    if entry.action.destroys:
        return entry.action
    is_unknown_rename = entry.action is Action.UPDATE_ID and not kind.renamed
    return Action.RECREATE if is_unknown_rename else None


def _outcome(
    entry: Entry, kind: Kind, needs: Action | None, causes: tuple[Cause, ...], ignored: tuple[Ignored, ...]
) -> Outcome:
    if needs is not None:
        return Outcome.REFUSED
    if ignored and not causes:
        return Outcome.IGNORED
    is_lost_history = entry.action is Action.RECREATE and kind.keeps is Keeps.HISTORY
    if not entry.part and (entry.action is Action.UPDATE_ID or is_lost_history or _warning_of(entry, causes)):
        return Outcome.WARNED
    return Outcome.SHOWN


def _warning_of(entry: Entry, causes: tuple[Cause, ...]) -> str:
    """Return what an update of some fields means for the data; empty for most."""
    fields = {(entry.kind, cause.path) for cause in causes if cause.action is Action.UPDATE}
    return _ELSEWHERE if fields & _MOVES else _ENDS if fields & _EXPIRES else ""


def _explained(verdict: Verdict, entry: Entry, kind: Kind, context: _Context) -> Verdict:
    loss, recovery = "", ""
    if entry.gone:
        loss = _GONE
    elif entry.part:
        loss = _RIGHTS_STAY if entry.action is Action.DELETE else ""
    elif verdict.needs is not None or entry.action.destroys:
        loss, recovery = kind.loss, kind.recovery
    elif entry.action is Action.UPDATE_ID:
        loss = kind.renamed
    else:
        loss = _warning_of(entry, verdict.causes)
    source = kind.source if loss == kind.loss else ""
    if verdict.needs is None:
        return replace(verdict, loss=loss, recovery=recovery, source=source)
    fixes = fixes_of(
        entry,
        verdict=verdict,
        new_key=context.renamed.get(entry.key, ""),
        target=context.target,
        in_bundle=_in_bundle(entry, context),
    )
    return replace(verdict, loss=loss, recovery=recovery, source=source, fixes=tuple(fixes))


def _in_bundle(entry: Entry, context: _Context) -> bool | None:
    """Return whether the bundle has an entry; None if no bundle is there, or not all of it was read."""
    if entry.key in context.declared:
        return True
    bundle = context.bundle
    is_whole = (
        bundle is not None
        and not bundle.python_left_out
        and not any(each.severity == "error" for each in bundle.diagnostics)
    )
    return False if is_whole else None


def _allowed(verdict: Verdict, valid: dict[tuple[str, Action], Allowance]) -> Verdict:
    if verdict.needs is None:
        return verdict
    allowance = valid.get((verdict.key, verdict.needs))
    return replace(verdict, outcome=Outcome.ALLOWED, allowance=allowance, fixes=()) if allowance else verdict


def _protected(verdicts: Iterable[Verdict], declared: Declared) -> Iterator[str]:
    """Yield a note for each named loss that the CLI refuses all the same."""
    for verdict in verdicts:
        lifecycle = declared.get(verdict.key, {}).get("lifecycle")
        is_protected = isinstance(lifecycle, dict) and lifecycle.get("prevent_destroy") is True
        if is_protected and verdict.outcome is Outcome.ALLOWED and not verdict.lost_with:
            yield f"{verdict.key} has `prevent_destroy`: the CLI refuses the deployment until it is removed from the bundle"


def _of_origin(plan: Plan, bundle: Bundle | None) -> Iterator[Problem]:
    problem = other_target(plan, bundle) if bundle is not None else None
    if problem is not None:
        yield problem


def _unseen(plan: Plan, context: _Context) -> Iterator[Problem]:
    """Yield a problem for each loss whose size the plan does not show; one of terraform never does, which is a note."""
    if plan.engine is Engine.DIRECT:
        for key in of_unknown_name(plan.entries.values(), context.declared, lost=context.lost):
            yield Problem(
                f"the plan destroys {key} and does not have its name, so what lies in it is not known",
                "plan again as somebody who may read it: the CLI could not, and only warned of it",
            )


def _notes(plan: Plan, bundle: Bundle | None) -> Iterator[str]:
    if plan.engine is Engine.TERRAFORM:
        yield (
            "a plan of the terraform engine says neither which fields differ nor what lies in a deleted schema; "
            "`bundle: {engine: direct}` does. `deploy --plan` takes no plan of terraform: it plans anew, and what it does was not judged"
        )
    if plan.not_selected:
        yield f"the plan leaves out {plan.not_selected} resources (--select): deploy with the same selection"
    if any(each.kind == "secrets" and not each.part and each.new_state for each in plan.entries.values()):
        yield "the plan has `[redacted]` in place of values of secrets: do not deploy it with --plan"
    if bundle is not None and bundle.python_left_out:
        yield "resources that Python code defines have no file and line here"
