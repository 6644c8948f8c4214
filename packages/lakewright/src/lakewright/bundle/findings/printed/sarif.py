"""Findings as SARIF 2.1.0, which GitHub code scanning shows at the lines of a pull request.

Silenced findings are left out: GitHub would show them, because it does not read SARIF's `suppressions`.
Source: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lakewright import __version__
from lakewright.bundle.findings.printed.page import help_of, page_of
from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.model.opinion import Opinion
from lakewright.bundle.resolving.git import git_state
from lakewright.bundle.rules.base import Rule
from lakewright.bundle.rules.registry import all_rules, group_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "recommendation": "note"}
_BASE = "%SRCROOT%"
_FINGERPRINT = "lakewright/v1"


def sarif(findings: Iterable[Diagnostic], bundles: Sequence[Bundle], opinions: Iterable[Opinion] = ()) -> str:
    """Return the findings as a SARIF log; files are relative to the repository, or to the bundle outside of one.

    Each result names its targets. What other programs say is no result: it stands among the notifications of the run.
    """
    bundle = bundles[0]
    targets = [each.target for each in bundles]
    base = git_state(bundle.root).worktree or bundle.root
    rules = all_rules()
    index = {rule.code: number for number, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    results = [
        _result(finding, index[finding.code], base, bundle, seen) | _targets(finding, targets)
        for finding in findings
    ]
    driver = {
        "name": "lakewright",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_BASE: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    note for opinion in opinions for note in _notifications(opinion, base)
                ],
            }
        ],
        "properties": {"targets": targets},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(rule: type[Rule]) -> dict[str, Any]:
    page = page_of(rule)
    return {
        "id": rule.code,
        "name": rule.__name__,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": f"{page.what} {page.why}"},
        "help": {"text": help_of(rule), "markdown": help_of(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [group_of(rule)], "problem.severity": rule.severity},
    }


def _result(
    finding: Diagnostic,
    rule_index: int,
    base: Path,
    bundle: Bundle,
    seen: Counter[str],
) -> dict[str, Any]:
    # GitHub shows only results that have a place.
    place = finding.location or Location(bundle.root_file, 1, 1)
    uri = _uri(place.file, base)
    in_some = f"targets: {', '.join(finding.targets)}" if finding.targets else None
    parts = [finding.summary, finding.detail, in_some, f"fix: {finding.fix}" if finding.fix else None]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(part for part in parts if part)},
        "locations": [_location(place, base)],
        "partialFingerprints": {_FINGERPRINT: _fingerprint(finding, uri, seen)},
    }
    if finding.path:
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": finding.path}]
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(other, base)} for number, other in enumerate(finding.related)
        ]
    return result


def _targets(finding: Diagnostic, checked: Sequence[str]) -> dict[str, Any]:
    """Return the properties of a result: the targets that the finding holds for."""
    return {"properties": {"targets": list(finding.targets) or list(checked)}}


def _notifications(opinion: Opinion, base: Path) -> Iterator[dict[str, Any]]:
    """Yield what another program says: its answer in one line, then each difference."""
    name = f"{opinion.judge} {opinion.version or ''}".strip()
    yield {"level": "note", "message": {"text": f"{name} {opinion.summary}"}}
    for each in opinion.differences:
        parts = [
            f"{name}: {each.summary}",
            each.detail,
            f"targets: {', '.join(each.targets)}" if each.targets else None,
        ]
        note: dict[str, Any] = {
            "level": each.severity,
            "message": {"text": "\n".join(part for part in parts if part)},
        }
        if each.location:
            note["locations"] = [_location(each.location, base)]
        yield note


def _location(place: Location, base: Path) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(place.file, base), "uriBaseId": _BASE},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }


def _uri(file: Path, base: Path) -> str:
    """Return a file's address relative to the base; one outside of it keeps its absolute address."""
    if not file.is_relative_to(base):
        file, base = file.resolve(), base.resolve()
    return quote(file.relative_to(base).as_posix()) if file.is_relative_to(base) else file.as_uri()


def _fingerprint(finding: Diagnostic, uri: str, seen: Counter[str]) -> str:
    """Return a key that stays the same when lines move; equal findings of a file are numbered."""
    key = "\n".join((finding.code, uri, finding.path or "", finding.summary))
    seen[key] += 1
    return hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest()
