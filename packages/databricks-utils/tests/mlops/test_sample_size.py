"""A sample that does not fit into the driver's memory is refused, with the size that does."""

import pytest

from databricks_utils.mlops import SampleError
from databricks_utils.mlops.inputs import sample

pytestmark = pytest.mark.unit


def checked(problem, rows, **changes):
    settings = problem.settings.model_copy(update=changes)
    sample._check_size(rows, len(problem.columns.types), settings.periods.train, settings)


def test_a_sample_may_have_as_many_values_as_the_settings_say(declare):
    checked(declare(), 200, sample_values=600)  # three features
    with pytest.raises(
        SampleError, match="201 rows with 3 features, 603 values; the limit is 600"
    ) as refusal:
        checked(declare(), 201, sample_values=600)
    assert "from 2024-01-01 to 2024-01-01" in refusal.value.summary
    assert refusal.value.fix.startswith("set `sample_rows` to 200 or less")


def test_the_default_takes_a_sample_of_the_default_size_with_up_to_a_hundred_features(declare):
    settings = declare().settings
    default = type(settings).model_fields["sample_rows"].default
    assert default * 100 <= settings.sample_values < default * 101
