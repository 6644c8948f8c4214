"""A step that reads and writes tables and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from databricks_utils.catalog.table_states import table_states
from databricks_utils.context import Context
from databricks_utils.steps.definition import define_step
from databricks_utils.steps.step import Step

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def table_step(  # noqa: PLR0913 - where it runs, and what it depends on
    spark: SparkSession,
    context: Context,
    name: str,
    *,
    reads: Sequence[str],
    writes: Sequence[str],
    code: Iterable[Callable[..., Any]],
) -> Step:
    """Return a step that makes tables from tables.

    Args:
        spark: A session that may read all of them.
        context: The environment.
        name: The step, and what it works on.
        reads: Full names of the tables that it reads.
        writes: Full names of the tables that it writes.
        code: The functions that make the rows; everything of their own package that they reach counts too.
    """
    return Step(
        name,
        define_step(context, code=code),
        inputs=lambda: table_states(spark, reads),
        outputs=lambda: table_states(spark, writes),
    )
