"""Accept the records of new files into silver, unless too many of them fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from databricks_utils.context import Context
from databricks_utils.medallion.bronze.deliveries import Replaced
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.silver.checked import Pending, Status, between
from databricks_utils.medallion.silver.judging import EntityTables
from databricks_utils.quality import (
    RuleCount,
    assert_limits,
    assert_quarantine_share,
    counts,
    quarantine_limit,
)

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_NOT_REBUILT = "silver stays as it was, and the next transformation rebuilds it"


class Accepted(NamedTuple):
    """The records of new files that were accepted.

    Attributes:
        rows: Their number.
        invalid: The invalid ones among them, which stay in quarantine.
        failed: Rule → the records that fail it; without rules that none fails.
    """

    rows: int = 0
    invalid: int = 0
    failed: Mapping[str, int] = MappingProxyType({})


NOTHING = Accepted()


def count_pending(checked: DataFrame, entity: Entity, status: Status, *, until: int) -> tuple[RuleCount, ...]:
    """Return how many of the pending records fail each rule; nothing if none is pending.

    Args:
        checked: The rows of the checked table.
        entity: The entity.
        status: The table's state.
        until: See `accept`.
    """
    pending = status.last_until(until)
    if not pending:
        return ()
    first = min(file.ingested for file in pending)
    rows = between(checked, "_ingested_at", first, until)
    if earlier := _replaced(pending, status):
        rows = rows.where(f"NOT {earlier.condition()}")
    return counts(rows, entity.all_rules)


def accept(  # noqa: PLR0913 - the records, and what they are held to
    context: Context,
    entity: Entity,
    status: Status,
    counted: Sequence[RuleCount],
    *,
    until: int,
    in_any_case: bool,
    rebuilds: bool = False,
) -> Accepted:
    """Return what is pending, if not too many of the records fail.

    Args:
        context: The environment, with the general limit.
        entity: The entity; its own limit comes first.
        status: The state of its checked table.
        counted: How many of the pending records fail each rule.
        until: Files that were loaded until this moment count, in microseconds since 1970.
        in_any_case: Whether a person has accepted them, whatever their share.
        rebuilds: Whether they are judged again to replace silver.

    Raises:
        QuarantineShareError: The share of invalid records is above the limit, and nobody accepted it.
        LimitExceededError: More records fail a rule than may, and nobody accepted it.
    """
    tables = EntityTables.of(context, entity)
    rows, invalid = status.pending_until(until)
    fix = (
        f"look at `_failures` in {tables.quarantine}; deliver the files again, correct the rule, or\n"
        f"run the transformation once with accept_quarantined={entity.name}: silver then takes the valid ones"
    )
    if not in_any_case:
        consequence = _NOT_REBUILT if rebuilds else "nothing of the delivery is accepted"
        assert_limits(counted, table=tables.silver, fix=fix, consequence=consequence)
    assert_quarantine_share(
        table=tables.silver,
        rows=rows,
        quarantined=invalid,
        maximum=quarantine_limit(
            entity.max_quarantined_share,
            configured=context.config.quality.max_quarantined_share,
            accepted=in_any_case,
        ),
        fix=fix,
    )
    return Accepted(rows, invalid, {count.rule: count.failed for count in counted if count.failed})


def _replaced(pending: Sequence[Pending], status: Status) -> Replaced:
    """The pending files that were delivered several times, and their last deliveries."""
    times = Counter(file.file for file in status.pending)
    return Replaced({file.file: file.ingested for file in pending if times[file.file] > 1})
