"""The judgement as JSON, for programs. The values of fields are those that text shows too."""

from __future__ import annotations

import json
from typing import Any

from lakewright.bundle.model.diagnostic import Location
from lakewright.deploy.gate.allowances import Allowance
from lakewright.deploy.gate.verdict import Cause, Judgement, Problem, Verdict

SCHEMA_VERSION = 1


def as_json(judgement: Judgement) -> str:
    """Return the judgement as JSON.

    Args:
        judgement: The judgement.
    """
    content = {
        "schema_version": SCHEMA_VERSION,
        "passes": judgement.passes,
        "has_changes": judgement.has_changes,
        "target": judgement.target or None,
        "engine": judgement.plan.engine,
        "cli_version": judgement.plan.cli_version or None,
        "unchanged": judgement.unchanged,
        "verdicts": [_verdict(verdict) for verdict in judgement.verdicts],
        "problems": [_problem(problem) for problem in judgement.problems],
        "notes": list(judgement.notes),
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "resource": verdict.key,
        "kind": verdict.noun,
        "name": verdict.name or None,
        "action": verdict.action,
        "outcome": verdict.outcome,
        "needs": verdict.needs,
        "lost_with": verdict.lost_with or None,
        "location": _location(verdict.location),
        "state": verdict.state or None,
        "causes": [_cause(cause) for cause in verdict.causes],
        "ignored": [
            {
                "field": each.path,
                "rule": each.rule,
                "because": each.because,
                "source": each.source,
                "fixed_in": each.fixed_in or None,
            }
            for each in verdict.ignored
        ],
        "loss": verdict.loss or None,
        "recovery": verdict.recovery or None,
        "source": verdict.source or None,
        "fixes": list(verdict.fixes),
        "allowance": _allowance(verdict.allowance),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "field": cause.path,
        "action": cause.action,
        "reason": cause.reason or None,
        "effect": cause.effect,
        "old": cause.old,
        "new": cause.new,
        "location": _location(cause.location),
        "hint": cause.hint or None,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "summary": problem.summary,
        "fix": problem.fix,
        "refuses": problem.refuses,
        "location": _location(problem.location),
    }


def _allowance(allowance: Allowance | None) -> dict[str, Any] | None:
    if allowance is None:
        return None
    return {
        "action": allowance.action,
        "reason": allowance.reason or None,
        "until": allowance.until.isoformat() if allowance.until else None,
        "location": _location(allowance.location),
    }


def _location(location: Location | None) -> dict[str, Any] | None:
    if location is None:
        return None
    return {"file": location.shown_file, "line": location.line, "column": location.column}
