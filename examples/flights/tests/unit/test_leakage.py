"""The model gets no column that is known only after departure."""

import pytest
from databricks_utils.features import LeakageError
from pyspark.errors import AnalysisException

from flights.features.feature_set import BEFORE_DEPARTURE, CATEGORIES, KEYS, LABEL, NUMBERS
from flights.training.late_arrival import COLUMNS

pytestmark = pytest.mark.unit
AFTERWARDS = sorted(BEFORE_DEPARTURE.known_later)


@pytest.mark.parametrize("name", [*AFTERWARDS, LABEL, "something_new"])
def test_a_column_that_is_known_only_later_is_refused_as_a_feature(name):
    with pytest.raises(LeakageError, match=f"`{name}` must not be used"):
        BEFORE_DEPARTURE.check([*CATEGORIES, *NUMBERS, name])


def test_the_model_gets_exactly_the_features_of_the_allow_list():
    assert set(COLUMNS.types) == set(BEFORE_DEPARTURE.features)
    assert not set(COLUMNS.types) & {*AFTERWARDS, LABEL}


def test_features_are_computed_from_a_frame_without_the_outcome(spark):
    columns = dict.fromkeys([*BEFORE_DEPARTURE.known, *AFTERWARDS, LABEL])
    frame = spark.createDataFrame([], ", ".join(f"{name} string" for name in columns))
    known = BEFORE_DEPARTURE.project(frame, keys=KEYS)
    assert not set(known.columns) & {*AFTERWARDS, LABEL}
    with pytest.raises(AnalysisException, match="dep_delay"):
        known.selectExpr("dep_delay + 1").collect()
