"""Check whole tables after they were written: the checks of entities and derived tables, recorded before one stops the step."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.declaring.declarations import Derived, Entity
from databricks_utils.medallion.silver.definition import define
from databricks_utils.moments import as_micros
from databricks_utils.quality import (
    AnyCheck,
    CheckFailedError,
    CheckResult,
    Outcome,
    depends_on_time,
    run_checks,
)
from databricks_utils.quality.checks.running import RESERVED
from databricks_utils.quality.metrics import TABLE as METRICS
from databricks_utils.quality.metrics import Measurement, record_metrics

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_AT_A_TIME = 4


def check_tables(  # noqa: PLR0913 - the tables, and what they are checked by
    spark: SparkSession,
    context: Context,
    declared: Sequence[Entity | Derived],
    *,
    others: Sequence[Entity | Derived],
    now: datetime | None = None,
    only_of_time: bool = False,
) -> tuple[str, ...]:
    """Run the checks of tables and record what they measure in `ops.quality_metrics`.

    Args:
        spark: A session that may read the tables, and write ops.
        context: The environment.
        declared: The tables; those without checks cost nothing.
        others: All tables that queries may name.
        now: The time of the checks, by default the present; without a time zone it is in UTC.
        only_of_time: Run only those whose result depends on the time, such as freshness: the tables have not changed.

    Returns:
        What the checks found that only warn, one line each.

    Raises:
        CheckFailedError: A check of severity `fail` found its number out of bounds; the error names all of them.
        RuleRefusedError: Spark cannot evaluate a check.
    """
    wanted = [(item, checks) for item in declared if (checks := _checks(item, only_of_time=only_of_time))]
    if not wanted:
        return ()
    moment = now or datetime.now(UTC)
    names = {item.name: full_name(context, item) for item in others if item.name not in RESERVED}

    def measure(asked: tuple[Entity | Derived, Sequence[AnyCheck]]) -> Measurement:
        item, checks = asked
        name, started = full_name(context, item), time.monotonic()
        found = run_checks(spark.table(name), checks, tables=names, now=moment)
        digest = define(item).digest if isinstance(item, Entity) else ""
        return Measurement(
            name, (), time.monotonic() - started, ", ".join(item.contracts), digest, checks=found
        )

    with ThreadPoolExecutor(max_workers=_AT_A_TIME) as pool:
        measured = list(pool.map(measure, wanted))
    record_metrics(
        spark,
        context.table("ops", METRICS),
        measured,
        run_id=context.run_id,
        git_sha=context.git_sha,
        measured_at=as_micros(moment),
    )
    results = {each.table: each.checks for each in measured}
    _raise_failed(results)
    return tuple(
        f"{table}: {result}"
        for table, found in results.items()
        for result in found
        if result.outcome is Outcome.WARNED
    )


def full_name(context: Context, item: Entity | Derived) -> str:
    """Return the three-part name of a declared table."""
    return context.table("silver" if isinstance(item, Entity) else item.layer, item.name)


def _checks(item: Entity | Derived, *, only_of_time: bool) -> list[AnyCheck]:
    return [check for check in item.checks if depends_on_time(check) or not only_of_time]


def _raise_failed(results: Mapping[str, Sequence[CheckResult]]) -> None:
    failed = {
        table: [result for result in found if result.outcome is Outcome.STOPPED]
        for table, found in results.items()
    }
    failed = {table: found for table, found in failed.items() if found}
    if failed:
        number = sum(map(len, failed.values()))
        raise CheckFailedError(
            f"quality: {'a check fails' if number == 1 else f'{number} checks fail'}; nothing is made of the checked tables",
            detail="\n".join(f"{table}: {result}" for table, found in failed.items() for result in found),
            location=", ".join(failed),
            fix="correct the tables or what they are made from, and run again; if the data are right, change the bounds,\n"
            "or the severity to `warning`",
        )
