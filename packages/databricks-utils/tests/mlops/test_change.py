"""A feature set that differs from the one a model was trained on is reported in words."""

import pytest

from databricks_utils.mlops import FeatureChange, FeatureTable

pytestmark = pytest.mark.unit


def test_the_same_features_in_another_order_are_no_change():
    assert (
        FeatureChange.between("version 1", {"a": "double", "b": "string"}, {"b": "string", "a": "double"})
        is None
    )


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"a": "double", "b": "string", "c": "double", "d": "double"}, "added `c`, `d`"),
        ({"a": "double"}, "removed `b`"),
        ({"a": "string", "b": "string"}, "of another type `a`"),
        ({"b": "double", "c": "double"}, "added `c`; removed `a`; of another type `b`"),
    ],
)
def test_a_change_names_the_features_and_the_command(declared, words):
    change = FeatureChange.between("version 1 of c.s.m", {"a": "double", "b": "string"}, declared)
    expected = f"version 1 of c.s.m was trained on other features than the project declares now: {words}"
    assert str(change).splitlines()[0] == expected
    assert "lakewright run training" in str(change)


def test_a_dataset_version_names_its_table():
    table = FeatureTable("dev_analytics.flights_features.flights", 7)
    assert FeatureTable.parse(table.dataset_version) == table
    with pytest.raises(ValueError, match="invalid literal"):
        FeatureTable.parse("a.b.c")
