"""Guard a derived table: a row that fails a rule stops its writing, in the same pass and before the commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from typing import TYPE_CHECKING

from databricks_utils.medallion.errors import BrokenPromiseError
from databricks_utils.quality import Rule, Severity
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_MARK, _END = "a row breaks the rule `", "`:"


def guarded(rows: DataFrame, rules: Sequence[Rule]) -> DataFrame:
    """Return the same rows, which cannot be computed if one of them fails a rule.

    Args:
        rows: Any grain.
        rules: The rules; warnings do not count.
    """
    from pyspark.sql import functions as F

    counted = [rule for rule in rules if rule.severity is not Severity.WARNING]
    if not counted:
        return rows
    first, *_ = rows.columns
    holds = reduce(lambda one, other: one & other, (rule.holds() for rule in counted))
    broken = F.coalesce(
        *(F.when(~rule.holds(), F.lit(f"{_MARK}{rule.name}{_END} {rule.reason}")) for rule in counted)
    )
    # The first column is written, so that Spark cannot leave the condition out.
    return rows.withColumn(first, F.when(holds, F.col(f"`{first}`")).otherwise(F.raise_error(broken)))


@contextmanager
def guarding(table: str, rules: Sequence[Rule], *, contract: str, location: str) -> Iterator[None]:
    """Raise a readable error if a guarded table was not written because of a row.

    Args:
        table: The table.
        rules: Its rules.
        contract: The contract that promises them; empty if none does.
        location: The function that makes the rows.

    Raises:
        BrokenPromiseError: A row failed a rule.
    """
    try:
        yield
    except spark_failures() as error:
        text = str(error)
        rule = next((rule for rule in rules if f"{_MARK}{rule.name}{_END}" in text), None)
        if rule is None:
            raise
        raise BrokenPromiseError(
            f"{table} was not written: a row breaks `{rule.name}`: {rule.reason}",
            detail=f"a row is right if: {rule.expression}",
            location=location,
            fix=f"correct the function, or the rule{f' in the contract {contract}' if contract else ''}",
        ) from error
