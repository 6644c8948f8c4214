"""The page about scale: what was measured, and a straight line from it that never promises less than was measured."""

import copy

import pytest
from scale import STATES, with_scale
from scale_page import _STAGES, BrokenPromiseError, core_hours, page

pytestmark = pytest.mark.unit
MACHINE = {"commit": "abc", "cores": 2, "cpu": "a CPU", "memory_gib": 24, "java": 17, "pyspark": "4.2.0"}


def scaled(scale):
    state = {
        "seconds": 100.0 + scale,
        "cpu_seconds": {"engine": 10.0 * scale},
        "peak_mib": {"engine": 1000 + scale, "tasks": 500, "runner": 50, "all": 1550 + scale},
        "jobs": 191,
        "records_read": 1000 * scale,
        "shuffle_mib": float(scale),
        "data_files": 48,
        "data_mib": 3.0 * scale,
        "flights": 60_000 * scale,
        "task_seconds": dict.fromkeys(_STAGES, 36.0 * scale),
    }
    return {"machine": MACHINE, **{name: copy.deepcopy(state) for name in STATES}}


@pytest.fixture
def result():
    known = {"scales": {}}
    for scale in (1, 10, 30):
        known = with_scale(known, scale, scaled(scale))
    return known


def test_a_stage_in_proportion_to_the_rows_stays_in_proportion(result):
    stage = "transformation/features"
    assert core_hours(result["scales"], "cold", stage, 1_800_000) == pytest.approx(2 * 36 * 30 / 3600)
    assert core_hours(result["scales"], "cold", stage, 180_000_000) == pytest.approx(2 * 36 * 3000 / 3600)


def test_a_stage_that_was_faster_with_more_rows_and_one_with_a_limit_stay_as_they_were(result):
    seconds = result["scales"]["30"]["cold"]["task_seconds"]
    seconds["monitoring/monitoring"] = 1.0
    for stage, at_thirty in (("monitoring/monitoring", 1.0), ("training/train_mlflow", 36.0 * 30)):
        assert core_hours(result["scales"], "cold", stage, 10**9) == pytest.approx(2 * at_thirty / 3600)


def test_every_stage_of_the_pipeline_is_on_the_page_with_where_it_breaks(result):
    text = page(result)
    assert "{" not in text
    for stage, breaks in _STAGES.values():
        assert text.count(f"| {stage} |") == 4, stage  # measured, twice projected, breaks
        assert breaks in text


def test_a_stage_that_the_page_does_not_know_is_an_error(result):
    del result["scales"]["10"]["cold"]["task_seconds"]["ingestion/ingest_bronze"]
    with pytest.raises(KeyError, match="ingest_bronze"):
        page(result)


def test_without_the_largest_scale_the_page_says_so_and_projects_nothing(result):
    few = {"scales": {scale: measured for scale, measured in result["scales"].items() if scale != "30"}}
    text = page(few)
    assert "×30 has not been measured yet" in text
    assert "core hours" not in text
    assert "What breaks first" in text


def test_the_page_promises_a_limit_of_memory_that_every_measurement_keeps(result):
    assert "Plan with 4.5 GiB" in page(result)
    for role, mib in (("engine", 3073), ("tasks", 1487)):
        used = copy.deepcopy(result)
        used["scales"]["10"]["month"]["peak_mib"][role] = mib
        with pytest.raises(BrokenPromiseError, match="promise more"):
            page(used)
