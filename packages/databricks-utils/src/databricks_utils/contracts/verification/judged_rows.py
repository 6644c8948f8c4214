"""Judge the rows of a table by its rules in one pass; of each rule that rows fail, their number and some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.contracts.verification.result import MASK, Example, RuleFailure
from databricks_utils.quality import FAILURES, Rule, RuleRefusedError, annotate, summary
from databricks_utils.quality.spark_sql.messages import is_refusal, message_of
from databricks_utils.quoting import literal, quote_part
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_EXAMPLES = 3
_LONGEST = 80
_AT_ONCE = 250  # rules of a query: thousands are slow to compile
_RULES_WITH_EXAMPLES = 50


@dataclass(frozen=True)
class Judged:
    """What a rule judges: a value of a column, as SQL."""

    column: str
    sql: str


@dataclass(frozen=True)
class Shown:
    """What of a row that fails is shown.

    Attributes:
        keys: The columns that identify a row.
        values: What each rule judges, by the rule's name; of another rule its own value is shown, if it has one.
        classified: Columns whose values are not shown.
    """

    keys: tuple[str, ...]
    values: Mapping[str, Judged]
    classified: frozenset[str]

    def key(self, name: str) -> str:
        """Return a column of the key as SQL for showing."""
        return cell(quote_part(name), masked=name in self.classified)

    def value(self, rule: Rule) -> str:
        """Return what a rule judges as SQL for showing."""
        if judged := self.values.get(rule.name):
            return cell(judged.sql, masked=judged.column in self.classified)
        return cell(rule.value, masked=rule.masked) if isinstance(rule.value, str) else literal(MASK)


def failures(
    frame: DataFrame, rules: Sequence[Rule], shown: Shown, *, rows: int
) -> tuple[tuple[RuleFailure, ...], tuple[str, ...]]:
    """Return the rules that rows fail, in the order of the rules, and a line for each rule that Spark cannot judge them by.

    Args:
        frame: The rows; any grain.
        rules: The rules.
        shown: What of a row may be shown.
        rows: The number of rows.
    """
    found, refused = dict[str, int](), list[str]()
    for start in range(0, len(rules), _AT_ONCE):
        found |= _counts(frame, rules[start : start + _AT_ONCE], refused)
    failed = [rule for rule in rules if rule.name in found]
    shown_of = failed[:_RULES_WITH_EXAMPLES]
    examples = _examples(annotate(frame, shown_of), shown_of, shown) if failed else {}
    failing = (
        RuleFailure(
            rule.name,
            rule.reason,
            found[rule.name],
            found[rule.name] / max(1, rows),
            _only_warns(rule, found[rule.name], rows),
            examples.get(rule.name, ()),
        )
        for rule in failed
    )
    return tuple(failing), tuple(refused)


def _only_warns(rule: Rule, failed: int, rows: int) -> bool:
    limit = rule.limit
    exceeded = limit is not None and not limit.only_warns and limit.is_exceeded(failed=failed, checked=rows)
    return rule.severity.keeps_the_row and not exceeded


def _counts(frame: DataFrame, rules: Sequence[Rule], refused: list[str]) -> dict[str, int]:
    """The number of rows that fail each rule; `refused` gets those that Spark cannot judge by, found by halves."""
    refusals: tuple[type[Exception], ...] = (RuleRefusedError, *spark_failures())
    try:
        return {row["rule"]: row["failed_rows"] for row in summary(annotate(frame, rules)).collect()}
    except refusals as error:
        if not isinstance(error, RuleRefusedError) and not is_refusal(error):
            raise
        if len(rules) > 1:
            half = len(rules) // 2
            first = _counts(frame, rules[:half], refused)
            return first | _counts(frame, rules[half:], refused)
        reason = error.detail if isinstance(error, RuleRefusedError) else message_of(error)
        refused.append(f"Spark cannot evaluate the rule `{rules[0].name}`: {reason}")
        return {}


def _examples(annotated: DataFrame, rules: Sequence[Rule], shown: Shown) -> dict[str, tuple[Example, ...]]:
    """The first rows of each rule, in one query; a masked value does not leave Spark."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    keys = [F.expr(shown.key(name)).alias(f"k{at}") for at, name in enumerate(shown.keys)]
    cases = " ".join(f"WHEN {literal(rule.name)} THEN {shown.value(rule)}" for rule in rules)
    names = [rule.name for rule in rules]
    exploded = annotated.select("*", F.explode(FAILURES).alias("__failure")).where(
        F.col("__failure.rule").isin(names)
    )
    cells = exploded.select(
        F.col("__failure.rule").alias("r"), *keys, F.expr(f"CASE __failure.rule {cases} END").alias("v")
    )
    order = [*(f"k{at}" for at in range(len(keys))), "v"]
    first = cells.withColumn("n", F.row_number().over(Window.partitionBy("r").orderBy(*order)))
    found: dict[str, list[Example]] = {}
    for row in first.where(F.col("n") <= _EXAMPLES).orderBy("r", "n").collect():
        values = {key: row[f"k{at}"] for at, key in enumerate(shown.keys)}
        found.setdefault(row["r"], []).append(Example(values, row["v"]))
    return {name: tuple(examples) for name, examples in found.items()}


def cell(sql: str, *, masked: bool) -> str:
    """Return a value as SQL for short text; stars in the place of a masked one."""
    return literal(MASK) if masked else f"coalesce(substr(CAST({sql} AS STRING), 1, {_LONGEST}), 'NULL')"
