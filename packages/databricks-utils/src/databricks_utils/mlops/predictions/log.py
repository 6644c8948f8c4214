"""The prediction log as tables: open it, read the latest prediction of each key, and add predictions in one commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.errors import ConcurrentWriteError
from databricks_utils.catalog.history import last_write
from databricks_utils.catalog.tables import append_once, ensure_table, ensure_view
from databricks_utils.context import Context
from databricks_utils.lineage import Source, record
from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.predictions.queries import APPEND_ONLY, latest_query, prediction_schema
from databricks_utils.moments import as_micros, as_moment

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


@dataclass(frozen=True)
class PredictionLog:
    """The log as it was when it was opened.

    Attributes:
        spark: A session that may write gold.
        table: Its three-part name.
        view: The name of the view with the latest prediction of each key.
        schema: The columns of a new prediction.
        number: The number of the newest write; see `append_once`.
        features: The feature table that the model reads.
        columns: The roles of its columns.
    """

    spark: SparkSession
    table: str
    view: str
    schema: StructType
    number: int
    features: str
    columns: Columns

    @classmethod
    def opened(
        cls,
        spark: SparkSession,
        context: Context,
        problem: BinaryClassification,
        *,
        from_history: bool = False,
    ) -> PredictionLog:
        """Create the table and its view if they do not exist, and read the number of the newest write.

        Args:
            spark: A session that may write gold.
            context: The environment.
            problem: The declaration of the model.
            from_history: Count writes whose rows were deleted since as well; this reads the table's history.
        """
        table, view = problem.predictions_in(context), problem.latest_predictions_in(context)
        features, columns = problem.features_in(context), problem.columns
        schema = prediction_schema(spark.table(features).schema, columns)
        made = ensure_table(spark, table, schema, comment=problem.prediction_comment, properties=APPEND_ONLY)
        ensure_view(spark, view, latest_query(table, problem.columns, spark.table(table).columns))
        written = last_write(spark, table) if from_history else 0
        newest = 0 if made else _newest(spark.table(table))
        return cls(spark, table, view, schema, max(newest, written), features, columns)

    @property
    def latest(self) -> DataFrame:
        """The latest prediction of each key."""
        return self.spark.table(self.view)

    def append(self, frame: pd.DataFrame, *, now: datetime | None) -> PredictionLog:
        """Add predictions in one commit, and return the log as it is then.

        Args:
            frame: The predictions, without the time.
            now: The time of the scoring; by default the current time.

        Raises:
            ConcurrentWriteError: Another scoring has written since the log was opened; nothing was added.
        """
        # Later than any prediction so far, even if a machine's clock went back.
        started = datetime.now(UTC)
        moment = max(as_micros(now or datetime.now(UTC)), self.number + 1)
        ordered = frame.assign(scored_at=as_moment(moment))[self.schema.names]
        predictions = self.spark.createDataFrame(ordered, self.schema)
        if not append_once(predictions, self.table, state=self.number).succeeded():
            raise ConcurrentWriteError(self.table)
        self._record_lineage(frame, started)
        return replace(self, number=moment)

    def _record_lineage(self, frame: pd.DataFrame, started: datetime) -> None:
        """Connect the predictions to the features and the models: between them the rows were in Python."""
        models = tuple(Source(str(name), "MODEL") for name in frame["model_name"].unique())
        copied = {name: [(self.features, name)] for name in self.columns.described}
        made = {"score": [(self.features, name) for name in self.columns.types]}
        read = tuple(dict.fromkeys((*self.columns.described, *self.columns.types)))
        sources = (Source(self.features, columns=read), *models)
        columns = {**copied, **made}
        record(self.spark, "score", inputs=sources, output=self.table, columns=columns, started_at=started)


def _newest(log: DataFrame) -> int:
    """Return the moment of the newest scoring, in microseconds since 1970; 0 if there is none."""
    from pyspark.sql import functions as F

    return int(log.agg(F.max(F.unix_micros("scored_at")).alias("at")).collect()[0]["at"] or 0)
