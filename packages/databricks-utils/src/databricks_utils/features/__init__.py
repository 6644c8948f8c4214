"""Features without leakage: point-in-time joins, rates with the time since which they are known, an allow-list of features.

`build_by_window` makes a table anew from the first changed window on.
"""

from databricks_utils.features.by_window import BuiltFeatures, build_by_window
from databricks_utils.features.errors import FeatureError, JoinColumnError, LeakageError
from databricks_utils.features.leakage import FeatureSet
from databricks_utils.features.point_in_time import point_in_time_join
from databricks_utils.features.rates import latest_rate, rate_history

__all__ = [
    "BuiltFeatures",
    "FeatureError",
    "FeatureSet",
    "JoinColumnError",
    "LeakageError",
    "build_by_window",
    "latest_rate",
    "point_in_time_join",
    "rate_history",
]
