"""Condition tasks: two operands, one operator, "true" or "false".

Source: https://docs.databricks.com/aws/en/jobs/if-else
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import RunnerError
from lakewright.runner.record.result import Standing, Status, TaskResult
from lakewright.runner.values.references import resolve, values_in
from lakewright.runner.values.scope import Scope
from lakewright.runner.values.text_form import text

_TEXT: dict[str, Callable[[str, str], bool]] = {"EQUAL_TO": operator.eq, "NOT_EQUAL": operator.ne}
_NUMBERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "GREATER_THAN": operator.gt,
    "GREATER_THAN_OR_EQUAL": operator.ge,
    "LESS_THAN": operator.lt,
    "LESS_THAN_OR_EQUAL": operator.le,
}


class ConditionError(RunnerError, ValueError):
    """Raised when a condition task compares values that cannot be compared."""


def run_condition(body: Mapping[str, Any], scope: Scope, *, location: str) -> TaskResult:
    """The result of a condition task.

    Args:
        body: The content of `condition_task`.
        scope: The values of its references.
        location: Where it is written, for errors.

    Raises:
        ConditionError: The operator is unknown, an operand of an ordering is not a number, or the value of a
            reference is neither text, a number nor a boolean.
        ReferenceConfigError: A reference has no value.
    """
    left, right = (_operand(body.get(side, ""), scope, location) for side in ("left", "right"))
    op = str(body.get("op") or "")
    outcome = "true" if evaluate(op, left, right, location=location) else "false"
    return TaskResult(
        Status.SUCCESS, Standing.SUCCEEDED, outcome=outcome, notes=(f"{left} {op} {right}: {outcome}",)
    )


def evaluate(op: str, left: str, right: str, *, location: str | None = None) -> bool:
    """Compare as a condition task does: equality on strings, order on numbers.

    So `12.0 EQUAL_TO 12` is false and `12.0 GREATER_THAN_OR_EQUAL 12` is true.

    Raises:
        ConditionError: The operator is unknown, or an operand of an ordering is not a number.
    """
    if op in _TEXT:
        return _TEXT[op](left, right)
    if op not in _NUMBERS:
        raise ConditionError(
            f"a condition task has no operator `{op}`",
            location=location,
            fix=choose_from(op, [*_TEXT, *_NUMBERS]),
        )
    return _NUMBERS[op](_number(left, op, location), _number(right, op, location))


def _operand(value: Any, scope: Scope, location: str) -> str:
    """An operand as text; on Databricks, too, a value such as a list fails the condition."""
    written = text(value)
    for reference, found in values_in(written, scope, location=location):
        if not isinstance(found, str | int | float | bool):
            raise ConditionError(
                f"`{reference}` is {_kind_of(found)}, which a condition cannot compare",
                detail="a condition compares text, numbers and booleans",
                location=location,
                fix="compare one value of it, or set a task value that is text, a number or a boolean",
            )
    return str(resolve(written, scope, location=location))


def _kind_of(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    return "a mapping" if isinstance(value, Mapping) else "empty"


def _number(value: str, op: str, location: str | None) -> Decimal:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ConditionError(
            f"`{op}` compares numbers, and `{value}` is not one",
            location=location,
            fix="use EQUAL_TO or NOT_EQUAL for text, or give it a number",
        )
    return number
