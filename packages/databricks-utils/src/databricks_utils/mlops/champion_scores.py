"""The champion scores rows in memory, part by part; a feature table that lacks one of its features is refused with the way out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.errors import MissingFeaturesError
from databricks_utils.mlops.inputs.change import RETRAIN
from databricks_utils.mlops.inputs.sample import as_inputs
from databricks_utils.mlops.predictions.queries import HAD_ONE, OWN_SCORE
from databricks_utils.mlops.registry import CHALLENGER, ModelRegistry, RegisteredModel

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame


def score_in_parts(
    rows: DataFrame, columns: Columns, champion: RegisteredModel, limit: int
) -> Iterator[pd.DataFrame]:
    """Yield the scored rows, about `limit` at a time: only one part is in memory. Few rows need one query, without counting them.

    Args:
        rows: The result of `rows_to_score`.
        columns: Its key columns, and those that a prediction copies.
        champion: Scores with the features that it was trained on.
        limit: Number of rows of a part.
    """
    from pyspark.sql import functions as F

    frame = _predict(rows.limit(limit + 1), columns, champion)
    if len(frame) <= limit:
        yield frame
        return
    del frame
    parts = math.ceil(rows.count() / limit)
    for part in range(parts):
        # The hash of the key, not the order: a part stays the same while others are added to the log.
        yield _predict(rows.where(F.pmod(F.xxhash64(*columns.keys), F.lit(parts)) == part), columns, champion)


def _predict(rows: DataFrame, columns: Columns, champion: RegisteredModel) -> pd.DataFrame:
    """Score rows with the features that the champion was trained on."""
    renamed = {name: f"__feature_{index}" for index, name in enumerate(champion.inputs)}
    inputs = [
        column.alias(renamed[name])
        for name, column in zip(champion.inputs, as_inputs(champion.inputs), strict=True)
    ]
    frame = rows.select(*columns.described, HAD_ONE, OWN_SCORE, *inputs).toPandas()
    scored: pd.DataFrame = frame[[*columns.described, HAD_ONE, OWN_SCORE]].copy()
    model_input = frame[list(renamed.values())].rename(
        columns={alias: name for name, alias in renamed.items()}
    )
    scored["score"] = champion.score(model_input) if len(frame) else []
    scored["model_name"] = champion.reference.name
    scored["model_version"] = champion.reference.version
    return scored


def check_features(
    features: DataFrame, columns: Columns, champion: RegisteredModel, registry: ModelRegistry
) -> None:
    """Raise if the feature table lacks a column that the champion was trained on."""
    if missing := lacking_features(features, champion):
        change = champion.change_to(columns.types)
        names = ", ".join(f"`{name}`" for name in missing)
        raise MissingFeaturesError(
            f"scoring: the champion needs {names}, which the feature table does not have",
            detail=change.summary if change else "the project declares all of them",
            location=champion.reference.name,
            fix=_way_out(names, columns, registry, champion) if change else "build the feature table again",
        )


def lacking_features(features: DataFrame, champion: RegisteredModel) -> list[str]:
    """Return the columns that the champion was trained on and the feature table does not have."""
    return [name for name in champion.inputs if name not in features.columns]


def _way_out(names: str, columns: Columns, registry: ModelRegistry, champion: RegisteredModel) -> str:
    """Return the fix: train, unless the gate has already refused a challenger with the declared features."""
    challenger = registry.find(champion.reference.name, CHALLENGER)
    if challenger is None or challenger.verdict != "refused" or challenger.change_to(columns.types):
        return (
            f"build the feature table with {names} again: a retired feature stays in the table until a model without it is "
            f"champion; to get one, {RETRAIN}"
        )
    return (
        f"the challenger, version {challenger.reference.version}, has the declared features, but the gate refused it; read "
        f"`gate.json` of its run, then either build the feature table with {names} again, or train a better challenger, or "
        "lower `gate.minimum_uplift` in the configuration and run the job `evaluation`"
    )
