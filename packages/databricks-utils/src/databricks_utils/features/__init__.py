"""Features without leakage: point-in-time joins, rates with the time since which they are known, an allow-list of features."""

from databricks_utils.features.errors import FeatureError, JoinColumnError, LeakageError
from databricks_utils.features.leakage import FeatureSet
from databricks_utils.features.point_in_time import point_in_time_join
from databricks_utils.features.rates import latest_rate, rate_history

__all__ = [
    "FeatureError",
    "FeatureSet",
    "JoinColumnError",
    "LeakageError",
    "latest_rate",
    "point_in_time_join",
    "rate_history",
]
