"""Guard a derived table: a row that fails a rule stops its writing, in the same pass and before the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from typing import TYPE_CHECKING

from databricks_utils.medallion.errors import BrokenPromiseError
from databricks_utils.quality import Rule, annotate, summary
from databricks_utils.quoting import quote_part
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def guarded(rows: DataFrame, rules: Sequence[Rule]) -> DataFrame:
    """Return the same rows, which cannot be computed if one of them fails a rule.

    Args:
        rows: Any grain.
        rules: The rules; warnings do not count.
    """
    from pyspark.sql import functions as F

    holding = [rule.holds() for rule in _stopping(rules)]
    if not holding:
        return rows
    first, *_ = rows.columns
    holds = reduce(lambda one, other: one & other, holding)
    broken = F.raise_error(F.lit("a row of a derived table breaks a rule"))
    # The first column is written, so that Spark cannot leave the condition out.
    return rows.withColumn(first, F.when(holds, F.col(quote_part(first))).otherwise(broken))


@contextmanager
def guarding(
    table: str, rules: Sequence[Rule], rows: Callable[[], DataFrame], *, contract: str, location: str
) -> Iterator[None]:
    """Raise a readable error if a guarded table was not written because of its rows.

    Args:
        table: The table.
        rules: Its rules.
        rows: Returns its rows, not guarded; they are computed once more if the table was not written.
        contract: The contract that promises the rules; empty if none does.
        location: The function that makes the rows.

    Raises:
        BrokenPromiseError: Rows fail rules.
    """
    try:
        yield
    except spark_failures() as error:
        stopping = _stopping(rules)
        failed = summary(annotate(rows(), stopping)).collect() if stopping else []
        if not failed:
            raise
        raise BrokenPromiseError(
            f"{table} was not written: its rows break {len(failed)} rule{'s' if len(failed) > 1 else ''}",
            detail="\n".join(
                sorted(f"{row['rule']}: {row['failed_rows']:,} rows: {row['reason']}" for row in failed)
            ),
            location=location,
            fix=f"correct the function, or the rule{f' in the contract {contract}' if contract else ''}",
        ) from error


def _stopping(rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if not rule.severity.keeps_the_row]
