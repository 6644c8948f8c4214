"""The judgement as Markdown, for a comment in a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from databricks_utils.markdown import block, code, escaped, table_row
from lakewright.deploy.gate.shown import words
from lakewright.deploy.gate.verdict import Judgement, Outcome, Verdict

_SIGNS = {
    Outcome.REFUSED: "⛔ refused",
    Outcome.ALLOWED: "✅ allowed by name",
    Outcome.WARNED: "⚠️ warning",
    Outcome.SHOWN: "shown",
    Outcome.IGNORED: "left out",
}
_MOST_OF_ROWS, _MOST_OF_FIXES = 36_000, 20_000  # characters; a comment on GitHub has at most 65,536


def markdown_of(judgement: Judgement) -> str:
    """Return a heading, a table and what to do.

    Args:
        judgement: The judgement.
    """
    of_target = f" for {code(judgement.target)}" if judgement.target else ""
    answer = "✅ passes" if judgement.passes else "⛔ is refused"
    lines = [f"#### The plan{of_target} {answer}: {escaped(words.tally(judgement))}"]
    rows = _within(map(_row, judgement.verdicts), _MOST_OF_ROWS)
    if rows:
        lines += ["", "| | plan | resource | why | data |", "|---|---|---|---|---|", *rows]
    if len(judgement.verdicts) > len(rows):
        lines += ["", f"and {len(judgement.verdicts) - len(rows)} more: `lakewright plan-gate -o text`"]
    lines += _within(_below(judgement), _MOST_OF_FIXES)
    return "\n".join(lines)


def _within(lines: Iterable[str], most: int) -> list[str]:
    """Return the first lines that have so many characters together."""
    found: list[str] = []
    for line in lines:
        most -= len(line) + 1
        if most < 0:
            break
        found.append(line)
    return found


def _row(verdict: Verdict) -> str:
    name = f"<br>{escaped(words.title_of(verdict))}"
    place = words.place_of(verdict)
    why = [escaped(cause) for cause in words.causes_in_words(verdict)]
    why += [f"left out: {escaped(words.ignored_in_words(each))}" for each in verdict.ignored]
    if verdict.allowance and verdict.allowance.reason:
        why.append(f"allowed until {verdict.allowance.until}: {escaped(verdict.allowance.reason)}")
    cells = [
        _SIGNS[verdict.outcome],
        escaped(words.verb_of(verdict)),
        f"{code(verdict.key)}{name}" + (f"<br>{escaped(place)}" if place else ""),
        "<br>".join(why),
        " ".join(escaped(text) for text in (verdict.loss, verdict.recovery) if text),
    ]
    return table_row(cells)


def _below(judgement: Judgement) -> Iterator[str]:
    refused = [verdict for verdict in judgement.verdicts if verdict.fixes]
    if refused or judgement.problems or judgement.notes:
        yield ""
    yield from (f"- {block(note)}" for note in judgement.notes)
    for problem in judgement.problems:
        where = f" ({escaped(str(problem.location))})" if problem.location else ""
        yield f"- {block(problem.summary)}{where}. Fix: {escaped(problem.fix)}"
    for verdict in refused:
        yield f"- {code(verdict.key)}"
        yield from (f"  - {_fix(fix)}" for fix in verdict.fixes)


def _fix(text: str) -> str:
    """Return a fix with its command as code."""
    before, colon, command = text.partition(": ")
    is_command = colon and command.startswith(("--allow-", "databricks "))
    return f"{block(before)}: {code(command)}" if is_command else block(text)
