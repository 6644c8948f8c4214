"""Let Java judge the patterns of a contract: what it refuses is a problem of the contract, with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.quality import Rule
from databricks_utils.quoting import literal
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_KEY = "pattern"


def refused_patterns(
    spark: SparkSession, table: Node, rules: Sequence[Rule]
) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
    """Return a line for each pattern that Java refuses, and the rules that remain.

    Args:
        spark: A session.
        table: The table in the tree of the contract's file.
        rules: The rules of the table.
    """
    patterns = dict(_patterns(table))
    used = [text for text in patterns if any(_is_of(rule, text) for rule in rules)]
    if not used or _accepts(spark, used):
        return (), tuple(rules)
    refused = [text for text in used if not _accepts(spark, [text])]
    lines = tuple(f"{patterns[text]}: Java refuses the pattern {text}" for text in refused)
    return lines, tuple(rule for rule in rules if not any(_is_of(rule, text) for text in refused))


def _patterns(node: Node) -> Iterator[tuple[str, str]]:
    for key, child in node.items():
        if key == _KEY and isinstance(child.value, str):
            yield child.value, str(child.origin)
        yield from _patterns(child)


def _is_of(rule: Rule, pattern: str) -> bool:
    return isinstance(rule.expression, str) and f"RLIKE {literal(pattern)}" in rule.expression


def _accepts(spark: SparkSession, patterns: Sequence[str]) -> bool:
    tests = [f"CAST(id AS STRING) RLIKE {literal(text)} AS t{at}" for at, text in enumerate(patterns)]
    try:
        spark.range(1).selectExpr(*tests).collect()
    except spark_failures():
        return False
    return True
