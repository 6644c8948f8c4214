"""Check whole tables after they were written: the checks of entities and derived tables, recorded before one stops the step."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.declaring.declarations import Derived, Entity
from databricks_utils.medallion.declaring.stages import Asked
from databricks_utils.medallion.errors import DeclarationError
from databricks_utils.medallion.silver.definition import define, digest_of_checks
from databricks_utils.medallion.warnings_of_checks import Warnings
from databricks_utils.moments import as_micros
from databricks_utils.nearest import choose_from
from databricks_utils.quality import (
    AnyCheck,
    CheckFailedError,
    CheckResult,
    Outcome,
    QualityError,
    Query,
    Severity,
    depends_on_time,
    run_checks,
)
from databricks_utils.quality.checks.placeholders import placeholders
from databricks_utils.quality.checks.running import RESERVED
from databricks_utils.quality.metrics import TABLE as METRICS
from databricks_utils.quality.metrics import Measurement, record_metrics

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_AT_A_TIME = 4
_FIX = (
    "correct the tables or what they are made from, and run again; if the data are right, change the bounds,\n"
    "or the severity to `warning`"
)


def asked_of(declared: Iterable[Entity | Derived], *, only_of_time: bool = False) -> tuple[Asked, ...]:
    """Return the checks of tables.

    Args:
        declared: The tables.
        only_of_time: Only the checks whose result depends on the time, such as freshness: the tables have not changed.
    """
    return tuple(
        Asked(item, tuple(check for check in item.checks if depends_on_time(check) or not only_of_time))
        for item in declared
    )


def check_tables(
    spark: SparkSession,
    context: Context,
    asked: Sequence[Asked],
    *,
    others: Sequence[Entity | Derived],
    now: datetime | None = None,
) -> Warnings:
    """Run the checks of tables and record what they measure in `ops.quality_metrics`.

    Args:
        spark: A session that may read the tables, and write ops.
        context: The environment.
        asked: The tables and their checks; a table without checks costs nothing.
        others: All tables that queries may name.
        now: The time of the checks, by default the present; without a time zone it is in UTC.

    Returns:
        What the checks found that only warn; also that Spark cannot evaluate a check that only warns.

    Raises:
        CheckFailedError: A check of severity `fail` found its number out of bounds, or Spark cannot evaluate it; the error names all
            of them.
    """
    wanted = [each for each in asked if each.checks]
    if not wanted:
        return Warnings()
    moment = now or datetime.now(UTC)
    names = {item.name: full_name(context, item) for item in others if item.name not in RESERVED}

    def run(each: Asked) -> _Checked:
        item, checks = each.table, each.checks
        name, started = full_name(context, item), time.monotonic()
        found, refused = _results(spark.table(name), checks, names, moment)
        seconds, digest = time.monotonic() - started, define(item).digest if isinstance(item, Entity) else ""
        measured = Measurement(
            *(name, (), seconds, ", ".join(item.contracts), digest),
            checks=found,
            declared=digest_of_checks(item.checks),
        )
        places = item.promises.places if item.promises else {}
        return _Checked(measured, {check.name: check for check in checks}, refused, places)

    with ThreadPoolExecutor(max_workers=_AT_A_TIME) as pool:
        done = list(pool.map(run, wanted))
    record_metrics(
        spark,
        context.table("ops", METRICS),
        [each.measured for each in done],
        run_id=context.run_id,
        git_sha=context.git_sha,
        measured_at=as_micros(moment),
    )
    _raise_failed([each for each in done if each.failed])
    return Warnings.together(each.warnings for each in done)


@dataclass(frozen=True)
class _Checked:
    """What the checks of one table found.

    Attributes:
        measured: Their numbers; of a check that Spark cannot evaluate none.
        checks: The checks by name.
        refused: Name of a check that Spark cannot evaluate → its error.
        places: Check → `file:line` of the contract; without those that no contract has.
    """

    measured: Measurement
    checks: Mapping[str, AnyCheck]
    refused: Mapping[str, QualityError]
    places: Mapping[str, str]

    @property
    def failed(self) -> dict[str, str]:
        """Name of a check that stops → what is wrong."""
        return {
            name: line for name, line in self._lines() if self.checks[name].severity is not Severity.WARNING
        }

    @property
    def warnings(self) -> Warnings:
        found = [
            (name, line) for name, line in self._lines() if self.checks[name].severity is Severity.WARNING
        ]
        of_time = {name for name, _ in found if depends_on_time(self.checks[name])}
        lasting = tuple(line for name, line in found if name not in of_time)
        return Warnings(lasting, tuple(line for name, line in found if name in of_time))

    def _lines(self) -> Iterator[tuple[str, str]]:
        for result in self.measured.checks:
            if result.outcome is not Outcome.PASSED and result.check not in self.refused:
                yield result.check, f"{self.measured.table}: {result}"
        for name, error in self.refused.items():
            yield name, f"{self.measured.table}: {': '.join(filter(None, (error.summary, error.detail)))}"


def _results(
    table: DataFrame, checks: Sequence[AnyCheck], tables: Mapping[str, str], now: datetime
) -> tuple[tuple[CheckResult, ...], dict[str, QualityError]]:
    """Run checks together; if Spark refuses one, each by itself. One that is refused has a result without a value."""
    started = time.monotonic()
    try:
        return run_checks(table, checks, tables=tables, now=now), {}
    except QualityError as error:
        if len(checks) == 1:
            return (_without_value(checks[0], time.monotonic() - started),), {checks[0].name: error}
    each = [_results(table, [check], tables, now) for check in checks]
    refused = {name: error for _, errors in each for name, error in errors.items()}
    return tuple(result for found, _ in each for result in found), refused


def _without_value(check: AnyCheck, seconds: float) -> CheckResult:
    outcome = Outcome.WARNED if check.severity is Severity.WARNING else Outcome.STOPPED
    return CheckResult(
        *(check.name, check.kind, check.severity, check.reason, None, check.at_least, check.at_most),
        *(outcome, seconds, check.more_than, check.less_than),
    )


def check_queries(entities: Sequence[Entity], derived: Sequence[Derived]) -> None:
    """Check that the queries of all tables name tables that are declared; those of entities, tables that are made before.

    Raises:
        DeclarationError: One names another table.
    """
    made = {entity.name for entity in entities}
    every = made | {table.name for table in derived}
    declared: list[Entity | Derived] = [*entities, *derived]
    for item in declared:
        known = made if isinstance(item, Entity) else every
        for check in item.checks:
            named = placeholders(check.sql, rule=check.name) if isinstance(check, Query) else []
            if unknown := [name for name in named if name not in known | RESERVED]:
                raise DeclarationError(
                    f"`{item.name}`: the check `{check.name}` names `{{{unknown[0]}}}`, which is no table that is made before it",
                    fix=choose_from(unknown[0], known) or "name an entity or a derived table",
                )


def full_name(context: Context, item: Entity | Derived) -> str:
    """Return the three-part name of a declared table."""
    return context.table("silver" if isinstance(item, Entity) else item.layer, item.name)


def _raise_failed(found: Sequence[_Checked]) -> None:
    if not found:
        return
    lines = [line for each in found for line in each.failed.values()]
    places = [each.places.get(name, each.measured.table) for each in found for name in each.failed]
    refused = [
        error.fix or "" for each in found for name, error in each.refused.items() if name in each.failed
    ]
    words = "a check fails" if len(lines) == 1 else f"{len(lines)} checks fail"
    raise CheckFailedError(
        f"quality: {words}; nothing is made of the checked tables",
        detail="\n".join(lines),
        location=", ".join(dict.fromkeys(places)),
        fix="\n".join(
            filter(None, dict.fromkeys([*([_FIX] if len(refused) < len(lines) else []), *refused]))
        ),
    )
