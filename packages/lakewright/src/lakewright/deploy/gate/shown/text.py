"""The judgement as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from lakewright.deploy.gate.shown import words
from lakewright.deploy.gate.verdict import Judgement, Outcome, Problem, Verdict
from lakewright.shown_text.printable import printable

_LONG = (Outcome.REFUSED, Outcome.ALLOWED, Outcome.WARNED)


def lines_of(judgement: Judgement) -> Iterator[str]:
    """Yield the answer, then the entries, the worst first. What would move the cursor is written out.

    Args:
        judgement: The judgement.
    """
    yield printable(words.headline(judgement))
    for problem in judgement.problems:
        yield ""
        yield from map(printable, _of_problem(problem))
    was_long = True
    for verdict in judgement.verdicts:
        is_long = verdict.outcome in _LONG
        if is_long or was_long:
            yield ""
        was_long = is_long
        yield from map(printable, _of_verdict(verdict) if is_long else _short(verdict))
    if judgement.notes:
        yield ""
    for note in judgement.notes:
        yield printable(f"note: {note}")


def _of_problem(problem: Problem) -> Iterator[str]:
    yield f"{'refused' if problem.refuses else 'warning'}: {problem.summary}"
    if problem.location:
        yield f"  at: {problem.location}"
    yield f"  fix: {problem.fix}"


def _of_verdict(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.outcome}: {words.verb_of(verdict)} {verdict.key} ({words.title_of(verdict)})"
    if place := words.place_of(verdict):
        yield f"  at: {place}"
    yield from (f"  because: {cause}" for cause in words.causes_in_words(verdict))
    if verdict.loss:
        yield f"  data: {verdict.loss}"
    if verdict.recovery:
        yield f"  undo: {verdict.recovery}"
    if verdict.source:
        yield f"  see: {verdict.source}"
    if verdict.allowance:
        yield f"  allowed by: {_allowance(verdict)}"
    yield from (f"  {'fix:' if at == 0 else '    '} {fix}" for at, fix in enumerate(verdict.fixes))
    yield from (f"  ignored: {words.ignored_in_words(each)}" for each in verdict.ignored)


def _short(verdict: Verdict) -> Iterator[str]:
    if verdict.outcome is Outcome.IGNORED:
        yield f"ignored: {verdict.key}"
        yield from (f"  {words.ignored_in_words(each)}" for each in verdict.ignored)
        return
    causes = ", ".join(words.causes_in_words(verdict))
    yield f"{words.verb_of(verdict)} {verdict.key}{f': {causes}' if causes else ''}"
    if verdict.loss:
        yield f"  {verdict.loss}"
    yield from (f"  ignored: {words.ignored_in_words(each)}" for each in verdict.ignored)


def _allowance(verdict: Verdict) -> str:
    allowance = verdict.allowance
    if allowance is None or allowance.location is None:
        return str(allowance)
    return f"{allowance.location}: {allowance.reason} (until {allowance.until})"
