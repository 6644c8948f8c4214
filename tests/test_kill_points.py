"""Drawing the points at which runs are killed, and the proof that a kill has hit."""

import gzip
import json
import signal

import killing
import pytest
from kill_points import VICTIMS, KillPoint, draw, writes_of
from small_flights import EXAMPLE, make_small_flights

pytestmark = pytest.mark.unit

WRITES = {"a/one": 5, "a/two": 12, "b/three": 1, "c/four": 0}
TASK = KillPoint("task", "a/one", 1)
ENGINE = KillPoint("engine", "a/one", 1)
RUNNER = KillPoint("runner", "a/one", 1)


def run(status, **errors):
    """A record in which each task has failed with an error, or succeeded where that is None."""
    tasks = [
        {"key": key, "status": "failed" if text else "success", "error": {"summary": text} if text else None}
        for key, text in errors.items()
    ]
    return {"status": status, "tasks": [{**entry, "key": entry["key"].replace("_", "/")} for entry in tasks]}


def test_one_seed_always_draws_the_same_points_and_another_seed_draws_others():
    assert draw(7, WRITES) == draw(7, WRITES)
    assert len({tuple(draw(seed, WRITES)) for seed in range(50)}) > 20


@pytest.mark.parametrize("seed", range(50))
def test_each_kind_of_process_is_killed_once_in_the_order_of_the_walk_before_a_tasks_last_write(seed):
    points = draw(seed, WRITES)
    assert {point.victim for point in points} == set(VICTIMS)
    places = [list(WRITES).index(point.task) for point in points]
    assert places == sorted(set(places))
    assert all(0 <= point.writes < max(1, WRITES[point.task]) for point in points)


def test_fewer_kills_are_of_as_many_kinds_and_each_kind_has_its_turn():
    drawn = [draw(seed, WRITES, 2) for seed in range(50)]
    assert {len({point.victim for point in points}) for points in drawn} == {2}
    assert {point.victim for points in drawn for point in points} == set(VICTIMS)


def test_only_commits_and_models_count_as_writes(tmp_path):
    state = tmp_path / ".lakewright"
    log = state / "lakehouse" / "tables" / "t" / "_delta_log"
    for path in (
        log / "0.json",
        log / "0.crc",
        state / "artifacts" / "1" / "model" / "MLmodel",
        log / ".1.tmp",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert {path.name for path in writes_of(tmp_path)} == {"0.json", "MLmodel"}


def test_a_kill_in_a_task_that_is_over_is_refused(tmp_path):
    path = tmp_path / "summary.json"
    path.write_text(json.dumps(run("running", b_x=None)))
    killing.prove_running(tmp_path, "a/one")
    for over in (run("running", a_one=None), run("failed", b_x="broken")):
        path.write_text(json.dumps(over))
        with pytest.raises(killing.MissedError, match="was over before the kill"):
            killing.prove_running(tmp_path, "a/one")


@pytest.mark.parametrize(
    ("point", "record", "code"),
    [
        (TASK, run("failed", a_one="the process was killed (SIGKILL)"), 1),
        (ENGINE, run("failed", a_one="the engine has stopped, or no longer answers"), 1),
        (RUNNER, run("running", b_x=None), -signal.SIGKILL),
    ],
)
def test_a_record_that_names_the_kill_proves_it(point, record, code):
    killing.prove_killed(record, point, code, "then: lakewright run … --resume")


@pytest.mark.parametrize(
    ("point", "record", "code"),
    [
        (TASK, run("success", a_one=None), 0),
        (TASK, run("failed", a_one="a ValueError"), 1),
        (TASK, run("failed", b_x="the process was killed (SIGKILL)"), 1),
        (ENGINE, run("success", a_one=None), 0),
        (ENGINE, run("failed", b_x="the engine has stopped, or no longer answers"), 1),
        (ENGINE, run("failed", a_one="a ValueError"), 1),
        (RUNNER, run("success", a_one=None), 0),
        (RUNNER, run("running", a_one=None), -signal.SIGKILL),
        (RUNNER, run("failed", a_one="broken"), 1),
    ],
)
def test_a_record_that_does_not_name_the_kill_fails(point, record, code):
    with pytest.raises(killing.MissedError, match="does not say"):
        killing.prove_killed(record, point, code, "then: lakewright run … --resume")


def test_the_small_project_has_the_first_months_and_few_of_their_rows(tmp_path):
    project = make_small_flights(tmp_path / "flights")
    drops = sorted((project / "data" / "landing" / "flights").iterdir())
    whole = EXAMPLE / "data" / "landing" / "flights"
    assert [drop.name for drop in drops] == sorted(path.name for path in whole.iterdir())[:4]
    few, all_ = (
        gzip.decompress((folder / drops[0].name).read_bytes()).count(b"\n")
        for folder in (drops[0].parent, whole)
    )
    assert 100 < few < all_ / 7
