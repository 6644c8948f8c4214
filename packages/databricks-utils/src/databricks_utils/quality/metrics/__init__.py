"""What each run measured, kept in `ops.quality_metrics`, and whether a rule's newest run is unusual."""

from databricks_utils.quality.metrics.history import RuleTrend, read_trend, read_trends
from databricks_utils.quality.metrics.recording import TABLE, Measurement, record_metrics

__all__ = ["TABLE", "Measurement", "RuleTrend", "read_trend", "read_trends", "record_metrics"]
