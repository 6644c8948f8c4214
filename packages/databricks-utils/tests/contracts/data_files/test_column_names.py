"""Names of columns from a header: unique without case, never a variable, the same each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from databricks_utils.contracts.data_files.column_names import column_names

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ([" id ", "na me", "a.b", "größe", "select"], ("id", "na me", "a.b", "größe", "select")),
        (["a", "A", "a_2", "a"], ("a", "A_3", "a_2", "a_4")),
        (["", "  ", "column_1"], ("column_1_2", "column_2", "column_1")),
        (["${env:HOME}", "x${y}"], ("column_1", "column_2")),
    ],
)
def test_what_cannot_be_a_name_gets_one(header, names):
    assert column_names(header) == names


@given(
    st.lists(st.one_of(st.text(max_size=3), st.sampled_from(["a", "A", "a_2", "", "column_1"])), max_size=12)
)
def test_names_are_as_many_as_the_fields_and_differ_without_case(header):
    names = column_names(header)
    assert len({name.lower() for name in names}) == len(header)
    assert all(name and "${" not in name for name in names)
