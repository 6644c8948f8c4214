"""The result of a step's last finished run, for a step that works only on what has changed since."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter

from databricks_utils.steps.register import FinishedRun
from databricks_utils.steps.step import Step

ResultT = TypeVar("ResultT")


def earlier_result(last: FinishedRun | None, step: Step, result_type: type[ResultT]) -> ResultT | None:
    """Return the result of the last finished run; None without one, or if code, configuration or packages have changed since.

    Args:
        last: The last finished run; None if there is none.
        step: The step that works now.
        result_type: The type of its result.
    """
    if last is None or dict(last.definition) != dict(step.definition):
        return None
    return TypeAdapter(result_type).validate_json(last.result)


def standing_result(last: FinishedRun | None, step: Step, result_type: type[ResultT]) -> ResultT | None:
    """Return the result of `earlier_result`, if also everything that the step writes is as that run left it; else None."""
    result = earlier_result(last, step, result_type)
    return result if last and result is not None and dict(step.outputs()) == dict(last.outputs) else None
