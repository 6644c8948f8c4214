"""Which differences between two projects count, and which do not."""

import pytest
from table_contents import comparable, differences, without_prefix

pytestmark = pytest.mark.unit

ROWS = [
    {"_row": 1, "_definition": "d", "share": 0.25, "_ingested_at": "2026-01-01"},
    {"_row": 2, "_definition": "d", "share": None, "_ingested_at": "2026-01-01"},
]


def contents(*rows):
    return {"c.s.t": comparable(rows)}


def changed(number, **columns):
    return [{**row, **(columns if place == number else {})} for place, row in enumerate(ROWS)]


def test_the_order_of_rows_the_time_of_writing_and_the_last_digit_of_a_float_do_not_count():
    later = changed(0, share=0.25 + 1e-14, _ingested_at="2026-02-02")
    assert differences(contents(*reversed(later)), contents(*ROWS)) == {}


@pytest.mark.parametrize("columns", [{"_row": 3}, {"_definition": "e"}, {"share": 0.5}, {"share": None}])
def test_each_other_column_counts(columns):
    [rows] = differences(contents(*changed(0, **columns)), contents(*ROWS)).values()
    assert sorted(rows.values()) == [-1, 1]


@pytest.mark.parametrize(("rows", "number"), [(ROWS[:1], -1), ([*ROWS, ROWS[1]], 1)])
def test_a_lost_and_a_doubled_row_are_found(rows, number):
    [found] = differences(contents(*rows), contents(*ROWS)).values()
    [(row, times)] = found.items()
    assert "'_row': 2" in row
    assert times == number


def test_a_table_that_is_missing_or_new_is_found_also_if_it_is_empty():
    assert differences({}, contents()) == {"c.s.t": {}}
    assert differences(contents(), {}) == {"c.s.t": {}}


def test_of_a_models_number_only_the_number_of_values_counts():
    def scored(*versions):
        return contents(*({"score": 0.5, "model_version": version} for version in versions))

    assert differences(scored("2", "2"), scored("1", "1")) == {}
    assert differences(scored("1", "2"), scored("1", "1"))


def test_of_the_needed_tables_their_names_count_and_not_their_versions():
    row = {"_row": 1, "_needed": "airports@1"}
    assert comparable([row]) == comparable([row | {"_needed": "airports@2"}])
    assert comparable([row]) != comparable([row | {"_needed": "planes@1"}])
    assert comparable([row]) != comparable([row | {"_needed": None}])


def test_the_prefix_of_a_runs_schemas_does_not_count_and_equal_rows_are_added_up():
    row = {"_row": 1, "source": "local_analytics.killed7_flights_bronze.planes"}
    found = {"c.killed7_flights_ops.t": comparable([row, row])}
    expected = {
        "c.flights_ops.t": comparable([{**row, "source": "local_analytics.flights_bronze.planes"}] * 2)
    }
    assert without_prefix(found, "killed7_") == expected
    assert without_prefix(expected, "") == expected


def test_a_row_that_names_the_table_of_another_run_is_found():
    found = {"c.killed7_flights_ops.t": comparable([{"source": "local_analytics.flights_bronze.planes"}])}
    with pytest.raises(AssertionError, match="another run"):
        without_prefix(found, "killed7_")
