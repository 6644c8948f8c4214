"""Report what a transformation did to the record of the run."""

from __future__ import annotations

from collections.abc import Sequence

from databricks_utils.medallion.accounting import Account
from databricks_utils.medallion.silver.refined import Refined
from databricks_utils.observability import report_accounting, report_rows


def report_accounts(accounts: Sequence[Account]) -> None:
    """Report the numbers of records of some entities."""
    for item in accounts:
        report_accounting(item.source, **item.counts())


def report_refined(refined: list[Refined]) -> list[Refined]:
    """Report the judged and the valid records, and the tables; return the same results."""
    judged = sum(item.judged for item in refined)
    valid = judged - sum(item.quarantined for item in refined)
    report_rows(rows_in=judged, rows_out=valid, tables=[item.table for item in refined])
    return refined
