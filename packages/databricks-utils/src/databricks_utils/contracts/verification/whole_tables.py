"""Check what a contract promises of a whole table, and that its rows refer to rows of other tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from databricks_utils.contracts.verification.result import CheckFailure
from databricks_utils.quality import (
    AnyCheck,
    MissingTableError,
    Outcome,
    Reference,
    RuleDeclarationError,
    RuleRefusedError,
    Severity,
    run_checks,
)

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Refers:
    """What the rows of a table refer to.

    Attributes:
        rules: Its relationships.
        tables: Name → full name of the tables that these and queries name.
    """

    rules: tuple[Reference, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)


def failing_checks(
    frame: DataFrame, checks: Sequence[AnyCheck], tables: Mapping[str, str]
) -> tuple[tuple[CheckFailure, ...], tuple[str, ...]]:
    """Return the checks that fail, and what is wrong with those that cannot be executed, one line each.

    Args:
        frame: The rows.
        checks: The checks; each is executed alone, so that one that Spark refuses hides no other.
        tables: Name → full name of the tables that queries may name.
    """
    failed, problems = list[CheckFailure](), list[str]()
    for check in checks:
        try:
            (result,) = run_checks(frame, [check], tables=tables)
        except (MissingTableError, RuleDeclarationError, RuleRefusedError) as error:
            problems.append(": ".join(filter(None, (error.summary, error.detail))))
            continue
        if result.outcome is not Outcome.PASSED:
            failed.append(CheckFailure(check.name, str(result), check.severity is Severity.WARNING))
    return tuple(failed), tuple(problems)
