"""Check every row in one pass: add an array of its failed rules, and whether it is valid.

Writing the annotated rows once costs about half of two filtered writes, and a crash cannot separate the valid rows from
the invalid ones.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from databricks_utils.quality.rules import Rule, Severity, check_names

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FAILURES = "_failures"
VALID = "_valid"


def failures_type() -> str:
    """Return the SQL type of the column `_failures`, for a table's schema."""
    return "array<struct<rule:string,severity:string,reason:string>>"


def annotate(df: "DataFrame", rules: Sequence[Rule]) -> "DataFrame":
    """Add `_failures` and `_valid` to every row.

    Args:
        df: Any grain; no row is lost or added.
        rules: The rules to check; without rules every row is valid.

    Returns:
        `df` with `_failures` (array of `rule, severity, reason`, in the rules' order; empty if no rule failed) and
        `_valid` (boolean: no rule of severity `error` failed).

    Raises:
        DuplicateRuleError: Two rules share a name.
    """
    from pyspark.sql import functions as F

    check_names(rules)
    nothing = F.array().cast(failures_type())
    failed = [
        F.when(
            ~rule.holds(),
            F.struct(
                F.lit(rule.name).alias("rule"),
                F.lit(rule.severity.value).alias("severity"),
                F.lit(rule.reason).alias("reason"),
            ),
        )
        for rule in rules
    ]
    collected = F.array_compact(F.array(*failed)) if failed else nothing
    errors = F.exists(F.col(FAILURES), lambda failure: failure["severity"] == Severity.ERROR.value)
    return df.withColumn(FAILURES, collected.cast(failures_type())).withColumn(VALID, ~errors)


def summary(annotated: "DataFrame") -> "DataFrame":
    """Count the failures of annotated rows.

    Args:
        annotated: The result of `annotate`.

    Returns:
        Grain and key: one row for each failed rule; `rule` string, `severity` string, `reason` string, `failed_rows`
        bigint. Rules without a failure do not appear.
    """
    from pyspark.sql import functions as F

    failures = annotated.select(F.explode(FAILURES).alias("failure")).select("failure.*")
    return failures.groupBy("rule", "severity", "reason").agg(F.count("*").alias("failed_rows"))
