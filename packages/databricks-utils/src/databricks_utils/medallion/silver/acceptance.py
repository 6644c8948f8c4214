"""Accept the records of new files into silver, unless too many of them are invalid."""

from databricks_utils.context import Context
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.silver.checked import Status
from databricks_utils.medallion.silver.judging import EntityTables
from databricks_utils.quality import assert_quarantine_share, quarantine_limit


def accept(
    context: Context, entity: Entity, status: Status, *, until: int, in_any_case: bool
) -> tuple[int, int]:
    """Return the number of pending records and of the invalid ones among them, if these are not too many.

    Args:
        context: The environment, with the general limit.
        entity: The entity; its own limit comes first.
        status: The state of its checked table.
        until: Files that were loaded until this moment count, in microseconds since 1970.
        in_any_case: Whether a person has accepted them, whatever their share.

    Raises:
        QuarantineShareError: The share of invalid records is above the limit, and nobody accepted it.
    """
    tables = EntityTables.of(context, entity)
    rows, invalid = status.pending_until(until)
    assert_quarantine_share(
        table=tables.silver,
        rows=rows,
        quarantined=invalid,
        maximum=quarantine_limit(
            entity.max_quarantined_share,
            configured=context.config.quality.max_quarantined_share,
            accepted=in_any_case,
        ),
        fix=f"look at `_failures` in {tables.quarantine}; deliver the files again, correct the rule, or\n"
        f"run the transformation once with accept_quarantined={entity.name}: silver then takes the valid ones",
    )
    return rows, invalid
