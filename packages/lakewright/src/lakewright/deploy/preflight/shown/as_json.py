"""A report as JSON; `schema_version` changes when a field changes its meaning or goes."""

from __future__ import annotations

import json
from typing import Any

from lakewright.deploy.preflight.examination import Report
from lakewright.deploy.preflight.finding import Finding, Status, Step
from lakewright.deploy.preflight.grants_written import Language
from lakewright.deploy.preflight.shown.written import grants_of

SCHEMA_VERSION = 1


def report_json(report: Report, *, language: Language, strict: bool) -> str:
    """Return a report as JSON.

    Args:
        report: The report.
        language: What grants are written in.
        strict: Whether what is not known counts as not fine.
    """
    me = report.facts.me
    content = {
        "schema_version": SCHEMA_VERSION,
        "target": report.target,
        "workspace": report.host,
        "signed_in": {
            "name": me.name,
            "display_name": me.shown,
            "kind": str(me.kind),
            "how": report.signed_in,
        },
        "is_fine": report.is_fine(strict=strict),
        "counts": {str(status): report.count(status) for status in Status},
        "questions": len(report.asked),
        "findings": [_finding(each, report, language) for each in report.findings],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _finding(finding: Finding, report: Report, language: Language) -> dict[str, Any]:
    place = finding.location
    return {
        "check": finding.check,
        "status": str(finding.status),
        "subject": finding.subject,
        "summary": finding.summary,
        "path": finding.path,
        "file": place.shown_file if place else None,
        "line": place.line if place else None,
        "who_could_say": str(finding.ask) if finding.ask else None,
        "can_be_asked": finding.can_be_asked,
        "steps": [_step(each, report, language) for each in finding.steps],
    }


def _step(step: Step, report: Report, language: Language) -> dict[str, Any]:
    return {
        "who": str(step.who),
        "role": step.who.role.name.lower(),
        "owner_of": step.who.of or None,
        "name": step.who.name or None,
        "commands": [*step.commands, *grants_of(step, report, language)],
        "because": step.because or None,
    }
