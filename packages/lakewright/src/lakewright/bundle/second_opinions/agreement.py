"""Whether one of our findings says what another program says."""

import re
from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location

# Messages of the Databricks CLI that name neither a key path nor a line, by the rules of ours that report the same.
# Source: databricks/cli v1.9.0, the `output.txt` files below acceptance/bundle, and the code that makes each message.
_SAME: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern), frozenset(codes.split()))
    for pattern, codes in (
        (r"incompatible DBR version|compute with DBR 13\.3\+", "LW635"),
        (r"^notebook .* not found", "LW402 LW408"),
        (r"^file .* not found|^directory .* not found|no such file or directory", "LW405 LW407 LW408"),
        (r"^expected a (?:file|notebook) for .* but got", "LW403 LW406"),
        (r"not contained in sync root", "LW401"),
        (r"are mutually exclusive|^Cannot use both", "LW133"),
        (r"is computed and read-only", "LW307"),
        (
            r"do(?:es)? not support (?:a )?setting a run_as|not supported when the current deployment user",
            "LW522",
        ),
        (r"do not use variable interpolation in the name", "LW227"),
        (r"^no value assigned to required variable", "LW202"),
        (r"variable \S+ (?:is not defined but|has not been defined)", "LW201"),
        (r"^failed to parse variables file", "LW208"),
        (r"value in the variable file is", "LW205"),
        (r"in host name$", "LW228"),
        (r"^reference does not exist", "LW221 LW222 LW224"),
        (r"^cycle detected in field resolution", "LW203"),
        (r"no such target|target .* not found", "LW501"),
        (r"^run_as section (?:must specify|cannot specify)", "LW523"),
        (r"^duplicate YAML merge key", "LW108"),
        (r"cannot merge \S+ with", "LW126"),
        (r"^expected a (?:map|sequence) to index", "LW221"),
        (r"root path contains glob pattern", "LW135"),
        (r"already has permissions set for", "LW526"),
    )
)


def covering(
    findings: Iterable[Diagnostic], summary: str, path: str | None, location: Location | None
) -> Diagnostic | None:
    """Return our finding about the same thing, the most severe one; None if there is none.

    Two findings are about the same thing if one key path is the other or lies below it. Lines are compared only where one of
    the two names no key path, because a line of YAML may hold many values.
    """
    about = [found for found in findings if _is_same(found, summary, path, location)]
    return min(about, key=lambda found: _RANKS[found.severity], default=None)


_RANKS = {"error": 0, "warning": 1, "recommendation": 2}


def is_milder(ours: Diagnostic, severity: str) -> bool:
    """Return whether our finding is less severe than what the other program says."""
    return _RANKS[ours.severity] > _RANKS.get(severity, 2)


def _is_same(found: Diagnostic, summary: str, path: str | None, location: Location | None) -> bool:
    if path is None and location is None:
        return any(pattern.search(summary) and found.code in codes for pattern, codes in _SAME)
    if path and found.path:
        return _covers(path, found.path) or _covers(found.path, path)
    places = (found.location, *found.related)
    return location is not None and any(_on_one_line(place, location) for place in places)


def _covers(path: str, other: str) -> bool:
    return other == path or other.startswith((f"{path}.", f"{path}["))


def _on_one_line(place: Location | None, other: Location) -> bool:
    return place is not None and (place.file, place.line) == (other.file, other.line)
