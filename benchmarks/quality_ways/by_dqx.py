"""DQX with a mocked workspace client: its own split with one cache, its split with two writes, and its annotation written once.

DQX is under the Databricks License (use with Databricks only), so nothing here installs it: it is measured where a person has it.
"""

from typing import TYPE_CHECKING, Any

from quality_ways.checks import FOREIGN_KEY, UNIQUE, Check
from quality_ways.task import Outcome, Task, Way

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_CUSTOMERS = "customers"
_ERRORS = "_errors"


def save_in_tables(task: Task) -> None:
    """Let DQX read, check and write both tables; it caches the checked rows between the two writes."""
    from databricks.labs.dqx.config import InputConfig, OutputConfig

    _engine(task).apply_checks_and_save_in_table(
        InputConfig(str(task.orders), format="parquet"),
        OutputConfig(str(task.output / "valid")),
        checks=_rules(task),
        quarantine_config=OutputConfig(str(task.output / "quarantined")),
        ref_dfs=_references(task),
    )


def two_writes(task: Task) -> None:
    """Let DQX split, and write both parts."""
    valid, bad = _engine(task).apply_checks_and_split(
        task.spark.read.parquet(str(task.orders)), _rules(task), _references(task)
    )
    valid.write.format("delta").save(str(task.output / "valid"))
    bad.write.format("delta").save(str(task.output / "quarantined"))


def one_write(task: Task) -> None:
    """Let DQX annotate, and write once, partitioned, as we do."""
    from pyspark.sql import functions as F

    annotated = _engine(task).apply_checks(
        task.spark.read.parquet(str(task.orders)), _rules(task), _references(task)
    )
    annotated.withColumn("_valid", F.col(_ERRORS).isNull()).write.format("delta").partitionBy("_valid").save(
        str(task.output / "annotated")
    )


def _engine(task: Task) -> Any:  # noqa: ANN401 - of DQX, which is not a dependency
    from unittest.mock import create_autospec

    from databricks.labs.dqx.engine import DQEngine
    from databricks.sdk import WorkspaceClient

    return DQEngine(create_autospec(WorkspaceClient), task.spark)


def _rules(task: Task) -> list[Any]:
    from databricks.labs.dqx import check_funcs
    from databricks.labs.dqx.rule import DQDatasetRule

    rules: list[Any] = [_rule(check) for check in task.checks]
    if task.keys:
        rules.append(
            DQDatasetRule(name="order_is_unique", check_func=check_funcs.is_unique, columns=list(UNIQUE))
        )
        rules.append(
            DQDatasetRule(
                name="customer_is_known",
                check_func=check_funcs.foreign_key,
                columns=[FOREIGN_KEY],
                check_func_kwargs={
                    "ref_columns": [FOREIGN_KEY],
                    "ref_df_name": _CUSTOMERS,
                    "broadcast_ref": True,
                },
            )
        )
    return rules


def _rule(check: Check) -> Any:  # noqa: ANN401 - of DQX
    from databricks.labs.dqx import check_funcs
    from databricks.labs.dqx.rule import DQRowRule
    from pyspark.sql import functions as F

    function, arguments = {
        "required": (check_funcs.is_not_null, {}),
        "enum": (check_funcs.is_in_list, {"allowed": [F.lit(value) for value in check.allowed]}),
        "range": (check_funcs.is_in_range, {"min_limit": check.low, "max_limit": check.high}),
        "pattern": (check_funcs.regex_match, {"regex": check.pattern}),
        "length": (check_funcs.sql_expression, {"expression": check.condition(), "msg": check.reason}),
    }[check.kind]
    column = {} if check.kind == "length" else {"column": check.column}
    return DQRowRule(name=check.name, check_func=function, check_func_kwargs=arguments, **column)


def _references(task: Task) -> "dict[str, DataFrame]":
    return {_CUSTOMERS: task.spark.read.parquet(str(task.customers))} if task.keys else {}


def _look_at_two_tables(task: Task, _: object) -> Outcome:
    from pyspark.sql import functions as F

    valid, bad = (
        task.spark.read.format("delta").load(str(task.output / name)) for name in ("valid", "quarantined")
    )
    rows, failures = bad.agg(F.count("*"), F.sum(F.size(_ERRORS))).head()
    return Outcome(valid.count(), rows, failures)


def _look_at_one_table(task: Task, _: object) -> Outcome:
    from pyspark.sql import functions as F

    table = task.spark.read.format("delta").load(str(task.output / "annotated"))
    valid, rows, failures = table.agg(
        F.count_if("_valid"), F.count("*"), F.sum(F.when(~F.col("_valid"), F.size(_ERRORS)))
    ).head()
    return Outcome(valid, rows - valid, failures)


_NEEDS = "databricks-labs-dqx"
WAYS = {
    "dqx": Way(save_in_tables, _look_at_two_tables, _NEEDS),
    "dqx_two_writes": Way(two_writes, _look_at_two_tables, _NEEDS),
    "dqx_one_write": Way(one_write, _look_at_one_table, _NEEDS),
}
