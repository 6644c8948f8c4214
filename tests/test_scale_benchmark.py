"""The scale benchmark gives each run its own events, and says with which power of the rows the figures grow."""

import os
import subprocess
import sys

import pytest
from process_costs import ROLES, marked_processes, run_measured
from scale import by_run, slopes, with_scale

pytestmark = pytest.mark.unit
MIB = 2**20


def task(moment, *, shuffled=0, read=0, records=0):
    metrics = {
        "Shuffle Write Metrics": {"Shuffle Bytes Written": shuffled * MIB},
        "Input Metrics": {"Bytes Read": read * MIB, "Records Read": records},
        "Disk Bytes Spilled": 0,
    }
    return {"Event": "SparkListenerTaskEnd", "Task Info": {"Launch Time": moment}, "Task Metrics": metrics}


def test_events_belong_to_the_run_that_had_started_last():
    events = [
        {"Event": "SparkListenerJobStart", "Submission Time": 500},  # before any run
        {"Event": "SparkListenerJobStart", "Submission Time": 1500},
        task(1600, shuffled=2, read=3, records=10),
        task(1700, shuffled=1),
        {"Event": "SparkListenerJobStart", "Submission Time": 3000},
        {"Event": "SparkListenerTaskEnd", "Task Info": {"Launch Time": 3100}},  # a lost task has no metrics
    ]
    first, second = by_run(events, [1.0, 3.0])
    assert (first["jobs"], first["tasks"], first["shuffle_mib"], first["input_mib"]) == (1, 2, 3.0, 3.0)
    assert first["records_read"] == 10
    assert (second["jobs"], second["tasks"], second["shuffle_mib"]) == (1, 1, 0.0)


def figures(factor):
    state = {
        "seconds": 100 * factor,
        "cpu_seconds": {"engine": 150 * factor, "tasks": 50 * factor},
        "peak_mib": {"all": 1000},
        "shuffle_mib": 0.0,
    }
    return dict.fromkeys(("cold", "again", "month"), state)


def test_a_slope_is_the_power_of_the_rows_with_which_a_figure_grows():
    grown = slopes(figures(1), figures(3), 3)
    assert grown["cold"] == {"seconds": 1.0, "cpu_seconds": 1.0, "peak_mib": 0.0, "shuffle_mib": 0.0}
    assert slopes(figures(1), figures(9), 3)["month"]["seconds"] == 2.0


def test_scales_are_measured_one_by_one_and_the_slope_comes_with_the_last():
    known = with_scale({"scales": {}}, 30, figures(3))
    assert "slope_from_10_to_30" not in known
    both = with_scale(known, 10, figures(1))
    assert list(both["scales"]) == ["10", "30"]
    assert both["slope_from_10_to_30"]["cold"]["seconds"] == 1.0
    assert with_scale(both, 10, figures(3))["slope_from_10_to_30"]["cold"]["seconds"] == 0.0


CHILD = "import time\nwhile time.process_time() < 1.2: pass"


@pytest.mark.skipif(not os.path.exists("/proc/self/environ"), reason="processes are found by /proc")  # noqa: PTH110 - no path
def test_the_processes_of_a_run_are_found_by_their_mark_and_a_command_that_fails_is_an_error(tmp_path):
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"
    other = subprocess.Popen([sys.executable, "-c", CHILD])
    cost = run_measured(
        [sys.executable, "-c", program], cwd=tmp_path, environment={}, mark="one", log=tmp_path / "log"
    )
    other.wait()
    assert cost.seconds >= 1
    assert set(cost.cpu_seconds) == set(ROLES)
    assert cost.cpu_seconds["engine"] == 0
    assert 0.5 < cost.cpu_seconds["tasks"] < 1.7, "the child, without the other process"
    assert cost.peak_mib["all"] >= cost.peak_mib["tasks"] > 0
    assert marked_processes("one") == []
    with pytest.raises(RuntimeError, match="ended with 3"):
        run_measured(
            [sys.executable, "-c", "raise SystemExit(3)"],
            cwd=tmp_path,
            environment={},
            mark="two",
            log=tmp_path / "log",
        )
