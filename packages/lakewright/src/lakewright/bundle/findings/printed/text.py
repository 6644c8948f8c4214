"""Findings as text: what is wrong and its code, the place, the line, the fix."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.model.opinion import Difference, Opinion
from lakewright.shown_text.secret_forms import hidden

_YAML = (".yml", ".yaml")
_ORDER = {"error": 0, "warning": 1, "recommendation": 2}


def render(diagnostic: Diagnostic) -> str:
    """Return one diagnostic as text of several lines.

    Examples:
        >>> print(render(Diagnostic("LW201", "error", "unknown variable", path="variables.a", fix="declare it")))
        error: unknown variable [LW201]
          at variables.a
          fix: declare it
    """
    lines = [f"{diagnostic.severity}: {diagnostic.summary} [{diagnostic.code}]"]
    if diagnostic.location:
        where = f" ({diagnostic.path})" if diagnostic.path else ""
        lines += [f"  --> {diagnostic.location}{where}", *_excerpt(diagnostic.location)]
    elif diagnostic.path:
        lines.append(f"  at {diagnostic.path}")
    lines += [f"  also {place}" for place in diagnostic.related]
    lines += [f"  {line}" for line in (diagnostic.detail or "").splitlines()]
    if diagnostic.targets:
        lines.append(f"  target{'s'[: len(diagnostic.targets) > 1]}: {', '.join(diagnostic.targets)}")
    if diagnostic.fix:
        first, *rest = diagnostic.fix.splitlines()
        lines += [f"  fix: {first}", *(f"       {line}" for line in rest)]
    return "\n".join(lines)


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as text, errors first, an empty line between two."""
    ordered = sorted(diagnostics, key=lambda diagnostic: _ORDER[diagnostic.severity])
    return "\n\n".join(render(diagnostic) for diagnostic in ordered)


def render_opinion(opinion: Opinion) -> str:
    """Return what another program says as text: one line, then each difference.

    Examples:
        >>> print(render_opinion(Opinion("Databricks CLI", None, answered=False, summary="was not asked: it is not on PATH")))
        The Databricks CLI was not asked: it is not on PATH.
    """
    name = f"{opinion.judge} {opinion.version}" if opinion.version else opinion.judge
    article = "The " if opinion.judge[0].isupper() else ""
    return "\n\n".join([f"{article}{name} {opinion.summary}.", *map(_difference, opinion.differences)])


def _difference(difference: Difference) -> str:
    lines = [f"  {difference.severity}: {hidden(difference.summary)}"]
    where = [f"in {difference.location}"] if difference.location else []
    where += [f"at {difference.path}"] if difference.path else []
    where += [f"targets: {', '.join(difference.targets)}"] if difference.targets else []
    return "\n".join(
        [*lines, *(f"    {line}" for line in [*where, *hidden(difference.detail or "").splitlines()])]
    )


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many of each there are, such as `1 error, 2 warnings`; empty if there are none."""
    found: list[str] = [diagnostic.severity for diagnostic in diagnostics]
    counts = [(kind, found.count(kind)) for kind in _ORDER]
    return ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts if count)


def coloured(text: str) -> str:
    """Return findings as text for a terminal: severities and fixes in colour."""
    import click

    colours = {"error:": "red", "warning:": "yellow", "recommendation:": "blue", "  fix:": "green"}
    lines = []
    for line in text.splitlines():
        start = next((start for start in colours if line.startswith(start)), None)
        lines.append(click.style(start, fg=colours[start], bold=True) + line[len(start) :] if start else line)
    return "\n".join(lines)


@lru_cache(maxsize=64)
def _lines(file: Path) -> tuple[str, ...]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    # YAML ends a line at U+0085 and U+2028 too; Python does not.
    return tuple(text.splitlines() if file.suffix in _YAML else text.split("\n"))


def _excerpt(location: Location) -> list[str]:
    lines = _lines(location.file)
    if location.is_secret or location.line > len(lines):
        return []
    line = hidden(lines[location.line - 1].replace("\t", "→"))
    if not line.strip():
        return []
    number = str(location.line)
    gutter = " " * (len(number) + 3)
    return [
        f"{gutter}|",
        f"   {number}| {line}"[: len(gutter) + 160],
        f"{gutter}| {' ' * (location.column - 1)}^",
    ]
