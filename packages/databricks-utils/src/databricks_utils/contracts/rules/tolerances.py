"""How many rows may break a check of the standard: `mustBe: 0`, `mustBeLessThan: 5` with `unit: percent`, and the like."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from databricks_utils.quality import Limit, Severity

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

OPERATORS = (
    *("mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo"),
    *("mustBeLessThan", "mustBeLessOrEqualTo", "mustBeBetween", "mustNotBeBetween"),
)
NONE = Limit(rows=0)
_PERCENT = ("percent", "%")
_ROWS = ("rows", "row")
_MOST = 100


def tolerance_of(given: "DataQuality") -> Limit | None:
    """Return how many rows may break a check; None if that is not what its operator says, e.g. `mustBeGreaterThan: 5`.

    `mustBeBetween` includes its ends, as in the standard's example; its text also calls it the equivalent of `mustBeGreaterThan` and
    `mustBeLessThan`, and then `[0, 0]` would never hold.

    Args:
        given: The check.
    """
    operators = [name for name in OPERATORS if getattr(given, name) is not None]
    unit = (given.unit or "rows").lower()
    if len(operators) != 1 or unit not in (*_PERCENT, *_ROWS):
        return None
    (operator,) = operators
    bound, reached = getattr(given, operator), operator == "mustBeLessThan"
    if operator == "mustBe":
        bound = bound if bound == 0 else None
    elif operator == "mustBeBetween":
        low, high = (*bound, None, None)[:2] if isinstance(bound, list) else (None, None)
        bound = high if _is_number(low) and low <= 0 else None
    elif operator not in {"mustBeLessThan", "mustBeLessOrEqualTo"}:
        return None
    if not _is_number(bound) or bound < 0 or (reached and bound == 0):
        return None
    if unit in _PERCENT and bound == 0:
        return NONE
    if unit in _PERCENT:
        return Limit(percent=bound, reached=reached) if bound <= _MOST else None
    rows = math.ceil(bound) - 1 if reached else math.floor(bound)
    return Limit(rows=rows)


def held_to(severity: Severity, tolerated: Limit | None) -> tuple[Severity, Limit | None]:
    """Return how severe it is if one row breaks a check, and how many may: rows that are tolerated are kept and marked.

    More than are tolerated are not accepted, or only a warning if the check only warns.

    Args:
        severity: How severe it is to break the check.
        tolerated: See `tolerance_of`.
    """
    if tolerated == NONE:
        return severity, None
    if tolerated is not None and severity.keeps_the_row:
        tolerated = replace(tolerated, only_warns=True)
    return Severity.WARNING, tolerated


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
