"""Whether one of our findings says what another program says."""

import re
from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location

# Messages of the Databricks CLI without a place, by the rule of ours that reports the same.
# Source: databricks/cli, bundle/trampoline/python_dbr_warning.go.
_SAME: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"incompatible DBR version|compute with DBR 13\.3\+"), "LW635"),
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
    if any(pattern.search(summary) and found.code == code for pattern, code in _SAME):
        return True
    if path and found.path:
        return _covers(path, found.path) or _covers(found.path, path)
    places = (found.location, *found.related)
    return location is not None and any(_on_one_line(place, location) for place in places)


def _covers(path: str, other: str) -> bool:
    return other == path or other.startswith((f"{path}.", f"{path}["))


def _on_one_line(place: Location | None, other: Location) -> bool:
    return place is not None and (place.file, place.line) == (other.file, other.line)
