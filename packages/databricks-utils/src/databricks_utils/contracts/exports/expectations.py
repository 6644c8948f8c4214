"""The rules of a table as expectations of a declarative pipeline on Databricks, in Python and in SQL.

Source: the reference of `@dp.expect_all_or_drop` and of `CONSTRAINT … EXPECT … ON VIOLATION`. What an expectation does with a
condition that is NULL is not documented; here none is. A condition has no subquery. Open-source Spark has no expectations.
"""

import re
from collections.abc import Mapping, Sequence

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.exports.check_conditions import has_subquery
from databricks_utils.contracts.exports.comments import comment, head, not_exported
from databricks_utils.contracts.exports.promises import limits_of, lines, promises_of
from databricks_utils.contracts.parts import TableParts, relations_of
from databricks_utils.quality import Rule, Severity

# The decorator and the clause for a severity.
_DECORATORS: Mapping[Severity, str] = {
    Severity.FAIL: "expect_all_or_fail",
    Severity.ERROR: "expect_all_or_drop",
    Severity.WARNING: "expect_all",
}
_CLAUSES: Mapping[Severity, str] = {
    Severity.FAIL: " ON VIOLATION FAIL UPDATE",
    Severity.ERROR: " ON VIOLATION DROP ROW",
    Severity.WARNING: "",
}


def expectations(contract: Contract, table: TableParts) -> str:
    """Return a Python module: a dictionary of expectations for each severity, and how to use it.

    Args:
        contract: The contract.
        table: One of its tables.
    """
    slug = re.sub(r"\W+", "_", table.table.name, flags=re.ASCII).strip("_").upper()
    names = {severity: f"{slug or 'TABLE'}_{severity.name}S" for severity in Severity}
    parts = [head(contract, "#", table)]
    for severity, rules in _by_severity(table).items():
        entries = (f"    {rule.name!r}: {_condition(rule)!r}," for rule in rules)
        parts += [f"{_identifier(names[severity])} = {{", *entries, "}", ""]
    used = [
        f"@dp.{_DECORATORS[severity]}({_identifier(names[severity])})" for severity in _by_severity(table)
    ]
    if used:
        example = ("from pyspark import pipelines as dp", "@dp.table", *used, "def …")
        parts += ["# To be used so:", *(comment(f"    {line}", "#") for line in example)]
    return "\n".join([*parts, *_missing(contract, table, "#")])


def _identifier(name: str) -> str:
    return name if name.isidentifier() else f"TABLE_{name}"


def expectations_sql(contract: Contract, table: TableParts) -> str:
    """Return the clauses for the column list of `CREATE STREAMING TABLE` or `CREATE MATERIALIZED VIEW`.

    Args:
        contract: The contract.
        table: One of its tables.
    """
    clauses = [
        f"CONSTRAINT {rule.name} EXPECT ({_condition(rule)}){_CLAUSES[rule.severity]}"
        for rule in table.table.rules
        if _why_not(rule) is None
    ]
    return "\n".join([head(contract, "--", table), ",\n".join(clauses), *_missing(contract, table, "--")])


def _condition(rule: Rule) -> str:
    """The condition, which is false where the rule's is NULL."""
    return f"coalesce({rule.expression}, false)"


def _why_not(rule: Rule) -> str | None:
    """Why a rule can be no expectation; None if it can."""
    if not isinstance(rule.expression, str):
        return "it is no SQL text"
    return "an expectation has no subquery" if has_subquery(rule.expression) else None


def _by_severity(table: TableParts) -> dict[Severity, list[Rule]]:
    rules = [rule for rule in table.table.rules if _why_not(rule) is None]
    found = {severity: [rule for rule in rules if rule.severity is severity] for severity in Severity}
    return {severity: own for severity, own in found.items() if own}


def _missing(contract: Contract, table: TableParts, sign: str) -> Sequence[str]:
    promises = promises_of(contract, table, relations_of([contract]))
    left = [promise for promise in promises if not promise.has_rule]
    others = [f"{rule.reason}: {why}" for rule in table.table.rules if (why := _why_not(rule))]
    return list(not_exported((*others, *limits_of(table), *lines(left)), sign))
