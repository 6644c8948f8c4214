"""Check every row in one pass: add an array of its failed rules, and whether it is valid.

Writing the annotated rows once costs about half of two filtered writes, and a crash cannot separate the valid rows from
the invalid ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from databricks_utils.quality.errors import RuleRefusedError
from databricks_utils.quality.failure_columns import (
    FAILURES,
    VALID,
    Condition,
    failures_type,
    with_failures,
)
from databricks_utils.quality.rules import Rule, check_names
from databricks_utils.quality.several_rows.columns import Marks
from databricks_utils.quality.several_rows.group import Group, group_marks
from databricks_utils.quality.several_rows.reference import Reference
from databricks_utils.quality.several_rows.unique import Unique
from databricks_utils.quality.spark_sql.messages import message_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

AnyRule = Rule | Unique | Reference | Group
"""A rule about rows, of any kind."""

__all__ = ["FAILURES", "VALID", "AnyRule", "annotate", "check_columns", "failures_type", "summary"]


def annotate(
    df: DataFrame, rules: Sequence[AnyRule], *, tables: Mapping[str, DataFrame] | None = None
) -> DataFrame:
    """Add `_failures` and `_valid` to every row.

    Rules of the kind `Rule` alone cost one pass without a shuffle. `Unique` and `Group` read their columns of `df` once more, so `df` must
    give the same rows each time that it is read. Nothing is evaluated here, so it also works in a declarative pipeline.

    Args:
        df: Any grain; no row is lost or added.
        rules: The rules to check; without rules every row is valid.
        tables: The tables that rules name: those of `Reference.to` and `Unique.existing`.

    Returns:
        `df` with `_failures` (array of `rule, severity, reason, value`, all string, in the rules' order; empty if no rule failed) and
        `_valid` (boolean: no rule of severity `error` or `fail` failed).

    Raises:
        DuplicateRuleError: Two rules share a name.
        MissingTableError: A rule names a table that is not in `tables`.
        RuleRefusedError: Spark cannot evaluate a rule on these rows. Over Connect Spark says so when the rows are read;
            `check_columns` says it before.
    """
    from pyspark.errors import AnalysisException, ParseException

    check_names(rules)
    try:
        return _annotated(df, rules, tables or {})
    except (AnalysisException, ParseException) as error:
        check_columns(df, rules, tables=tables)
        # What Spark refused a moment ago and takes now, such as a table that was being replaced.
        raise _refused_together(error) from None


def check_columns(
    df: DataFrame, rules: Sequence[AnyRule], *, tables: Mapping[str, DataFrame] | None = None
) -> None:
    """Check that Spark can evaluate each rule on some rows, without reading them.

    Args:
        df: The rows.
        rules: The rules.
        tables: The tables that rules name.

    Raises:
        RuleRefusedError: It cannot; the error names the rule, and Spark's reason.
        MissingTableError: A rule names a table that is not in `tables`.
    """
    from pyspark.errors import AnalysisException, ParseException

    try:
        _ = _annotated(df, rules, tables or {}).schema
    except (AnalysisException, ParseException) as together:
        for rule in rules:
            try:
                _ = _annotated(df, [rule], tables or {}).schema
            except (AnalysisException, ParseException) as error:
                raise RuleRefusedError(
                    f"quality: Spark cannot evaluate the rule `{rule.name}`",
                    detail=message_of(error),
                    fix="correct its SQL and the names of its columns, or add the column to the rows",
                ) from None
        raise _refused_together(together) from None
    for rule in rules:
        if isinstance(rule, Unique | Reference):
            rule.check_types(df, tables or {})


def _refused_together(error: Exception) -> RuleRefusedError:
    return RuleRefusedError(
        "quality: Spark cannot evaluate the rules together",
        detail=message_of(error),
        fix="give the columns of the rows names that no rule's own columns have (`_quality…`)",
    )


def _annotated(df: DataFrame, rules: Sequence[AnyRule], tables: Mapping[str, DataFrame]) -> DataFrame:
    flags = {rule.name: f"_quality_rule_{place}" for place, rule in enumerate(rules)}
    marked = df
    for marks in _marks(df, rules, flags, tables):
        marked = marks.joined_to(marked)
    conditions = [
        Condition(rule.expression, rule.name, rule.severity, rule.reason, rule.value, masked=rule.masked)
        if isinstance(rule, Rule)
        else rule.condition(flags[rule.name])
        for rule in rules
    ]
    added = [
        name
        for rule in rules
        if not isinstance(rule, Rule)
        for name in (flags[rule.name], f"{flags[rule.name]}_value")
    ]
    return with_failures(marked, conditions).drop(*added)


def _marks(
    df: DataFrame,
    rules: Sequence[AnyRule],
    flags: Mapping[str, str],
    tables: Mapping[str, DataFrame],
) -> Iterator[Marks]:
    """Yield what the rules over several rows say; rules that group by the same columns share one aggregate."""
    together: dict[object, list[tuple[Group, str]]] = {}
    for rule in rules:
        flag = flags[rule.name]
        if isinstance(rule, Group):
            by_name = all(isinstance(item, str) for item in rule.by)
            together.setdefault(rule.by if by_name else flag, []).append((rule, flag))
        elif not isinstance(rule, Rule):
            yield rule.marks(df, flag, tables)
    for groups in together.values():
        yield group_marks(df, groups)


def summary(annotated: DataFrame) -> DataFrame:
    """Count the failures of annotated rows.

    Args:
        annotated: The result of `annotate`.

    Returns:
        Grain and key: one row for each failed rule; `rule` string, `severity` string, `reason` string, `failed_rows`
        bigint. Rules without a failure do not appear; `counts` has them.
    """
    from pyspark.sql import functions as F

    failures = annotated.select(F.explode(FAILURES).alias("failure")).select("failure.*")
    return failures.groupBy("rule", "severity", "reason").agg(F.count("*").alias("failed_rows"))
