"""What each run measured, kept in `ops.quality_metrics`, and whether a rule's newest run is unusual."""

from databricks_utils.quality.metrics.history import read_trend
from databricks_utils.quality.metrics.recording import TABLE, Measurement, record_metrics

__all__ = ["TABLE", "Measurement", "read_trend", "record_metrics"]
