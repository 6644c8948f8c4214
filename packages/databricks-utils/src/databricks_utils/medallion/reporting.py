"""Report what a transformation did to the record of the run."""

from __future__ import annotations

from collections.abc import Sequence

from databricks_utils.medallion.accounting import Account
from databricks_utils.medallion.silver.refined import Refined
from databricks_utils.observability import report_accounting, report_rows
from databricks_utils.quality import CheckFailedError


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


def note_refined(error: CheckFailedError, done: Sequence[Refined]) -> None:
    """Note in the error of a failed check which records were judged, and where they are: a check does not take them back."""
    for item in done:
        if item.judged:
            arrived = f", and {item.arrived:,} records arrived from there" if item.arrived else ""
            error.add_note(
                f"{item.table}: {item.judged:,} records were judged; {item.quarantined:,} of them are in quarantine{arrived}"
            )
