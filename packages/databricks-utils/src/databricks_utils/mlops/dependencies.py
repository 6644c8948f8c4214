"""What the steps of a model depend on, so that they end at once if nothing has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from databricks_utils.catalog.table_states import MISSING, table_states, view_states
from databricks_utils.context import Context
from databricks_utils.fingerprint import hash_of
from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.measures.tables import measure_tables
from databricks_utils.mlops.registry import BASELINE, CHALLENGER, CHAMPION, ModelRegistry, RegisteredModel
from databricks_utils.steps import Step, define_step

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# A model that was trained with other versions of them may be another model.
_LEARNING = ("scikit-learn", "numpy", "pandas", "mlflow-skinny")
_DATASET = "dataset_version"


def training_step(
    spark: SparkSession, context: Context, problem: BinaryClassification, registry: ModelRegistry
) -> Step:
    """Return the step that trains and registers a challenger."""
    name, algorithms = problem.model_in(context), (problem.baseline, problem.challenger)
    packages = sorted({*_LEARNING, *(package for each in algorithms for package in each.packages)})
    parts = _declared(problem) | {
        f"algorithm {each.name}": hash_of(repr(each.packages)) for each in algorithms
    }
    return Step(
        f"train {name}",
        define_step(context, code=[each.build for each in algorithms], parts=parts, packages=packages),
        inputs=lambda: table_states(spark, [problem.features_in(context)]),
        outputs=lambda: _trained(registry, name),
    )


def evaluation_step(
    spark: SparkSession, context: Context, problem: BinaryClassification, registry: ModelRegistry
) -> Step:
    """Return the step that judges the challenger."""
    name = problem.model_in(context)
    return Step(
        f"evaluate {name}",
        define_step(context, parts=_declared(problem), packages=_LEARNING),
        inputs=lambda: table_states(spark, [problem.features_in(context)]),
        outputs=lambda: {
            f"the {alias} of {name}": _with_tags(registry.find(name, alias))
            for alias in (BASELINE, CHALLENGER, CHAMPION)
        },
    )


def scoring_step(
    spark: SparkSession, context: Context, problem: BinaryClassification, registry: ModelRegistry
) -> Step:
    """Return the step that predicts with the champion."""
    name, log, view = (
        problem.model_in(context),
        problem.predictions_in(context),
        problem.latest_predictions_in(context),
    )
    return Step(
        f"score {log}",
        define_step(context, parts=_declared(problem)),
        inputs=lambda: {
            **table_states(spark, [problem.features_in(context)]),
            f"the champion of {name}": _version(registry.find(name, CHAMPION)),
        },
        outputs=lambda: {**table_states(spark, [log]), **view_states(spark, [view])},
    )


def monitoring_step(spark: SparkSession, context: Context, problem: BinaryClassification) -> Step:
    """Return the step that measures the predictions."""
    log = problem.predictions_in(context)
    return Step(
        f"monitor {log}",
        define_step(context, parts=_declared(problem)),
        inputs=lambda: table_states(spark, [problem.features_in(context), log]),
        outputs=lambda: table_states(spark, measure_tables(context)),
    )


def _declared(problem: BinaryClassification) -> dict[str, str]:
    return {
        "the model's columns": hash_of(repr(problem.columns)),
        "the model's settings": hash_of(repr(problem.settings)),
    }


def _trained(registry: ModelRegistry, name: str) -> dict[str, str]:
    """Return the challenger, and whether a first champion needs a baseline: one of the challenger's rows may be there already."""
    challenger, baseline = registry.find(name, CHALLENGER), registry.find(name, BASELINE)
    has_baseline = bool(
        challenger and baseline and challenger.tags.get(_DATASET) == baseline.tags.get(_DATASET)
    )
    has_first = has_baseline or registry.find(name, CHAMPION) is not None
    return {
        f"the challenger of {name}": _version(challenger),
        f"the first champion of {name}": "there is one, or a baseline" if has_first else MISSING,
    }


def _version(model: RegisteredModel | None) -> str:
    return f"version {model.reference.version} of run {model.run_id}" if model else MISSING


def _with_tags(model: RegisteredModel | None) -> str:
    return f"{_version(model)} {hash_of(repr(sorted(model.tags.items())))}" if model else MISSING
