"""A task's result as it may be shown: without secrets."""

from __future__ import annotations

from dataclasses import replace

from lakewright.runner.handover.problem import Problem
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.record.result import TaskResult


def without_secrets(result: TaskResult, redactor: Redactor) -> TaskResult:
    """A result that can be shown. Its task values keep their secrets, because later tasks need them."""
    problem = result.problem and Problem(**redactor.tree(result.problem.as_dict()))
    words = redactor.tree({"reason": result.reason, "notes": result.notes, "report": result.report})
    return replace(
        result, problem=problem, reason=words["reason"], notes=tuple(words["notes"]), report=words["report"]
    )
