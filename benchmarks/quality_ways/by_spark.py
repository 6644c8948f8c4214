"""Ours, and what a person writes by hand in Spark: one annotated write, or two filtered ones.

Where ours records the offending value too, the others do.
"""

from dataclasses import fields
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from databricks_utils import quality
from databricks_utils.quality import FAILURES, VALID, Rule, annotate, failures_type
from quality_ways.checks import FOREIGN_KEY, UNIQUE, Check
from quality_ways.task import Outcome, Task, Way

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_DUPLICATE, _ORPHAN = "_duplicate", "_orphan"
RECORDS_VALUE = "value:" in failures_type()
_HAS_KEYS = hasattr(quality, "Unique")  # not yet in every version
_TAKES_VALUE = "value" in {field.name for field in fields(Rule)}
KEY_RULES = {_DUPLICATE: "order_is_unique", _ORPHAN: "customer_is_known"}


def ours(task: Task) -> None:
    """Annotate with the library, and write once."""
    rules: list[Any] = [_rule(check) for check in task.checks]
    orders = _read(task)
    if not task.keys:
        _write(annotate(orders, rules), task)
    elif _HAS_KEYS:
        _write(annotate(orders, [*rules, *_key_rules()], tables={"customers": _customers(task)}), task)
    else:  # the marks are made by hand
        rules += [Rule(name, f"NOT {mark}", f"the row breaks {name}") for mark, name in KEY_RULES.items()]
        _write(annotate(_marked(task, orders), rules).drop(*KEY_RULES), task)


def _key_rules() -> list[Any]:
    unique, known = KEY_RULES.values()
    return [
        quality.Unique(unique, UNIQUE, f"the row breaks {unique}"),
        quality.Reference(known, (FOREIGN_KEY,), "customers", f"the row breaks {known}"),
    ]


def _rule(check: Check) -> Rule:
    condition = check.condition()
    if check.kind != "required":
        condition = f"{check.column} IS NULL OR ({condition})"
    value = {"value": check.column} if _TAKES_VALUE else {}
    return Rule(check.name, condition, check.reason, **value)


def by_hand(task: Task) -> None:
    """Mark the rows that break a rule, collect the failed rules of these alone, and write once, partitioned."""
    _write(_annotated_by_hand(task), task)


def by_hand_two_writes(task: Task) -> None:
    """Do the same, and write valid and other rows one after the other."""
    from pyspark.sql import functions as F

    annotated = _annotated_by_hand(task)
    for name, rows in (("valid", F.col(VALID)), ("quarantined", ~F.col(VALID))):
        unused = (VALID, FAILURES) if name == "valid" else (VALID,)
        annotated.where(rows).drop(*unused).write.format("delta").save(str(task.output / name))


def copy(task: Task) -> None:
    """Write the rows and check nothing: what every split costs at least."""
    _read(task).write.format("delta").save(str(task.output / "all"))


def _annotated_by_hand(task: Task) -> "DataFrame":
    """Of the forms that were tried the cheapest: arrays are built for the few rows that break a rule."""
    from pyspark.sql import functions as F

    wrong = [
        (F.expr(f"NOT ({check.condition()})"), check.name, check.reason, check.column)
        for check in task.checks
    ]
    orders = _read(task)
    if task.keys:
        orders = _marked(task, orders)
        wrong += [
            (F.col(mark), name, f"the row breaks {name}", FOREIGN_KEY) for mark, name in KEY_RULES.items()
        ]
    failures = F.array_compact(F.array(*(_failure(*each) for each in wrong)))
    any_wrong = reduce(or_, (F.coalesce(bad, F.expr("false")) for bad, *_ in wrong))
    return (
        orders.withColumn(VALID, ~any_wrong)
        .withColumn(FAILURES, F.when(F.col(VALID), F.array().cast(failures_type())).otherwise(failures))
        .drop(*KEY_RULES)
    )


def _failure(bad: "Column", name: str, reason: str, column: str) -> "Column":
    from pyspark.sql import functions as F

    parts = {"rule": F.lit(name), "severity": F.lit("error"), "reason": F.lit(reason)}
    if RECORDS_VALUE:
        parts["value"] = F.col(column).cast("string")
    return F.when(bad, F.struct(*(part.alias(key) for key, part in parts.items())))


def _marked(task: Task, orders: "DataFrame") -> "DataFrame":
    """Mark duplicates and orphans: few keys are duplicates, and there are few customers, so both are broadcast."""
    from pyspark.sql import functions as F

    known = _customers(task).select(F.col("customer_id").alias("_known"))
    counted = orders.where(" AND ".join(f"{name} IS NOT NULL" for name in UNIQUE)).groupBy(*UNIQUE).count()
    twice = counted.where("count > 1").select(*(F.col(name).alias(f"_{name}") for name in UNIQUE))
    same = [F.col(name) == F.col(f"_{name}") for name in UNIQUE]
    joined = orders.join(F.broadcast(twice), same, "left").join(
        F.broadcast(known), F.col(FOREIGN_KEY) == F.col("_known"), "left"
    )
    return joined.select(
        *orders.columns,
        F.col(f"_{UNIQUE[0]}").isNotNull().alias(_DUPLICATE),
        (F.col(FOREIGN_KEY).isNotNull() & F.col("_known").isNull()).alias(_ORPHAN),
    )


def _read(task: Task) -> "DataFrame":
    return task.spark.read.parquet(str(task.orders))


def _customers(task: Task) -> "DataFrame":
    return task.spark.read.parquet(str(task.customers))


def _write(annotated: "DataFrame", task: Task) -> None:
    annotated.write.format("delta").partitionBy(VALID).save(str(task.output / "annotated"))


def _look_at_one_table(task: Task, _: object) -> Outcome:
    from pyspark.sql import functions as F

    table = task.spark.read.format("delta").load(str(task.output / "annotated"))
    valid, rows, failures = table.agg(F.count_if(VALID), F.count("*"), F.sum(F.size(FAILURES))).head()
    return Outcome(valid, rows - valid, failures)


def _look_at_two_tables(task: Task, _: object) -> Outcome:
    from pyspark.sql import functions as F

    valid, bad = (
        task.spark.read.format("delta").load(str(task.output / name)) for name in ("valid", "quarantined")
    )
    rows, failures = bad.agg(F.count("*"), F.sum(F.size(FAILURES))).head()
    return Outcome(valid.count(), rows, failures)


def _look_at_a_copy(task: Task, _: object) -> Outcome:
    task.spark.read.format("delta").load(str(task.output / "all")).count()
    return Outcome(notes="checks nothing")


WAYS = {
    "ours": Way(ours, _look_at_one_table),
    "by_hand": Way(by_hand, _look_at_one_table),
    "by_hand_two_writes": Way(by_hand_two_writes, _look_at_two_tables),
    "copy": Way(copy, _look_at_a_copy, splits=False),
}
