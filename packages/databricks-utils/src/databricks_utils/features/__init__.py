"""Features without leakage: joins as of a point in time, and a guard on what may enter a model."""

from databricks_utils.features.errors import FeatureError, JoinColumnError, LeakageError
from databricks_utils.features.leakage import FeatureSet
from databricks_utils.features.point_in_time import point_in_time_join

__all__ = ["FeatureError", "FeatureSet", "JoinColumnError", "LeakageError", "point_in_time_join"]
