"""Tools that say whether a table is right, and do not split its rows: Great Expectations, pandera, cuallee."""

import os
from typing import TYPE_CHECKING, Any

from quality_ways.checks import UNIQUE, Check
from quality_ways.task import Outcome, Task, Way

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def great_expectations(task: Task) -> object:
    """Validate with the default settings: the rows are cached."""
    return _great_expectations(task, {"result_format": "BASIC"}, persist=True)


def great_expectations_uncached(task: Task) -> object:
    """Validate without the cache."""
    return _great_expectations(task, {"result_format": "BASIC"}, persist=False)


def great_expectations_rows(task: Task) -> object:
    """Validate, and have the key of every failing row: what a split would need, which is not written."""
    wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": ["order_id"]}
    return _great_expectations(task, wanted, persist=True)


def _great_expectations(task: Task, wanted: dict[str, Any], *, persist: bool) -> object:
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_spark("orders", persist=persist).add_dataframe_asset("orders")
    definition = asset.add_batch_definition_whole_dataframe("all")
    orders = _read(task)
    batch = definition.get_batch(batch_parameters={"dataframe": orders})
    expectations = [_expectation(check) for check in task.checks]
    if task.keys:
        expectations.append(gx.expectations.ExpectCompoundColumnsToBeUnique(column_list=list(UNIQUE)))
    suite = gx.ExpectationSuite(name="orders", expectations=expectations)
    found = batch.validate(suite, result_format=wanted)
    orders.unpersist()
    return found


def _expectation(check: Check) -> Any:  # noqa: ANN401 - of Great Expectations
    from great_expectations import expectations as gxe

    column = check.column
    match check.kind:
        case "required":
            return gxe.ExpectColumnValuesToNotBeNull(column=column)
        case "enum":
            return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(check.allowed))
        case "range":
            return gxe.ExpectColumnValuesToBeBetween(column=column, min_value=check.low, max_value=check.high)
        case "length":
            return gxe.ExpectColumnValueLengthsToBeBetween(column=column, max_value=check.high)
        case "pattern":
            return gxe.ExpectColumnValuesToMatchRegex(column=column, regex=check.pattern)


def _look_at_expectations(_: Task, found: Any) -> Outcome:  # noqa: ANN401 - of Great Expectations
    for result in found.results:
        if result.exception_info.get("raised_exception") or "unexpected_count" not in result.result:
            raise RuntimeError(f"great_expectations: {result.expectation_config} {result.exception_info}")
    rows = [result for result in found.results if "column" in result.expectation_config.kwargs]
    return Outcome(failures=sum(result.result["unexpected_count"] for result in rows), notes="no foreign key")


def pandera(task: Task) -> object:
    """Validate; each check stops at the first row that fails."""
    return _pandera(task, _read(task))


def pandera_clean(task: Task) -> object:
    """Validate orders without an error, so that every check looks at every row."""
    return _pandera(task, task.spark.read.parquet(str(task.clean)))


def _pandera(task: Task, orders: "DataFrame") -> object:
    from pandera import pyspark as pa

    columns: dict[str, Any] = {}
    for field in orders.schema:
        own = [check for check in task.checks if check.column == field.name]
        columns[field.name] = pa.Column(
            type(field.dataType)(),
            [_pandera_check(check) for check in own if check.kind != "required"],
            nullable=not any(check.kind == "required" for check in own),
        )
    schema = pa.DataFrameSchema(columns, unique=list(UNIQUE) if task.keys else None)
    return schema.validate(orders).pandera.errors


def _pandera_check(check: Check) -> Any:  # noqa: ANN401 - of pandera
    from pandera import pyspark as pa

    match check.kind:
        case "enum":
            return pa.Check.isin(list(check.allowed))
        case "range":
            return pa.Check.in_range(check.low, check.high)
        case "length":
            return pa.Check.str_length(max_value=check.high)
        case _:
            return pa.Check.str_matches(check.pattern)


def _look_at_pandera(task: Task, found: Any) -> Outcome:  # noqa: ANN401 - of pandera
    _assert_broken(found, len(task.checks) + (1 if task.keys else 0))
    return Outcome(notes="does not count failures; each check ends at its first failing row; no foreign key")


def _look_at_clean_pandera(_: Task, found: Any) -> Outcome:  # noqa: ANN401 - of pandera
    _assert_broken(found, 0)
    return Outcome(notes="on orders without an error; no foreign key")


def _assert_broken(found: Any, expected: int) -> None:  # noqa: ANN401 - of pandera
    kinds = (found.get(name, {}) for name in ("DATA", "SCHEMA"))
    broken = [error for kind in kinds for errors in kind.values() for error in errors]
    if len(broken) != expected:
        raise RuntimeError(f"pandera: {len(broken)} checks failed, {expected} should: {broken}")


def cuallee(task: Task) -> object:
    """Validate; the result has one line for each rule."""
    from cuallee import Check as Cuallee
    from cuallee import CheckLevel

    wanted = Cuallee(CheckLevel.WARNING, "orders")
    for check in task.checks:
        _add_cuallee(wanted, check)
    if task.keys:
        wanted.is_composite_key(UNIQUE)
    return wanted.validate(_read(task)).collect()


def _add_cuallee(wanted: Any, check: Check) -> None:  # noqa: ANN401 - of cuallee
    column = check.column
    match check.kind:
        case "required":
            wanted.is_complete(column)
        case "enum":
            wanted.is_contained_in(column, check.allowed)
        case "range":
            wanted.is_between(column, (check.low, check.high))
        case "length":
            wanted.satisfies(column, f"{column} IS NULL OR {check.condition()}")
        case "pattern":
            wanted.has_pattern(column, check.pattern)


def _look_at_cuallee(_: Task, found: Any) -> Outcome:  # noqa: ANN401 - of cuallee
    rows = [row for row in found if row.rule != "is_composite_key"]
    return Outcome(failures=sum(row.violations for row in rows), notes="no foreign key")


def _read(task: Task) -> "DataFrame":
    return task.spark.read.parquet(str(task.orders))


os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
_GX = "great-expectations"
WAYS = {
    "great_expectations": Way(great_expectations, _look_at_expectations, _GX, splits=False),
    "great_expectations_uncached": Way(great_expectations_uncached, _look_at_expectations, _GX, splits=False),
    "great_expectations_rows": Way(great_expectations_rows, _look_at_expectations, _GX, splits=False),
    "pandera": Way(pandera, _look_at_pandera, "pandera", splits=False),
    "pandera_clean": Way(pandera_clean, _look_at_clean_pandera, "pandera", splits=False),
    "cuallee": Way(cuallee, _look_at_cuallee, "cuallee", splits=False),
}
