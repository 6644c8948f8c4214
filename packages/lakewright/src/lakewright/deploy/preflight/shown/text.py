"""A report for people: a table of what was found, then what to run, grouped by who must run it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lakewright.deploy.preflight.examination import Report
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who
from lakewright.deploy.preflight.grants_written import Language
from lakewright.deploy.preflight.shown.written import grants_of
from lakewright.shown_text.printable import printable

SIGNS = {Status.OK: "ok", Status.MISSING: "MISSING", Status.NOT_KNOWN: "not known", Status.NOTE: "note"}


@dataclass(frozen=True)
class Line:
    """One line of text.

    Attributes:
        text: The text.
        status: The status that it shows, for its colour; None for other lines.
    """

    text: str
    status: Status | None = None


def lines_of(report: Report, *, language: Language, everything: bool) -> Iterator[Line]:
    """Yield the lines of a report; a name cannot move the cursor or change colours.

    Args:
        report: The report.
        language: What grants are written in.
        everything: Whether what is fine is listed too.
    """
    for line in _lines(report, language, everything=everything):
        yield Line(printable(line.text), line.status)  # names are those of other people, too


def _lines(report: Report, language: Language, *, everything: bool) -> Iterator[Line]:
    me = report.facts.me
    name = f"{me.shown} ({me.name})" if me.shown != me.name else me.name
    yield Line(f"Target:     {report.target}")
    yield Line(f"Workspace:  {report.host}")
    yield Line(f"Signed in:  {str(me.kind).replace('_', ' ')} {name}, {report.signed_in}")
    yield Line("")
    for finding in report.findings:
        if everything or finding.status is not Status.OK:
            yield from _finding(finding)
    yield Line("")
    yield Line(_tally(report))
    yield from _steps(report, language)


def _finding(finding: Finding) -> Iterator[Line]:
    yield Line(
        f"{SIGNS[finding.status]:<10}{finding.check}: {finding.subject}: {finding.summary}", finding.status
    )
    if finding.status is not Status.OK and finding.location:
        yield Line(
            f"{'':<10}--> {finding.location} ({finding.path})"
            if finding.path
            else f"{'':<10}--> {finding.location}"
        )
    if finding.status is Status.NOT_KNOWN and finding.ask:
        yield Line(f"{'':<10}who could say: {finding.ask}")


def _tally(report: Report) -> str:
    counts = [f"{report.count(status)} {status}" for status in Status if report.count(status)]
    return f"{', '.join(counts)}; {len(report.asked)} questions, nothing was changed"


def _steps(report: Report, language: Language) -> Iterator[Line]:
    steps = [step for finding in report.findings for step in finding.steps]
    if not steps:
        return
    yield Line("")
    yield Line("What to run, in this order")
    for who, group in grouped(steps).items():
        yield Line("")
        yield Line(f"{str(who)[0].upper()}{str(who)[1:]}:")
        for text, because in written(group, report, language):
            for part in text.split("\n"):
                yield Line(f"    {part}")
            if because:
                yield Line(f"      # {because}")


def grouped(steps: list[Step]) -> Mapping[Who, list[Step]]:
    """Return the steps by who must run them: accounts first, the deployment last."""
    roles = list(Role)
    found: dict[Who, list[Step]] = {}
    for step in sorted(steps, key=lambda each: roles.index(each.who.role)):
        found.setdefault(step.who, []).append(step)
    return found


def written(steps: list[Step], report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the commands of steps, each once, and what to look at; a reason stands after the last command that it is about.

    Args:
        steps: The steps of one person.
        report: The report.
        language: What grants are written in.
    """
    seen: set[str] = set()
    for number, step in enumerate(steps):
        texts = [each for each in (*step.commands, *grants_of(step, report, language)) if each not in seen]
        seen.update(texts)
        following = steps[number + 1].because if number + 1 < len(steps) else ""
        for index, text in enumerate(texts):
            is_last = index + 1 == len(texts)
            yield text, step.because if is_last and step.because != following else ""
