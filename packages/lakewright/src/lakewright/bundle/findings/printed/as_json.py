"""Findings as JSON, for programs."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.model.opinion import Opinion
from lakewright.bundle.rules.registry import find_rule

_VERSION = 1


def findings_json(
    findings: Iterable[Diagnostic], bundles: Sequence[Bundle], opinions: Iterable[Opinion] = ()
) -> str:
    """Return the findings as one JSON object; fields are only ever added, else `schema_version` rises.

    Args:
        findings: The findings.
        bundles: The bundle, loaded for each target that was checked.
        opinions: What other programs say.
    """
    bundle = bundles[0]
    targets = [each.target for each in bundles]
    content = {
        "schema_version": _VERSION,
        "bundle": bundle.name,
        "target": bundle.target if len(bundles) == 1 else None,
        "targets": targets,
        "findings": [
            {**finding_as_data(finding, bundle.root), "targets": list(finding.targets) or targets}
            for finding in findings
        ],
        "second_opinions": [_opinion(opinion, bundle.root) for opinion in opinions],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _opinion(opinion: Opinion, root: Path) -> dict[str, Any]:
    return {
        "from": opinion.judge,
        "version": opinion.version,
        "answered": opinion.answered,
        "summary": opinion.summary,
        "differences": [
            {
                "severity": each.severity,
                "summary": each.summary,
                "detail": each.detail,
                "location": _place(each.location, root),
                "path": each.path,
                "targets": list(each.targets),
            }
            for each in opinion.differences
        ],
    }


def finding_as_data(finding: Diagnostic, root: Path) -> dict[str, Any]:
    """Return a finding as data.

    Args:
        finding: The finding.
        root: The bundle's folder; files below it are named relative to it.
    """
    rule = find_rule(finding.code)
    assert rule
    return {
        "code": finding.code,
        "name": rule.name,
        "severity": finding.severity,
        "summary": finding.summary,
        "detail": finding.detail,
        "location": _place(finding.location, root),
        "path": finding.path,
        "fix": finding.fix,
        "fixable": rule.fixable,
        "docs": finding.docs,
        "related": [_place(place, root) for place in finding.related],
    }


def _place(place: Location | None, root: Path) -> dict[str, Any] | None:
    """Return a place; the file is relative to the bundle's folder where it lies below it."""
    if place is None:
        return None
    file = place.file.relative_to(root) if place.file.is_relative_to(root) else place.file
    return {"file": file.as_posix(), "line": place.line, "column": place.column}
