"""The quarantine limit: the largest share of invalid rows that a step accepts; a larger one points to a broken source.

The project sets it for all tables (`quality.max_quarantined_share` of the configuration) and for one of them
(`Entity.max_quarantined_share`); a run can accept the rows once, whatever their share (`accept_quarantined`).
"""

from databricks_utils.quality.errors import QuarantineShareError


def quarantine_limit(own: float | None, *, configured: float, accepted: bool = False) -> float:
    """Return the limit that holds for a table, 0 to 1.

    Args:
        own: The table's own limit, 0 to 1; None if it has none.
        configured: The limit for all tables, 0 to 1.
        accepted: Whether the invalid rows are accepted in this run; then there is no limit.

    Example:
        >>> quarantine_limit(None, configured=0.1), quarantine_limit(0.02, configured=0.1)
        (0.1, 0.02)
        >>> quarantine_limit(0.02, configured=0.1, accepted=True)
        1.0
    """
    if accepted:
        return 1.0
    return configured if own is None else own


def is_share(value: float) -> bool:
    """Return whether a number can be a limit: it is from 0 to 1."""
    return 0 <= value <= 1


def assert_quarantine_share(
    *,
    table: str,
    rows: int,
    quarantined: int,
    maximum: float,
    fix: str = "look at `_failures` in the quarantine; correct the source or the rule, or allow a larger share",
) -> None:
    """Raise if too many rows are invalid.

    Args:
        table: The table of the rows, for the error.
        rows: Number of rows that were checked.
        quarantined: Number of invalid rows among them.
        maximum: The largest allowed share, 0 to 1.
        fix: The fix, for the error.

    Raises:
        QuarantineShareError: The share is larger.

    Example:
        >>> assert_quarantine_share(table="flights", rows=1000, quarantined=3, maximum=0.01)
    """
    if rows and quarantined / rows > maximum:
        raise QuarantineShareError(
            f"quality: {quarantined:,} of {rows:,} rows of {table} are invalid, {quarantined / rows:.1%}; "
            f"the limit is {maximum:.1%}",
            location=table,
            fix=fix,
        )
